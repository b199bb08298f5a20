// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Add20Regular, LinkAdd20Regular, LockOpen20Regular, People32Regular, PersonDelete20Regular, Prohibited20Regular, ShieldAdd20Regular, ShieldDismiss20Regular } from "@fluentui/react-icons";
import { useDeferredValue, useState } from "react";
import { editUser, inviteUser, removeUser, useUsers, type Invitation } from "../api/people";
import type { User } from "../api/types";
import { ActDialog } from "../parts/ActDialog";
import { useItemMenu, type Action } from "../parts/ItemMenu";
import { PageTitle } from "../parts/PageTitle";
import { When } from "../parts/small";
import { Empty, Failed, Refused, SkeletonRows } from "../parts/states";
import { useOrganization, useSession } from "../session";
import { texts } from "../texts";
import { governance } from "../texts.governance";
import { UsersTabs } from "./groups/UsersTabs";
import { ListSearch, NothingFound, useSought } from "./lists/ListSearch";
import { LinkDialog } from "./people/LinkDialog";
import { NewUser } from "./people/NewUser";
import { PersonState } from "./people/PersonState";
import "./lists/lists.css";

const t = texts.users;
type Asked = { act: "create" } | { act: "disable" | "promote" | "demote" | "remove"; user: User };
interface Link { name: string; invitation: Invitation; again: boolean }

