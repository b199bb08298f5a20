// SPDX-License-Identifier: Apache-2.0
import { Menu, MenuDivider, MenuItem, MenuItemLink, MenuList, MenuPopover } from "@fluentui/react-components";
import { ArrowSync20Regular, Copy20Regular, Edit20Regular, Open20Regular, Prohibited20Regular } from "@fluentui/react-icons";
import type { Token } from "../../api/types";
import { serverPath } from "../../base";
import { follow } from "../../router";
import { parts, type Part } from "../../routes";
import { texts } from "../../texts";
import { isLive } from "./list";

export interface OpenMenu { token: Token; button: HTMLElement }

interface Props {
  open: OpenMenu;
  onClose: () => void;
  pathOf: (token: Token, action?: string) => string;
  behind: string;
}

/** The one menu of the whole table, at the button that was pressed. */
export default function RowMenu({ open, onClose, pathOf, behind }: Props) {
  const { token, button } = open;
  const action = (name: "edit" | "regenerate" | "revoke", icon: React.JSX.Element, part: Part) => (
    <MenuItemLink href={serverPath(pathOf(token, name))} icon={icon} onMouseEnter={part.fetch} onFocus={part.fetch} onClick={(event) => { button.focus(); follow(event, pathOf(token, name), behind); }}>
      {texts.tokens[name]}
    </MenuItemLink>
  );
  return (
    <Menu open onOpenChange={(_, { open: stays }) => { if (!stays) { onClose(); button.focus(); } }} positioning={{ target: button, position: "below", align: "end" }}>
      <MenuPopover>
        <MenuList aria-label={texts.tokens.actionsFor(token.name)}>
          <MenuItemLink href={serverPath(pathOf(token))} icon={<Open20Regular />} onClick={(event) => follow(event, pathOf(token))}>{texts.tokens.open}</MenuItemLink>
          <MenuItem icon={<Copy20Regular />} onClick={() => { navigator.clipboard.writeText(token.fingerprint).catch(() => undefined); }}>{texts.tokens.copyFingerprint}</MenuItem>
          {isLive(token) && (
            <>
              <MenuDivider />
              {action("edit", <Edit20Regular />, parts.edit)}
              {action("regenerate", <ArrowSync20Regular />, parts.regenerate)}
              {action("revoke", <Prohibited20Regular />, parts.revoke)}
            </>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
