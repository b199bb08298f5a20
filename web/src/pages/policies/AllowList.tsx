// SPDX-License-Identifier: Apache-2.0
import { Button, SearchBox } from "@fluentui/react-components";
import { useState } from "react";
import { setAllowed, useAllowList, type AllowedRoute } from "../../api/groups";
import { Segmented } from "../../parts/Segmented";
import { Empty, Failed, SkeletonRows } from "../../parts/states";
import { SubjectsDialog } from "../../parts/SubjectsDialog";
import { SubjectTags } from "../../parts/SubjectTags";
import { PlugConnectedSettings24Regular } from "@fluentui/react-icons";
import { governance } from "../../texts.governance";

const t = governance.allowList;
type Shown = "opened" | "all";

/** The routes that need full access, and for whose restricted tokens each is open all the same. */
export function AllowList({ organization }: { organization: string }) {
  const query = useAllowList(organization);
  const [shown, setShown] = useState<Shown>("opened");
  const [text, setText] = useState("");
  const [asked, setAsked] = useState<AllowedRoute>();
  const wanted = text.trim().toLocaleLowerCase();
  const rows = query.data?.filter((route) =>
    (shown === "all" || route.subjects.length > 0) && `${route.method} ${route.path} ${route.description}`.toLocaleLowerCase().includes(wanted));
  return (
    <section className="card allow-list" aria-labelledby="allow-list">
      <header>
        <h2 id="allow-list">{t.title}</h2>
        <p>{t.why(organization)}</p>
        <div className="allow-bar">
          <Segmented<Shown> label={t.shown} value={shown} options={[{ value: "opened", text: t.opened }, { value: "all", text: t.all }]} onChange={setShown} />
          <SearchBox aria-label={t.search} placeholder={t.search} value={text} onChange={(_, { value }) => setText(value)} />
        </div>
      </header>
      {query.error && <div className="dry-run-note"><Failed query={query} /></div>}
      {!rows ? query.isPending && <SkeletonRows rows={3} />
        : rows.length === 0 ? (shown === "opened" && !wanted ? <Empty icon={<PlugConnectedSettings24Regular />} title={t.noneOpened}>{t.noneOpenedWhy}</Empty> : <p className="dry-run-note">{t.none}</p>)
        : (
          <ul className="allow-rows">
            {rows.map((route) => (
              <li key={route.method + route.path}>
                <div>
                  <span className="mono"><strong>{route.method}</strong> {route.path}</span>
                  <span className="hint">{route.description}</span>
                  {route.subjects.length > 0 ? <SubjectTags subjects={route.subjects} /> : <span className="hint">{t.nobody}</span>}
                </div>
                <Button size="small" aria-label={t.changeOf(`${route.method} ${route.path}`)} onClick={() => setAsked(route)}>{t.change}</Button>
              </li>
            ))}
          </ul>
        )}
      {asked && (
        <SubjectsDialog of={organization} title={t.panel} subjects={asked.subjects} act={governance.subjects.save} perform={(subjects) => setAllowed(organization, asked, subjects)} onClose={() => setAsked(undefined)}>
          <p><span className="mono allow-path">{asked.method} {asked.path}</span><br /><span className="hint">{t.panelWhy}</span></p>
        </SubjectsDialog>
      )}
    </section>
  );
}
