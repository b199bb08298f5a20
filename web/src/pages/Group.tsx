// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Delete20Regular, Edit20Regular, PeopleTeam32Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { Failure } from "../api/client";
import { addToGroup, removeFromGroup, useGroup, useGroupMembers, type GroupMember } from "../api/groups";
import { PageTitle } from "../parts/PageTitle";
import { Empty, Failed, Refused, SkeletonRows } from "../parts/states";
import { SubjectPicker } from "../parts/SubjectPicker";
import { Go, navigate } from "../router";
import { useCrumb } from "../shell/crumb";
import { texts } from "../texts";
import { governance } from "../texts.governance";
import { DeleteGroup, GroupForm } from "./groups/GroupDialogs";
import { useGroupsPlace } from "./groups/place";
import { PersonState } from "./people/PersonState";
import "./groups/groups.css";
import "./lists/lists.css";

const t = governance.groups;

/** One group and who is in it. */
export default function GroupPage() {
  const { of, home, id = "" } = useGroupsPlace();
  const group = useGroup(of, id);
  const members = useGroupMembers(of, id);
  const [asked, setAsked] = useState<"edit" | "delete">();
  const [refusal, setRefusal] = useState<unknown>();
  const [said, setSaid] = useState("");
  const people = members.data?.pages.flatMap(({ value }) => value);
  useCrumb(group.data?.name);

  const act = async (work: Promise<unknown>, done: string) => {
    setRefusal(undefined);
    try {
      await work;
      setSaid(done);
    } catch (failure) {
      setRefusal(failure);
    }
  };
  if (group.error instanceof Failure && group.error.status === 404) {
    return (
      <>
        <h1 className="hidden">{t.gone}</h1>
        <div className="card"><Empty icon={<PeopleTeam32Regular />} title={t.gone} actions={<Go className="link" to={home}>{t.toGroups}</Go>}>{t.goneWhy}</Empty></div>
      </>
    );
  }
  return (
    <>
      <PageTitle
        title={group.data?.name ?? t.title}
        actions={group.data && (
          <>
            <Button icon={<Edit20Regular />} onClick={() => setAsked("edit")}>{t.edit}</Button>
            <Button icon={<Delete20Regular />} onClick={() => setAsked("delete")}>{t.remove}</Button>
          </>
        )}
      >
        {group.data && [group.data.description, t.membersOf(group.data.members)].filter(Boolean).join(" · ")}
      </PageTitle>
      <div className="notes stack">
        {group.error && <Failed query={group} />}
        {members.error && <Failed query={members} />}
        {refusal !== undefined && <Refused error={refusal} />}
      </div>
      <p role="status" className="hidden">{said}</p>
      <div className={members.error && people ? "card list stale" : "card list"}>
        <div className="add-person">
          <SubjectPicker of={of} people chosen={(people ?? []).map((person) => ({ kind: "user" as const, id: person.id }))} onPick={({ id: person, name }) => { void act(addToGroup(of, id, person), t.added(name)); }} />
        </div>
        {!people ? members.isPending && <SkeletonRows rows={4} />
          : people.length === 0 ? <Empty icon={<PeopleTeam32Regular />} title={t.noMembers}>{t.noMembersWhy}</Empty>
          : <Table people={people} onRemove={(person) => { void act(removeFromGroup(of, id, person.id), t.removed(person.displayName)); }} />}
        {members.hasNextPage && (
          <div className="list-foot"><Button appearance="subtle" disabled={members.isFetchingNextPage} onClick={() => { void members.fetchNextPage(); }}>{texts.users.more}</Button></div>
        )}
      </div>
      {asked === "edit" && group.data && <GroupForm of={of} group={group.data} onClose={() => setAsked(undefined)} />}
      {asked === "delete" && group.data && <DeleteGroup of={of} group={group.data} onDeleted={() => navigate(home)} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function Table({ people, onRemove }: { people: GroupMember[]; onRemove: (person: GroupMember) => void }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t.person}</th>
          <th scope="col" className="w-state from-medium">{t.state}</th>
          <th scope="col" className="w-clone"><span className="hidden">{t.actionsHead}</span></th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr key={person.id}>
            <td>
              <div className="name">
                <span><strong>{person.displayName}</strong><span className="two clip" title={person.email}>{person.email}</span></span>
              </div>
            </td>
            <td className="from-medium"><PersonState state={person.state} /></td>
            <td><div className="row-actions"><Button size="small" aria-label={governance.subjects.remove(person.displayName)} onClick={() => onRemove(person)}>{t.removeMember}</Button></div></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
