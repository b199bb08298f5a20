// SPDX-License-Identifier: Apache-2.0
import { Menu, MenuItem, MenuItemLink, MenuList, MenuPopover } from "@fluentui/react-components";
import { Checkmark16Regular, Keyboard20Regular, SignOut20Regular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { serverPath } from "../base";
import { follow } from "../router";
import type { Area } from "../routes";
import { signOut, useOrganization, useSession } from "../session";
import { texts } from "../texts";

interface Opened { target: HTMLElement; onClose: () => void }

export function OrganizationMenu({ area, target, onClose }: Opened & { area: Area }) {
  const { organizations } = useSession();
  const current = useOrganization();
  const rest = area === "user" ? "/_usersSettings/tokens" : area === "settings" ? "/_settings/members" : "";
  return (
    <At target={target} onClose={onClose} align="start">
      <MenuList aria-label={texts.shell.organizations}>
        {organizations.map(({ id, name }) => {
          const to = `/${encodeURIComponent(name)}${rest}`;
          const isCurrent = name.toLowerCase() === current.toLowerCase();
          return (
            <MenuItemLink key={id} href={serverPath(to)} aria-current={isCurrent} icon={isCurrent ? <Checkmark16Regular /> : <span />} onClick={(event) => follow(event, to)}>
              {name}
            </MenuItemLink>
          );
        })}
      </MenuList>
    </At>
  );
}

export function AccountMenu({ target, onClose, onKeys }: Opened & { onKeys: () => void }) {
  const { displayName, email } = useSession().user;
  return (
    <At target={target} onClose={onClose} align="end">
      <div className="account-who"><strong>{displayName}</strong><span>{email}</span></div>
      <MenuList aria-label={`${displayName}, ${email}`}>
        <MenuItem icon={<Keyboard20Regular />} onClick={onKeys}>{texts.shell.keys}</MenuItem>
        <MenuItem icon={<SignOut20Regular />} onClick={() => { void signOut(); }}>{texts.shell.signOut}</MenuItem>
      </MenuList>
    </At>
  );
}

function At({ target, onClose, align, children }: Opened & { align: "start" | "end"; children: ReactNode }) {
  return (
    <Menu open hasIcons onOpenChange={(_, { open }) => { if (!open) onClose(); }} positioning={{ target, position: "below", align }}>
      <MenuPopover className="account">{children}</MenuPopover>
    </Menu>
  );
}
