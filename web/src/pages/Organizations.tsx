// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Add20Regular, Building20Regular, CheckmarkCircle16Filled, LockOpen20Regular, People20Regular, Prohibited16Regular, Prohibited20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { createOrganization, editOrganization, useOrganizations } from "../api/people";
import type { Organization } from "../api/types";
import { ActDialog } from "../parts/ActDialog";
import { useItemMenu } from "../parts/ItemMenu";
import { PageTitle } from "../parts/PageTitle";
import { Failed, Refused, SkeletonRows } from "../parts/states";
import { Go, navigate } from "../router";
import { useSession } from "../session";
import { texts } from "../texts";
import { NameDialog } from "./lists/NameDialog";
import "./lists/lists.css";

const t = texts.organizations;

/** The organizations of the server; those that one is in, for who does not administer it. */
export default function Organizations() {
  const { serverAdministrator } = useSession().user;
  const query = useOrganizations();
  const [asked, setAsked] = useState<"create" | Organization>();
  const [refusal, setRefusal] = useState<unknown>();
  const open = ({ id }: Organization) => {
    setRefusal(undefined);
    editOrganization(id, "open").catch(setRefusal);
  };
  return (
    <>
      <PageTitle title={t.title} actions={serverAdministrator && <Button appearance="primary" icon={<Add20Regular />} onClick={() => setAsked("create")}>{t.add}</Button>}>
        {query.data && t.intro(query.data.length)}
      </PageTitle>
      <div className="notes stack">
        {query.error && <Failed query={query} />}
        {refusal !== undefined && <Refused error={refusal} />}
      </div>
      <div className={query.error && query.data ? "card list stale" : "card list"}>
        {query.data ? <Table organizations={query.data} administers={serverAdministrator} onOpen={open} onClose={setAsked} /> : query.isPending && <SkeletonRows rows={3} />}
      </div>
      {asked === "create" ? (
        <NameDialog title={t.createTitle} label={t.name} act={t.create} why={t.createWhy} perform={async (name) => { await createOrganization(name); }} onClose={() => setAsked(undefined)} />
      ) : asked && (
        <ActDialog title={t.disableTitle(asked.name)} act={t.disableDo} keep={t.keep} danger perform={async () => { await editOrganization(asked.id, "closed"); }} onClose={() => setAsked(undefined)}>
          <p>{t.disableWhy}</p>
        </ActDialog>
      )}
    </>
  );
}

interface TableProps { organizations: Organization[]; administers: boolean; onOpen: (organization: Organization) => void; onClose: (organization: Organization) => void }

function Table({ organizations, administers, onOpen, onClose }: TableProps) {
  const { button, menu } = useItemMenu<Organization>(({ name }) => t.actions(name), (organization) => [
    { text: t.members, icon: <People20Regular />, onPick: () => navigate(`/${encodeURIComponent(organization.name)}/_settings/members`) },
    organization.state === "open"
      ? { text: t.disable, icon: <Prohibited20Regular />, onPick: () => onClose(organization) }
      : { text: t.enable, icon: <LockOpen20Regular />, onPick: () => onOpen(organization) },
  ]);
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col" className="w-state">{t.state}</th>
            <th scope="col" className="w-role from-medium">{t.role}</th>
            {administers && <th scope="col" className="w-menu"><span className="hidden">{t.actionsHead}</span></th>}
          </tr>
        </thead>
        <tbody>
          {organizations.map((organization) => (
            <tr key={organization.id}>
              <td>
                <div className="name">
                  <Building20Regular aria-hidden="true" />
                  <span><Go to={`/${encodeURIComponent(organization.name)}`}>{organization.name}</Go></span>
                </div>
              </td>
              <td>
                <span className="person-state" data-state={organization.state}>
                  {organization.state === "open" ? <CheckmarkCircle16Filled aria-hidden="true" /> : <Prohibited16Regular aria-hidden="true" />}
                  {t.states[organization.state]}
                </span>
              </td>
              <td className="from-medium">{organization.role ? texts.members.roles[organization.role] : <span className="off">{t.noRole}</span>}</td>
              {administers && <td><div className="row-actions">{button(organization)}</div></td>}
            </tr>
          ))}
        </tbody>
      </table>
      {menu}
    </>
  );
}