/** All accounts of the server, for its administrators. */
export default function Users() {
  const { serverAdministrator } = useSession().user;
  const organization = useOrganization();
  const sought = useSought();
  const query = useUsers(useDeferredValue(sought), serverAdministrator);
  const [asked, setAsked] = useState<Asked>();
  const [link, setLink] = useState<Link>();
  const [refusal, setRefusal] = useState<unknown>();
  const users = query.data?.pages.flatMap(({ value }) => value);

  const act = (work: () => Promise<unknown>) => {
    setRefusal(undefined);
    work().catch(setRefusal);
  };
  const enable = (user: User) => act(() => editUser(user.id, { state: "enabled" }));
  const invite = (user: User) => act(async () => setLink({ name: user.displayName, invitation: await inviteUser(user.id), again: true }));

  if (!serverAdministrator) return <><h1 className="hidden">{t.title}</h1><div className="card"><Empty icon={<People32Regular />} title={t.denied} /></div></>;
  return (
    <>
      <PageTitle
        title={t.title}
        actions={
          <>
            <ListSearch label={t.search} />
            <Button appearance="primary" icon={<Add20Regular />} onClick={() => setAsked({ act: "create" })}><span className="long-text">{t.add}</span><span className="short-text">{t.addShort}</span></Button>
          </>
        }
      >
        {users && !query.hasNextPage && (sought ? t.introFound(users.length) : t.intro(users.length))}
      </PageTitle>
      <UsersTabs organization={organization} at="users" />
      <div className="notes stack">
        {query.error && <Failed query={query} />}
        {refusal !== undefined && <Refused error={refusal} />}
      </div>
      <div className={query.error && users ? "card list stale" : "card list"}>
        {!users ? query.isPending && <SkeletonRows rows={6} />
          : users.length === 0 ? <NothingFound text={t.none(sought)} clear={t.clear} />
          : <Table users={users} onAsk={setAsked} onEnable={enable} onInvite={invite} />}
        {query.hasNextPage && (
          <div className="list-foot"><Button appearance="subtle" disabled={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>{t.more}</Button></div>
        )}
      </div>
      {asked?.act === "create" ? (
        <NewUser organization={organization} onInvited={(name, invitation) => setLink({ name, invitation, again: false })} onClose={() => setAsked(undefined)} />
      ) : asked && <Ask act={asked.act} user={asked.user} onClose={() => setAsked(undefined)} />}
      {link && <LinkDialog {...link} onClose={() => setLink(undefined)} />}
    </>
  );
}

interface TableProps { users: User[]; onAsk: (asked: Asked) => void; onEnable: (user: User) => void; onInvite: (user: User) => void }

function Table({ users, onAsk, onEnable, onInvite }: TableProps) {
  const me = useSession().user.id;
  const { button, menu } = useItemMenu<User>(({ displayName }) => t.actions(displayName), (user) => {
    const actions: Action[] = [];
    if (user.state !== "disabled") actions.push({ text: user.state === "invited" ? t.newLink : t.resetLink, icon: <LinkAdd20Regular />, onPick: () => onInvite(user) });
    actions.push(user.serverAdministrator
      ? { text: t.endAdministrator, icon: <ShieldDismiss20Regular />, onPick: () => onAsk({ act: "demote", user }) }
      : { text: t.makeAdministrator, icon: <ShieldAdd20Regular />, onPick: () => onAsk({ act: "promote", user }) });
    actions.push(user.state === "disabled"
      ? { text: t.enable, icon: <LockOpen20Regular />, onPick: () => onEnable(user) }
      : { text: t.disable, icon: <Prohibited20Regular />, onPick: () => onAsk({ act: "disable", user }) });
    if (user.id !== me) actions.push({ text: governance.users.remove, icon: <PersonDelete20Regular />, onPick: () => onAsk({ act: "remove", user }) });
    return actions;
  });
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col" className="w-state">{t.state}</th>
            <th scope="col" className="w-role from-wide">{t.organizations}</th>
            <th scope="col" className="w-date from-medium">{t.lastSignIn}</th>
            <th scope="col" className="w-few figure from-wide">{t.tokens}</th>
            <th scope="col" className="w-menu"><span className="hidden">{t.actionsHead}</span></th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.id}>
              <td>
                <div className="name">
                  <span>
                    <strong className={user.state === "disabled" ? "off" : undefined}>{user.displayName}{user.id === me && <span className="you">{t.you}</span>}</strong>
                    <span className="two clip" title={user.email}>{user.email}{user.serverAdministrator && ` · ${t.administrator}`}</span>
                  </span>
                </div>
              </td>
              <td><PersonState state={user.state} /></td>
              <td className="from-wide clip" title={user.organizations.map(({ name, role }) => `${name}: ${texts.members.roles[role]}`).join("\n")}>
                {user.organizations.map(({ name }) => name).join(", ") || <span className="off">{t.noOrganizations}</span>}
              </td>
              <td className="from-medium">{user.signedInAt ? <When at={user.signedInAt} /> : <span className="off">{t.never}</span>}</td>
              <td className="figure from-wide">{user.liveTokens.toLocaleString()}</td>
              <td><div className="row-actions">{button(user)}</div></td>
            </tr>
          ))}
        </tbody>
      </table>
      {menu}
    </>
  );
}

function Ask({ act, user: { id, displayName, liveTokens }, onClose }: { act: "disable" | "promote" | "demote" | "remove"; user: User; onClose: () => void }) {
  const edit = (change: Parameters<typeof editUser>[1]) => async () => { await editUser(id, change); };
  switch (act) {
    case "disable":
      return <ActDialog title={t.disableTitle(displayName)} act={t.disableDo} keep={t.keep} danger perform={edit({ state: "disabled" })} onClose={onClose}><p>{t.disableWhy(liveTokens)}</p></ActDialog>;
    case "promote":
      return <ActDialog title={t.administratorTitle(displayName)} act={t.administratorDo} perform={edit({ serverAdministrator: true })} onClose={onClose}><p>{t.administratorWhy}</p></ActDialog>;
    case "demote":
      return <ActDialog title={t.demoteTitle(displayName)} act={t.demoteDo} danger perform={edit({ serverAdministrator: false })} onClose={onClose}><p>{t.demoteWhy}</p></ActDialog>;
    case "remove":
      return (
        <ActDialog title={governance.users.removeTitle(displayName)} act={governance.users.removeDo} keep={governance.users.keep} danger perform={async () => { await removeUser(id); }} onClose={onClose}>
          <p>{governance.users.removeWhy(liveTokens)}</p>
        </ActDialog>
      );
  }
}
