// SPDX-License-Identifier: Apache-2.0
import { Button, Menu, MenuItem, MenuList, MenuPopover } from "@fluentui/react-components";
import { MoreHorizontal20Regular } from "@fluentui/react-icons";
import { useState, type ReactElement } from "react";

export interface Action { text: string; icon: ReactElement; onPick: () => void }

/** One menu for a whole list, at the button that was pressed: `button(item)` for each row, `menu` once. */
export function useItemMenu<Item>(labelOf: (item: Item) => string, actionsOf: (item: Item) => Action[]) {
  const [open, setOpen] = useState<{ item: Item; at: HTMLElement }>();
  const close = () => {
    setOpen(undefined);
    open?.at.focus();
  };
  const button = (item: Item) => (
    <Button
      appearance="subtle"
      icon={<MoreHorizontal20Regular />}
      aria-label={labelOf(item)}
      aria-haspopup="menu"
      aria-expanded={open?.item === item}
      onClick={({ currentTarget }) => setOpen({ item, at: currentTarget })}
    />
  );
  const menu = open && (
    <Menu open onOpenChange={(_, { open: stays }) => { if (!stays) close(); }} positioning={{ target: open.at, position: "below", align: "end" }}>
      <MenuPopover>
        <MenuList aria-label={labelOf(open.item)}>
          {actionsOf(open.item).map(({ text, icon, onPick }) => <MenuItem key={text} icon={icon} onClick={onPick}>{text}</MenuItem>)}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
  return { button, menu };
}
