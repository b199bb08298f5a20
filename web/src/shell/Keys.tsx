// SPDX-License-Identifier: Apache-2.0
import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-components";
import { useFocusBack } from "../parts/useFocusBack";
import { texts } from "../texts";

/** The keys that do something everywhere. */
export default function Keys({ onClose }: { onClose: () => void }) {
  useFocusBack();
  const { title, search, newToken, help, escape, select, off } = texts.keys;
  const keys = [["/", search], ["n", newToken], ["?", help], ["Esc", escape], ["Space", select]] as const;
  return (
    <Dialog open onOpenChange={(_, { open }) => { if (!open) onClose(); }}>
      <DialogSurface className="keys">
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>
            <dl>{keys.map(([key, does]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div>)}</dl>
            <p className="hint">{off}</p>
          </DialogContent>
          <DialogActions><Button onClick={onClose}>{texts.common.close}</Button></DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
