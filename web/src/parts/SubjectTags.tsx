// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Dismiss16Regular, People16Regular, Person16Regular, Warning16Filled } from "@fluentui/react-icons";
import type { Subject } from "../api/governed";
import { governance } from "../texts.governance";
import "./subjects.css";

const t = governance.subjects;

/** People and groups by name, each with its sign; what is gone is said to be. */
export function SubjectTags({ subjects, most = Infinity }: { subjects: readonly Subject[]; most?: number }) {
  const rest = subjects.slice(most);
  return (
    <ul className="subject-tags">
      {subjects.slice(0, most).map((subject) => <li key={subject.kind + subject.id} className="subject-tag" data-broken={subject.broken}><Named subject={subject} /></li>)}
      {rest.length > 0 && <li className="subject-tag" title={rest.map(({ name }) => name).join("\n")}>+{rest.length}</li>}
    </ul>
  );
}

export function Named({ subject: { kind, name, broken } }: { subject: Subject }) {
  const Icon = broken ? Warning16Filled : kind === "group" ? People16Regular : Person16Regular;
  return <><Icon aria-hidden="true" /><span>{name || t.goneOf[kind]}{broken && <em> · {t.broken}</em>}</span></>;
}

/** The same as a list, one under another, from which each can be taken. */
export function SubjectList({ subjects, onRemove }: { subjects: readonly Subject[]; onRemove: (subject: Subject) => void }) {
  const broken = subjects.filter((subject) => subject.broken).length;
  if (subjects.length === 0) return <p className="hint">{t.nobody}</p>;
  return (
    <>
      <ul className="subject-list" aria-label={t.listed}>
        {subjects.map((subject) => (
          <li key={subject.kind + subject.id} data-broken={subject.broken}>
            <Named subject={subject} />
            <Button appearance="subtle" size="small" icon={<Dismiss16Regular />} aria-label={t.remove(subject.name || t.goneOf[subject.kind])} onClick={() => onRemove(subject)} />
          </li>
        ))}
      </ul>
      {broken > 0 && <p className="hint">{t.brokenWhy(broken)}</p>}
    </>
  );
}
