// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Add20Regular, Delete20Regular, Edit20Regular, PeopleTeam20Regular, PeopleTeam32Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { useGroups, type Group } from "../api/groups";
import { shortDate } from "../dates";
import { useItemMenu } from "../parts/ItemMenu";
import { PageTitle } from "../parts/PageTitle";
import { When } from "../parts/small";
import { Empty, Failed, SkeletonRows } from "../parts/states";
import { Go } from "../router";
import { parts } from "../routes";
import { texts } from "../texts";
import { governance } from "../texts.governance";
import { DeleteGroup, GroupForm } from "./groups/GroupDialogs";
import { useGroupsPlace } from "./groups/place";
import { UsersTabs } from "./groups/UsersTabs";
import { ListSearch, matches, NothingFound, useSought } from "./lists/ListSearch";
import "./groups/groups.css";
import "./lists/lists.css";

const t = governance.groups;
type Asked = { act: "create" } | { act: "edit" | "delete"; group: Group };

/** Groups of people, of the organization or of the server. */
export default function Groups() {
  const { of, organization, home } = useGroupsPlace();
  const query = useGroups(of);
  const sought = useSought();
  const [asked, setAsked] = useState<Asked>();
  const groups = query.data?.pages.flatMap(({ value }) => value);
  const found = groups?.filter(({ name, description }) => matches(sought, name, description));
  const add = <Button appearance="primary" icon={<Add20Regular />} onClick={() => setAsked({ act: "create" })}><span className="long-text">{t.add}</span><span className="short-text">{t.addShort}</span></Button>;
  return (
    <>
      <PageTitle title={of === undefined ? texts.users.title : t.title} tab={t.title} actions={<><ListSearch label={t.search} />{add}</>}>
        {of === undefined ? t.introServer : t.intro(organization)}
      </PageTitle>
      {of === undefined && <UsersTabs organization={organization} at="groups" />}
      <div className="notes">{query.error && <Failed query={query} />}</div>
      <div className={query.error && groups ? "card list stale" : "card list"}>
        {!found ? query.isPending && <SkeletonRows rows={4} />
          : groups?.length === 0 ? <Empty icon={<PeopleTeam32Regular />} title={t.empty} actions={add}>{t.emptyWhy}</Empty>
          : found.length === 0 ? <NothingFound text={t.none(sought)} clear={t.clear} />
          : <Table groups={found} home={home} onAsk={setAsked} />}
        {query.hasNextPage && (
          <div className="list-foot"><Button appearance="subtle" disabled={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>{texts.users.more}</Button></div>
        )}
      </div>
      {asked?.act === "delete" ? <DeleteGroup of={of} group={asked.group} onClose={() => setAsked(undefined)} />
        : asked && <GroupForm of={of} {...(asked.act === "edit" && { group: asked.group })} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function Table({ groups, home, onAsk }: { groups: Group[]; home: string; onAsk: (asked: Asked) => void }) {
  const { button, menu } = useItemMenu<Group>(({ name }) => t.actions(name), (group) => [
    { text: t.edit, icon: <Edit20Regular />, onPick: () => onAsk({ act: "edit", group }) },
    { text: t.remove, icon: <Delete20Regular />, onPick: () => onAsk({ act: "delete", group }) },
  ]);
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col" className="w-members figure">{t.members}</th>
            <th scope="col" className="w-date from-medium">{t.created}</th>
            <th scope="col" className="w-menu"><span className="hidden">{t.actionsHead}</span></th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.id}>
              <td>
                <div className="name">
                  <PeopleTeam20Regular aria-hidden="true" />
                  <span>
                    <Go to={`${home}/${encodeURIComponent(group.id)}`} onMouseEnter={parts.group.fetch} onFocus={parts.group.fetch}>{group.name}</Go>
                    {group.description && <span className="two clip" title={group.description}>{group.description}</span>}
                  </span>
                </div>
              </td>
              <td className="figure">{group.members.toLocaleString()}</td>
              <td className="from-medium"><When at={group.createdAt}>{shortDate(group.createdAt)}</When></td>
              <td><div className="row-actions">{button(group)}</div></td>
            </tr>
          ))}
        </tbody>
      </table>
      {menu}
    </>
  );
}
