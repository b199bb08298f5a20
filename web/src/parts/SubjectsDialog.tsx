// SPDX-License-Identifier: Apache-2.0
import { useState, type ReactNode } from "react";
import { without } from "../api/groups";
import type { Of, Subject } from "../api/governed";
import { governance } from "../texts.governance";
import { ActDialog } from "./ActDialog";
import { SubjectPicker } from "./SubjectPicker";
import { SubjectList } from "./SubjectTags";

interface Props {
  of: Of;
  title: string;
  children: ReactNode;
  subjects: readonly Subject[];
  act?: string;
  perform: (subjects: Subject[]) => Promise<void>;
  onClose: () => void;
}

/** Names people and groups, for an exception or an allow list. */
export function SubjectsDialog({ of, title, children, subjects, act = governance.subjects.done, perform, onClose }: Props) {
  const [chosen, setChosen] = useState<Subject[]>([...subjects]);
  return (
    <ActDialog title={title} act={act} perform={() => perform(chosen)} onClose={onClose}>
      {children}
      <SubjectPicker of={of} chosen={chosen} hint={governance.subjects.hint} onPick={(subject) => setChosen([...chosen, subject])} />
      <SubjectList subjects={chosen} onRemove={(subject) => setChosen(without(chosen, subject))} />
    </ActDialog>
  );
}
