// SPDX-License-Identifier: Apache-2.0
import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-components";
import { useState, type FormEvent, type ReactNode } from "react";
import { texts } from "../texts";
import { Refused } from "./states";
import { useFocusBack } from "./useFocusBack";
import "./act.css";

interface Props {
  title: string;
  children: ReactNode;
  /** What the button does, and does it; a refusal is shown, and nothing typed is lost. */
  act: string;
  perform: () => Promise<void>;
  /** false: the button waits for what is missing. */
  ready?: boolean;
  /** For what cannot be undone: red, and the focus begins on the harmless button. */
  danger?: boolean;
  keep?: string;
  onClose: () => void;
}

/** A question or a short form, with one act. Closes when the act is done. */
export function ActDialog({ title, children, act, perform, ready = true, danger = false, keep = texts.common.cancel, onClose }: Props) {
  useFocusBack();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || !ready) return;
    setBusy(true);
    setError(undefined);
    try {
      await perform();
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog open modalType={danger ? "alert" : "modal"} onOpenChange={(_, { open }) => { if (!open && !busy) onClose(); }}>
      <DialogSurface className="act-dialog">
        <form onSubmit={(event) => { void submit(event); }} noValidate>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className="stack">
              {children}
              <Refused error={error} />
            </DialogContent>
            <DialogActions fluid>
              <Button onClick={onClose} disabled={busy}>{keep}</Button>
              <Button type="submit" appearance="primary" className={danger ? "danger" : undefined} disabled={busy || !ready}>{act}</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
