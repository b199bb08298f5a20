// SPDX-License-Identifier: Apache-2.0
import { ShieldTask32Regular } from "@fluentui/react-icons";
import { useEffect, useRef, useState } from "react";
import { useAllowList } from "../api/groups";
import { usePolicies, type Policy } from "../api/policies";
import { useMedia, usePhone } from "../parts/media";
import { PageTitle } from "../parts/PageTitle";
import { Empty, Failed, SkeletonRows } from "../parts/states";
import { Go, usePlace } from "../router";
import { useOrganization, useSession } from "../session";
import { governance } from "../texts.governance";
import { AllowList } from "./policies/AllowList";
import { PolicyEditor } from "./policies/PolicyEditor";
import { PolicyList, type Section } from "./policies/PolicyList";
import "../parts/act.css";
import "./lists/lists.css";
import "./policies/policies.css";

const t = governance.policies;
const allowList = "allow-list";

/** Which tokens may exist and be used: the policies of the organization, and of the server for who administers it. */
export default function Policies() {
  const organization = useOrganization();
  const { serverAdministrator } = useSession().user;
  const phone = usePhone();
  const asked = usePlace().segments[3];
  const own = usePolicies(organization);
  const server = usePolicies(undefined, serverAdministrator);
  const opened = useAllowList(organization);
  const [said, setSaid] = useState("");
  const home = `/${encodeURIComponent(organization)}/_settings/policies`;
  const pending = own.isPending || (serverAdministrator && server.isPending);
  const sections: Section[] = [
    ...(server.data ? [{ title: t.onServer, policies: server.data }] : []),
    ...(own.data ? [{
      title: t.in(organization),
      policies: own.data.filter(({ place }) => place === "organization"),
      more: { name: allowList, title: governance.allowList.title, hint: governance.allowList.itemOpened(opened.data?.filter(({ subjects }) => subjects.length > 0).length ?? 0) },
    }] : []),
  ];
  const all: Policy[] = sections.flatMap(({ policies }) => policies);
  // Where there is room for both, the first is shown beside the list.
  const name = asked ?? (phone ? undefined : all[0]?.name);
  const policy = all.find((one) => one.name === name);

  // Under the list, where there is no room beside it, what was chosen comes into sight.
  const main = useRef<HTMLDivElement>(null);
  const under = useMedia("(max-width: 1023px)") && !phone;
  useEffect(() => {
    if (under && asked !== undefined && !pending) main.current?.scrollIntoView({ block: "start" });
  }, [under, asked, pending]);

  return (
    <div className="policies-page">
      <PageTitle title={t.title}>{t.intro(organization)}</PageTitle>
      <div className="notes stack">
        {own.error && <Failed query={own} />}
        {server.error && <Failed query={server} />}
      </div>
      <p role="status" className="hidden">{said}</p>
      {pending ? <div className="card"><SkeletonRows rows={8} /></div> : (
        <div className="policies">
          {phone && asked !== undefined ? <Go className="link back" to={home}>{t.all}</Go> : all.length > 0 && <PolicyList sections={sections} home={home} chosen={name} />}
          <div className="policy-main" ref={main}>
            {policy ? (
              <PolicyEditor key={policy.place + policy.name} organization={organization} of={policy.place === "server" ? undefined : organization} policy={policy} onSaved={(title) => setSaid(t.saved(title))} />
            ) : name !== undefined && name !== allowList && all.length > 0 && (
              <div className="card"><Empty icon={<ShieldTask32Regular />} title={t.gone}>{t.goneWhy}</Empty></div>
            )}
            {(name === allowList || policy?.name === "restrict-full-scope") && <AllowList organization={organization} />}
          </div>
        </div>
      )}
    </div>
  );
}
