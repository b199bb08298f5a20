// SPDX-License-Identifier: Apache-2.0
import { Field, Input } from "@fluentui/react-components";
import { useState } from "react";
import { createGroup, deleteGroup, editGroup, type Group } from "../../api/groups";
import type { Of } from "../../api/governed";
import { ActDialog } from "../../parts/ActDialog";
import { governance } from "../../texts.governance";

const t = governance.groups;

/** Makes a group, or changes what it is called. */
export function GroupForm({ of, group, onClose }: { of: Of; group?: Group; onClose: () => void }) {
  const [name, setName] = useState(group?.name ?? "");
  const [description, setDescription] = useState(group?.description ?? "");
  const perform = async () => {
    if (group) await editGroup(of, group.id, { name: name.trim(), description: description.trim() });
    else await createGroup(of, name.trim(), description.trim());
  };
  return (
    <ActDialog title={group ? t.editTitle(group.name) : t.createTitle} act={group ? governance.subjects.save : t.create} ready={name.trim() !== ""} perform={perform} onClose={onClose}>
      <Field label={t.name} required>
        <Input value={name} maxLength={100} autoComplete="off" onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field label={t.description} hint={t.optional}>
        <Input value={description} maxLength={200} autoComplete="off" onChange={(_, { value }) => setDescription(value)} />
      </Field>
    </ActDialog>
  );
}

export function DeleteGroup({ of, group, onDeleted, onClose }: { of: Of; group: Group; onDeleted?: () => void; onClose: () => void }) {
  const perform = async () => {
    await deleteGroup(of, group.id);
    onDeleted?.();
  };
  return (
    <ActDialog title={t.removeTitle(group.name)} act={t.removeDo} keep={t.keep} danger perform={perform} onClose={onClose}>
      <p>{t.removeWhy}</p>
    </ActDialog>
  );
}
