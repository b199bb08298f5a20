// SPDX-License-Identifier: Apache-2.0
import { Button, Field, Input } from "@fluentui/react-components";
import { Add20Regular, PersonDelete20Regular } from "@fluentui/react-icons";
import { useDeferredValue, useState } from "react";
import { removeMember, setMember, useMembers } from "../api/people";
import type { Member, Role } from "../api/types";
import { ActDialog } from "../parts/ActDialog";
import { useItemMenu } from "../parts/ItemMenu";
import { PageTitle } from "../parts/PageTitle";
import { Failed, Refused, SkeletonRows } from "../parts/states";
import { useOrganization, useSession } from "../session";
import { texts } from "../texts";
import { ListSearch, NothingFound, useSought } from "./lists/ListSearch";
import { PersonState } from "./people/PersonState";
import { RoleSelect } from "./people/RoleSelect";
import "./lists/lists.css";

const t = texts.members;

/** Who works in the organization, and in which role. */
export default function Members() {
  const organization = useOrganization();
  const sought = useSought();
  const query = useMembers(organization, useDeferredValue(sought));
  const [asked, setAsked] = useState<"add" | Member>();
  const [refusal, setRefusal] = useState<unknown>();
  const [said, setSaid] = useState("");
  const members = query.data?.pages.flatMap(({ value }) => value);

  const change = async ({ user }: Member, role: Role) => {
    setRefusal(undefined);
    try {
      await setMember(organization, user.id, role);
      setSaid(t.changed(user.displayName, t.roles[role]));
    } catch (failure) {
      setRefusal(failure);
    }
  };
  return (
    <>
      <PageTitle
        title={t.title}
        actions={
          <>
            <ListSearch label={t.search} />
            <Button appearance="primary" icon={<Add20Regular />} onClick={() => setAsked("add")}><span className="long-text">{t.add}</span><span className="short-text">{t.addShort}</span></Button>
          </>
        }
      >
        {members && !query.hasNextPage && !sought && t.intro(members.length, organization)}
      </PageTitle>
      <div className="notes stack">
        {query.error && <Failed query={query} />}
        {refusal !== undefined && <Refused error={refusal} />}
      </div>
      <p role="status" className="hidden">{said}</p>
      <div className={query.error && members ? "card list stale" : "card list"}>
        {!members ? query.isPending && <SkeletonRows rows={5} />
          : members.length === 0 ? <NothingFound text={t.none(sought)} clear={t.clear} />
          : <Table members={members} onRole={(member, role) => { void change(member, role); }} onRemove={setAsked} />}
        {query.hasNextPage && (
          <div className="list-foot"><Button appearance="subtle" disabled={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>{texts.users.more}</Button></div>
        )}
      </div>
      {asked === "add" ? <AddMember organization={organization} onClose={() => setAsked(undefined)} />
        : asked && (
          <ActDialog
            title={t.removeTitle(asked.user.displayName)}
            act={t.removeDo}
            keep={t.keep}
            danger
            perform={async () => { await removeMember(organization, asked.user.id); }}
            onClose={() => setAsked(undefined)}
          >
            <p>{t.removeWhy}</p>
          </ActDialog>
        )}
    </>
  );
}

function Table({ members, onRole, onRemove }: { members: Member[]; onRole: (member: Member, role: Role) => void; onRemove: (member: Member) => void }) {
  const me = useSession().user.id;
  const { button, menu } = useItemMenu<Member>(({ user }) => texts.users.actions(user.displayName), (member) => [
    { text: t.remove, icon: <PersonDelete20Regular />, onPick: () => onRemove(member) },
  ]);
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col" className="w-state from-medium">{texts.users.state}</th>
            <th scope="col" className="w-role">{t.role}</th>
            <th scope="col" className="w-menu"><span className="hidden">{t.actionsHead}</span></th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => {
            const { user, role } = member;
            return (
              <tr key={user.id}>
                <td>
                  <div className="name">
                    <span>
                      <strong>{user.displayName}{user.id === me && <span className="you">{t.you}</span>}</strong>
                      <span className="two clip" title={user.email}>{user.email}</span>
                    </span>
                  </div>
                </td>
                <td className="from-medium"><PersonState state={user.state} /></td>
                <td><RoleSelect role={role} label={t.roleOf(user.displayName)} onChange={(to) => onRole(member, to)} /></td>
                <td><div className="row-actions">{button(member)}</div></td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {menu}
    </>
  );
}

function AddMember({ organization, onClose }: { organization: string; onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("contributor");
  return (
    <ActDialog title={t.addTitle} act={t.add} ready={email.trim() !== ""} perform={async () => { await setMember(organization, email.trim(), role); }} onClose={onClose}>
      <Field label={texts.users.email} hint={t.onlyServer} required>
        <Input type="email" value={email} autoComplete="off" onChange={(_, { value }) => setEmail(value)} />
      </Field>
      <Field label={t.role} hint={t.roleHints[role]}><RoleSelect role={role} onChange={setRole} /></Field>
    </ActDialog>
  );
}
