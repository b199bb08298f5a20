// SPDX-License-Identifier: Apache-2.0
import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-components";
import type { Invitation } from "../../api/people";
import { moment } from "../../dates";
import { CopyButton } from "../../parts/CopyButton";
import { useFocusBack } from "../../parts/useFocusBack";
import { texts } from "../../texts";
import "../../parts/act.css";

interface Props { name: string; invitation: Invitation; again: boolean; onClose: () => void }

/** Shows an invitation link, once: it lets whoever has it choose the password. */
export function LinkDialog({ name, invitation, again, onClose }: Props) {
  useFocusBack();
  return (
    <Dialog open modalType="alert">
      <DialogSurface className="act-dialog">
        <DialogBody>
          <DialogTitle>{texts.users.linkTitle}</DialogTitle>
          <DialogContent className="stack">
            <p><strong>{texts.users.linkFor(name)}</strong></p>
            <p>{texts.users.linkWhy(moment(invitation.endsAt))}{again && ` ${texts.users.linkOld}`}</p>
            <div role="group" aria-label={texts.users.linkTitle} className="link-box mono" translate="no">{invitation.url}</div>
          </DialogContent>
          <DialogActions fluid>
            <CopyButton text={() => invitation.url} label={texts.users.copyLink} appearance="primary" />
            <Button onClick={onClose}>{texts.users.done}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
