// SPDX-License-Identifier: Apache-2.0
import { Button, Menu, MenuItem, MenuItemLink, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-components";
import {
  Alert20Regular, Checkmark16Regular, ChevronUpDown16Regular, Keyboard20Regular, Navigation20Regular, PersonSettings20Regular, SignOut20Regular,
} from "@fluentui/react-icons";
import { lazy, Suspense } from "react";
import { serverPath } from "../base";
import { Mark } from "../parts/small";
import { follow, Go } from "../router";
import type { Area, Crumb } from "../routes";
import { useLastCrumb } from "./crumb";
import { signOut, useOrganization, useSession } from "../session";
import { texts } from "../texts";

const Bell = lazy(() => import("../pages/Bell"));

interface Props { area: Area; crumbs: Crumb[]; onNavigation: () => void; onKeys: () => void }

export function TopBar({ area, crumbs, onNavigation, onKeys }: Props) {
  const organization = useOrganization();
  const last = useLastCrumb();
  const tokens = `/${encodeURIComponent(organization)}/_usersSettings/tokens`;
  return (
    <header className="top-bar">
      <Button className="open-navigation" appearance="subtle" icon={<Navigation20Regular />} aria-label={texts.shell.openNavigation} onClick={onNavigation} />
      <Go to={`/${encodeURIComponent(organization)}`} className="brand" aria-label={texts.product}>
        <Mark /><span>{texts.product}</span>
      </Go>
      <span className="slash" aria-hidden="true">/</span>
      <OrganizationSwitcher area={area} />
      <nav aria-label={texts.shell.breadcrumb} className="crumbs">
        <ol>
          {(last === undefined ? crumbs : [...crumbs, { text: last, to: undefined }]).map(({ text, to }, index) => (
            <li key={index}>
              {to === undefined ? <span aria-current="page">{text}</span> : <Go to={to}>{text}</Go>}
            </li>
          ))}
        </ol>
      </nav>
      <div className="top-actions">
        <Suspense fallback={<Button appearance="subtle" icon={<Alert20Regular />} disabled aria-label={texts.shell.notifications} />}><Bell /></Suspense>
        <Go to={tokens} className="icon-link" aria-label={texts.shell.userSettings} title={texts.shell.userSettings}><PersonSettings20Regular /></Go>
        <Account onKeys={onKeys} />
      </div>
    </header>
  );
}

function OrganizationSwitcher({ area }: { area: Area }) {
  const { organizations } = useSession();
  const current = useOrganization();
  const rest = { user: "/_usersSettings/tokens", settings: "/_settings/members" }[area as string] ?? "";
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button className="organization" appearance="subtle" icon={<ChevronUpDown16Regular />} iconPosition="after" aria-label={texts.shell.organization(current)}>
          {current}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList hasIcons>
          {organizations.map(({ id, name }) => {
            const to = `/${encodeURIComponent(name)}${rest}`;
            return (
              <MenuItemLink key={id} href={serverPath(to)} icon={name.toLowerCase() === current.toLowerCase() ? <Checkmark16Regular /> : <span />} onClick={(event) => follow(event, to)}>
                {name}
              </MenuItemLink>
            );
          })}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Account({ onKeys }: { onKeys: () => void }) {
  const { displayName, email } = useSession().user;
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        <button type="button" className="avatar" aria-label={texts.shell.account(displayName)}>{initials(displayName || email)}</button>
      </MenuTrigger>
      <MenuPopover className="account">
        <div className="account-who"><strong>{displayName}</strong><span>{email}</span></div>
        <MenuList>
          <MenuItem icon={<Keyboard20Regular />} onClick={onKeys}>{texts.shell.keys}</MenuItem>
          <MenuItem icon={<SignOut20Regular />} onClick={() => { void signOut(); }}>{texts.shell.signOut}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => Array.from(word ?? "")[0] ?? "").join("").toUpperCase();
}
