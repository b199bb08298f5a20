// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Add20Regular, ArrowClockwise16Regular, KeyMultiple24Regular, Search32Regular } from "@fluentui/react-icons";
import { lazy, Suspense, useRef, useState } from "react";
import type { Token, TokenPage } from "../api/types";
import { usePhone } from "../parts/media";
import { PageTitle } from "../parts/PageTitle";
import { Empty, Failed, SkeletonRows } from "../parts/states";
import { navigate, setSearch, usePlace } from "../router";
import { parts } from "../routes";
import { useOrganization } from "../session";
import { texts } from "../texts";
import { Commands } from "./tokens/Commands";
import { FilterBar } from "./tokens/FilterBar";
import { isNarrowed, pageLength, turnTo, useTokens, useView, type View } from "./tokens/list";
import { RowMenu, type OpenMenu } from "./tokens/RowMenu";
import { useSelecting } from "./tokens/selecting";
import { Strip } from "./tokens/Strip";
import { TokenCards } from "./tokens/TokenCards";
import { TokenTable } from "./tokens/TokenTable";
import "./tokens/tokens.css";

const RevokeSeveral = lazy(() => import("./RevokeSeveral"));

export default function Tokens() {
  const organization = useOrganization();
  const view = useView();
  const { search } = usePlace();
  const phone = usePhone();
  const list = useTokens(organization, view);
  const selecting = useSelecting(view.filter);
  const [menu, setMenu] = useState<OpenMenu>();
  const [revoking, setRevoking] = useState(false);

  const home = `/${encodeURIComponent(organization)}/_usersSettings/tokens`;
  const query = search.size > 0 ? "?" + search.toString() : "";
  const pathOf = (token: Token, action?: string) => `${home}/${token.id}${action ? `/${action}${query}` : ""}`;
  const open = (path: string) => navigate(path + query, { behind: home + query });
  const data = list.data;
  const total = data?.counts[view.filter.status] ?? 0;
  const none = data?.counts.all === 0 && !isNarrowed(view.filter);
  const create = (
    <Button appearance="primary" icon={<Add20Regular />} onMouseEnter={parts.create.fetch} onFocus={parts.create.fetch} onClick={() => open(home + "/new")}>
      {texts.tokens.newToken}
    </Button>
  );

  const rows = { organization, view, rows: data?.value ?? [], selecting, pathOf, onMenu: (token: Token, button: HTMLElement) => setMenu({ token, button }) };
  return (
    <div className="tokens-page">
      <PageTitle title={texts.tokens.title} tab={texts.tokens.tab} actions={!phone && !none && create}>{texts.tokens.introduction}</PageTitle>
      {!phone && <Strip organization={organization} />}
      <div className={phone ? "" : "card list"}>
        {none ? null : selecting.count > 0 || selecting.all ? (
          <Commands
            selecting={selecting}
            total={total}
            pageLength={data?.value.length ?? pageLength}
            onOne={(token, action) => open(`${home}/${token.id}/${action}`)}
            onRevokeSeveral={() => setRevoking(true)}
          />
        ) : (
          <FilterBar organization={organization} view={view} counts={data?.counts} />
        )}
        {phone && <Strip organization={organization} />}
        <Failed query={list} />
        <p role="status" className="hidden">{data && !list.isPlaceholderData ? texts.tokens.listed(total) : ""}</p>
        <div className={list.error || list.isPlaceholderData ? "stale" : ""}>
          {!data ? !list.error && <SkeletonRows rows={10} />
            : none ? <None create={create} onGenerate={() => navigate(home + "/new?for=git", { behind: home })} />
            : data.value.length === 0 ? <NothingMatches view={view} />
            : phone ? <TokenCards {...rows} /> : <TokenTable {...rows} />}
        </div>
        {data && data.value.length > 0 && <Foot view={view} page={data} total={total} fetching={list.isFetching} onRefresh={() => { void list.refetch(); }} />}
      </div>
      {phone && !none && <div className="primary-bar">{create}</div>}
      <RowMenu open={menu} onClose={() => setMenu(undefined)} pathOf={pathOf} behind={home + query} />
      {revoking && (
        <Suspense fallback={null}>
          <RevokeSeveral selection={selecting.selection(total)} onClose={(revoked) => { setRevoking(false); if (revoked) selecting.clear(); }} />
        </Suspense>
      )}
    </div>
  );
}

function None({ create, onGenerate }: { create: React.JSX.Element; onGenerate: () => void }) {
  return (
    <Empty icon={<KeyMultiple24Regular />} title={texts.tokens.emptyTitle} actions={<>{create}<Button onMouseEnter={parts.create.fetch} onClick={onGenerate}>{texts.tokens.generate}</Button></>}>
      {texts.tokens.empty}
    </Empty>
  );
}

function NothingMatches({ view: { filter } }: { view: View }) {
  const organization = useOrganization();
  const everything = useTokens(organization, { filter: { status: "all", scope: undefined, q: undefined }, sort: "expires", descending: false, after: undefined, page: 1 });
  const status = filter.status === "all" ? "" : texts.status[filter.status];
  return (
    <Empty
      icon={<Search32Regular />}
      title={texts.tokens.nothing(status, filter.q ?? "")}
      actions={<Button onClick={() => setSearch({ status: undefined, scope: undefined, q: undefined, after: undefined, page: undefined })}>{texts.tokens.clearFilters}</Button>}
    >
      {everything.data && texts.tokens.hidden(everything.data.counts.all)}
    </Empty>
  );
}

interface FootProps { view: View; page: TokenPage; total: number; fetching: boolean; onRefresh: () => void }

/** Which part of the list this is, and the way to the others. */
function Foot({ view, page, total, fetching, onRefresh }: FootProps) {
  const { path, search } = usePlace();
  // The cursors of the pages that were seen; after a reload only the first page is known.
  const cursors = useRef(new Map<number, string | undefined>([[1, undefined]]));
  cursors.current.set(view.page, view.after);
  const from = (view.page - 1) * pageLength + 1;
  const before = cursors.current.has(view.page - 1) ? view.page - 1 : 1;
  return (
    <div className="list-foot">
      <span className="numbers">{texts.tokens.range(from, from + page.value.length - 1, Math.max(total, from + page.value.length - 1))}</span>
      {view.page > 1 && (
        <Button size="small" onClick={() => turnTo(path, search, cursors.current.get(before), before)}>
          {before === view.page - 1 ? texts.tokens.previous : texts.tokens.firstPage}
        </Button>
      )}
      {page.next !== undefined && <Button size="small" onClick={() => turnTo(path, search, page.next, view.page + 1)}>{texts.tokens.next}</Button>}
      <span className="behind">
        <Button appearance="transparent" size="small" icon={<ArrowClockwise16Regular />} disabled={fetching} aria-label={texts.tokens.refresh} title={texts.tokens.refresh} onClick={onRefresh} />
        {texts.tokens.behind}
      </span>
    </div>
  );
}
