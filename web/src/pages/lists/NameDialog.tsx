// SPDX-License-Identifier: Apache-2.0
import { Field, Input } from "@fluentui/react-components";
import { useState } from "react";
import { ActDialog } from "../../parts/ActDialog";

interface Props {
  title: string;
  label: string;
  act: string;
  /** What the name is now; empty: it is made. */
  from?: string;
  why?: string;
  /** A second, optional field. */
  second?: { label: string; hint: string };
  perform: (name: string, second: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for the name of what is made or renamed. */
export function NameDialog({ title, label, act, from = "", why, second, perform, onClose }: Props) {
  const [name, setName] = useState(from);
  const [more, setMore] = useState("");
  const ready = name.trim() !== "" && name.trim() !== from;
  return (
    <ActDialog title={title} act={act} ready={ready} perform={() => perform(name.trim(), more.trim())} onClose={onClose}>
      {why && <p>{why}</p>}
      <Field label={label} required>
        <Input value={name} maxLength={100} autoComplete="off" onChange={(_, { value }) => setName(value)} onFocus={({ target }) => target.select()} />
      </Field>
      {second && (
        <Field label={second.label} hint={second.hint}>
          <Input value={more} autoComplete="off" onChange={(_, { value }) => setMore(value)} />
        </Field>
      )}
    </ActDialog>
  );
}

interface DeleteProps {
  title: string;
  why: string;
  act: string;
  keep: string;
  name: string;
  typeName: string;
  wrong: string;
  perform: () => Promise<void>;
  onClose: () => void;
}

/** Deletes only after the name was typed. */
export function DeleteDialog({ title, why, act, keep, name, typeName, wrong, perform, onClose }: DeleteProps) {
  const [typed, setTyped] = useState("");
  const right = typed === name;
  return (
    <ActDialog title={title} act={act} keep={keep} danger ready={right} perform={perform} onClose={onClose}>
      <p>{why}</p>
      <Field label={typeName} {...(typed.length >= name.length && !right && { validationMessage: wrong })}>
        <Input value={typed} autoComplete="off" spellCheck={false} onChange={(_, { value }) => setTyped(value)} />
      </Field>
    </ActDialog>
  );
}
