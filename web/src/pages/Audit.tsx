// SPDX-License-Identifier: Apache-2.0
import { Button, Menu, MenuItemLink, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-components";
import { ArrowDownload20Regular, ClipboardTextLtr32Regular } from "@fluentui/react-icons";
import { auditLength, downloadPath, useAuditLog, type AuditFilter } from "../api/audit";
import { serverPath } from "../base";
import { usePhone } from "../parts/media";
import { OfSwitch, useOf } from "../parts/OfSwitch";
import { PageTitle } from "../parts/PageTitle";
import { Empty, Failed, SkeletonRows } from "../parts/states";
import { navigate, usePlace } from "../router";
import { useOrganization } from "../session";
import { governance } from "../texts.governance";
import { ActivityCard } from "./audit/ActivityCard";
import { AuditBar, narrowLog } from "./audit/AuditBar";
import { AuditTable } from "./audit/AuditTable";
import { ChainLine } from "./audit/ChainLine";
import { choosePeriod, useShown } from "./audit/period";
import "./tokens/tokens.css";
import "./token/detail.css";
import "./audit/audit.css";

const t = governance.audit;

/** What was done, by whom and from where. */
export default function Audit() {
  const organization = useOrganization();
  const of = useOf();
  const phone = usePhone();
  const { search } = usePlace();
  const shown = useShown();
  const filter: AuditFilter = {};
  for (const name of ["q", "area", "category", "actor"] as const) {
    const value = search.get(name);
    if (value) filter[name] = value;
  }
  const time = shown.part ?? shown.whole;
  const asked: AuditFilter = { ...filter, startTime: new Date(time.from).toISOString(), endTime: new Date(time.to).toISOString() };
  const after = search.get("after") ?? undefined;
  const list = useAuditLog(of, asked, after);
  const entries = list.data?.decoratedAuditLogEntries ?? [];
  return (
    <>
      <PageTitle title={t.title} below={<ChainLine of={of} />} actions={<><OfSwitch label={governance.inventory.of} /><Export csv={serverPath(downloadPath(of, asked, "csv"))} json={serverPath(downloadPath(of, asked, "json"))} /></>}>
        {of === undefined ? t.introServer : t.intro(organization)}
      </PageTitle>
      <ActivityCard of={of} filter={filter} shown={shown} />
      <div className="card list">
        <AuditBar of={of} filter={filter} actorName={entries.find((entry) => entry.actorUserId === filter.actor)?.actorDisplayName} />
        <Failed query={list} />
        <div className={list.error || list.isPlaceholderData ? "stale" : ""}>
          {!list.data ? !list.error && <SkeletonRows rows={10} />
            : entries.length > 0 ? <AuditTable entries={entries} phone={phone} />
            : <Empty icon={<ClipboardTextLtr32Regular />} title={t.none} actions={<Button onClick={() => { narrowLog({ q: undefined, area: undefined, category: undefined, actor: undefined }); choosePeriod("30d"); }}>{t.clear}</Button>}>{list.data.hasMore ? t.noneYet : t.noneWhy}</Empty>}
        </div>
        {list.data && <Foot number={entries.length} after={after} next={list.data.hasMore ? list.data.continuationToken ?? undefined : undefined} />}
      </div>
    </>
  );
}

function Export({ csv, json }: { csv: string; json: string }) {
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement><Button icon={<ArrowDownload20Regular />}>{t.export}</Button></MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItemLink href={csv} download="">{t.csv}</MenuItemLink>
          <MenuItemLink href={json} download="">{t.json}</MenuItemLink>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** Which part of the log this is. A page further back is a place of its own: the browser's Back returns from it. */
function Foot({ number, after, next }: { number: number; after: string | undefined; next: string | undefined }) {
  const { path, search } = usePlace();
  const turn = (to: string | undefined) => {
    const query = new URLSearchParams(search);
    query.delete("after");
    if (to !== undefined) query.set("after", to);
    navigate(path + (query.size ? `?${query.toString()}` : ""));
  };
  return (
    <div className="list-foot">
      <span className="numbers" role="status">{after !== undefined ? t.showingOlder(number) : next === undefined ? t.showingAll(number) : t.showing(Math.min(number, auditLength))}</span>
      <span className="foot-turn">
        {after !== undefined && <Button size="small" onClick={() => turn(undefined)}>{t.newest}</Button>}
        {next !== undefined && <Button size="small" onClick={() => turn(next)}>{t.older}</Button>}
      </span>
    </div>
  );
}
