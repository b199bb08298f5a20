// SPDX-License-Identifier: Apache-2.0
import { Combobox, Field, Option, OptionGroup } from "@fluentui/react-components";
import { People20Regular, Person20Regular } from "@fluentui/react-icons";
import { useDeferredValue, useState } from "react";
import { useGroups } from "../api/groups";
import { isSame, type Of, type Subject, type SubjectRef } from "../api/governed";
import { useMembers, useUsers } from "../api/people";
import { governance } from "../texts.governance";
import "./subjects.css";

const t = governance.subjects;
const most = 8;

interface Props {
  of: Of;
  /** Only people: groups hold no groups. */
  people?: boolean;
  chosen: readonly SubjectRef[];
  label?: string;
  hint?: string;
  onPick: (subject: Subject) => void;
}

/** Finds people and groups by name or email, and gives on the one that is picked. */
export function SubjectPicker({ of, people = false, chosen, label = people ? t.addPerson : t.add, hint, onPick }: Props) {
  const [text, setText] = useState("");
  // Opens for pasted text too, which presses no key.
  const [open, setOpen] = useState(false);
  const q = useDeferredValue(text.trim());
  const found = useFound(of, q, people).filter(({ subject }) => !chosen.some((other) => isSame(other, subject)));
  const groups = found.filter(({ subject }) => subject.kind === "group").slice(0, most);
  const persons = found.filter(({ subject }) => subject.kind === "user").slice(0, most);
  const option = ({ subject, hint: under }: Found) => (
    <Option key={subject.kind + subject.id} value={`${subject.kind}/${subject.id}`} text={subject.name}>
      <span className="subject-option">
        {subject.kind === "group" ? <People20Regular aria-hidden="true" /> : <Person20Regular aria-hidden="true" />}
        <span>{subject.name}<span className="hint">{under}</span></span>
      </span>
    </Option>
  );
  return (
    <Field label={label} {...(hint && { hint })}>
      <Combobox
        className="subject-picker"
        freeform
        autoComplete="off"
        value={text}
        selectedOptions={[]}
        open={open}
        onOpenChange={(_, { open: wanted }) => setOpen(wanted)}
        onChange={({ target }) => { setText(target.value); setOpen(true); }}
        onOptionSelect={(_, { optionValue }) => {
          const picked = found.find(({ subject }) => `${subject.kind}/${subject.id}` === optionValue);
          if (!picked) return;
          setText("");
          setOpen(false);
          onPick(picked.subject);
        }}
      >
        {groups.length > 0 && <OptionGroup label={t.groups}>{groups.map(option)}</OptionGroup>}
        {persons.length > 0 && <OptionGroup label={t.people}>{persons.map(option)}</OptionGroup>}
        {groups.length + persons.length === 0 && <Option key="none" value="" text="" disabled>{t.none(q)}</Option>}
      </Combobox>
    </Field>
  );
}

interface Found { subject: Subject; hint: string }

function useFound(of: Of, q: string, people: boolean): Found[] {
  const groups = useGroups(of, !people);
  const members = useMembers(of ?? "", q, of !== undefined);
  const users = useUsers(q, of === undefined);
  const wanted = q.toLocaleLowerCase();
  const persons = of === undefined ? users.data?.pages.flatMap(({ value }) => value) : members.data?.pages.flatMap(({ value }) => value.map(({ user }) => user));
  const named = people ? [] : (groups.data?.pages.flatMap(({ value }) => value) ?? []).filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  return [
    ...named.map(({ id, name, members: number }) => ({ subject: { kind: "group" as const, id, name, broken: false }, hint: t.members(number) })),
    ...(persons ?? []).map(({ id, displayName, email }) => ({ subject: { kind: "user" as const, id, name: displayName, broken: false }, hint: email })),
  ];
}
