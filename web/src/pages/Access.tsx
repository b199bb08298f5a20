// SPDX-License-Identifier: Apache-2.0
import { Button, Field } from "@fluentui/react-components";
import { Add20Regular, Dismiss16Regular, PersonKey20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { endProjectRole, setProjectRole, useProjectRoles, type ProjectRole } from "../api/groups";
import type { Subject } from "../api/governed";
import { useProjects } from "../api/projects";
import type { Role } from "../api/types";
import { ActDialog } from "../parts/ActDialog";
import { usePhone } from "../parts/media";
import { PageTitle } from "../parts/PageTitle";
import { Empty, Failed, Refused, SkeletonRows } from "../parts/states";
import { SubjectPicker } from "../parts/SubjectPicker";
import { Named, SubjectList } from "../parts/SubjectTags";
import { usePlace } from "../router";
import { useOrganization, useRole, useSession } from "../session";
import { texts } from "../texts";
import { governance } from "../texts.governance";
import { RoleSelect } from "./people/RoleSelect";
import "./lists/lists.css";

const t = governance.roles;

/** Who has a role of their own on a project. */
export default function Access() {
  const organization = useOrganization();
  const administers = useRole() === "administrator" || useSession().user.serverAdministrator;
  const name = usePlace().segments[1] ?? "";
  const projects = useProjects(organization);
  const project = projects.data?.find((one) => one.name.toLocaleLowerCase() === name.toLocaleLowerCase());
  const id = project?.id ?? "";
  const query = useProjectRoles(organization, id, administers && project !== undefined);
  const [adding, setAdding] = useState(false);
  const [refusal, setRefusal] = useState<unknown>();
  const [said, setSaid] = useState("");
  const act = async (work: Promise<unknown>, done: string) => {
    setRefusal(undefined);
    try {
      await work;
      setSaid(done);
    } catch (failure) {
      setRefusal(failure);
    }
  };
  if (!administers || (projects.data && !project)) {
    return (
      <>
        <h1 className="hidden">{t.title}</h1>
        <div className="card"><Empty icon={<PersonKey20Regular />} title={administers ? texts.repositories.noProject : t.notYours}>{administers && texts.repositories.noProjectWhy}</Empty></div>
      </>
    );
  }
  const add = <Button appearance="primary" icon={<Add20Regular />} disabled={!project} onClick={() => setAdding(true)}><span className="long-text">{t.add}</span><span className="short-text">{t.addShort}</span></Button>;
  return (
    <>
      <PageTitle title={t.title} tab={`${t.title} – ${name}`} actions={add}>{t.intro(name)}</PageTitle>
      <div className="notes stack">
        {projects.error && <Failed query={projects} />}
        {query.error && <Failed query={query} />}
        {refusal !== undefined && <Refused error={refusal} />}
      </div>
      <p role="status" className="hidden">{said}</p>
      <div className={query.error && query.data ? "card list stale" : "card list"}>
        {!query.data ? query.isPending && !projects.error && <SkeletonRows rows={4} />
          : query.data.length === 0 ? <Empty icon={<PersonKey20Regular />} title={t.empty} actions={add}>{t.emptyWhy}</Empty>
          : (
            <Table
              roles={query.data}
              onRole={({ subject }, role) => { void act(setProjectRole(organization, id, subject, role), t.changed(subject.name, texts.members.roles[role])); }}
              onRemove={({ subject }) => { void act(endProjectRole(organization, id, subject), ""); }}
            />
          )}
      </div>
      {adding && <AddRole organization={organization} project={id} taken={query.data ?? []} onClose={() => setAdding(false)} />}
    </>
  );
}

interface TableProps { roles: ProjectRole[]; onRole: (of: ProjectRole, role: Role) => void; onRemove: (of: ProjectRole) => void }

function Table({ roles, onRole, onRemove }: TableProps) {
  const phone = usePhone();
  return (
    <table className="table roles">
      <thead>
        <tr>
          <th scope="col">{t.who}</th>
          <th scope="col" className="w-role">{t.role}</th>
          <th scope="col" className="w-few"><span className="hidden">{governance.groups.actionsHead}</span></th>
        </tr>
      </thead>
      <tbody>
        {roles.map((one) => {
          const { subject, role } = one;
          return (
            <tr key={subject.kind + subject.id}>
              <td><div className="subject-option" data-broken={subject.broken}><Named subject={subject} /></div></td>
              <td><RoleSelect role={role} label={t.roleOf(subject.name)} disabled={subject.broken} onChange={(to) => onRole(one, to)} /></td>
              <td><div className="row-actions"><Button size="small" aria-label={t.removeOf(subject.name)} icon={phone ? <Dismiss16Regular /> : undefined} onClick={() => onRemove(one)}>{phone ? undefined : t.remove}</Button></div></td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function AddRole({ organization, project, taken, onClose }: { organization: string; project: string; taken: ProjectRole[]; onClose: () => void }) {
  const [subject, setSubject] = useState<Subject>();
  const [role, setRole] = useState<Role>("contributor");
  const perform = async () => {
    if (subject) await setProjectRole(organization, project, subject, role);
  };
  return (
    <ActDialog title={t.add} act={t.add} ready={subject !== undefined} perform={perform} onClose={onClose}>
      {subject
        ? <SubjectList subjects={[subject]} onRemove={() => setSubject(undefined)} />
        : <SubjectPicker of={organization} label={t.choose} chosen={taken.map((one) => one.subject)} onPick={setSubject} />}
      <Field label={t.role} hint={t.hints[role]}><RoleSelect role={role} onChange={setRole} /></Field>
    </ActDialog>
  );
}
