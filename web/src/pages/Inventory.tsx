// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { ArrowDownload20Regular, Copy20Regular, KeyMultiple24Regular, LockOpen20Regular, PersonSearch20Regular, Prohibited20Regular, Search20Regular, Search32Regular, ShieldProhibited20Regular } from "@fluentui/react-icons";
import { useRef, useState } from "react";
import { csvPath, inventoryLength, setBanned, useFigures, useInventory, type InventoryPage, type InventoryToken, type InventoryView } from "../api/inventory";
import { serverPath } from "../base";
import { ActDialog } from "../parts/ActDialog";
import { useChoosing } from "../parts/choosing";
import { useItemMenu, type Action } from "../parts/ItemMenu";
import { usePhone } from "../parts/media";
import { OfSwitch, useOf } from "../parts/OfSwitch";
import { PageTitle } from "../parts/PageTitle";
import { Empty, Failed, Refused, SkeletonRows } from "../parts/states";
import { usePlace } from "../router";
import { useOrganization, useSession } from "../session";
import { governance } from "../texts.governance";
import { CheckToken } from "./inventory/CheckToken";
import { Figures, totalOf } from "./inventory/Figures";
import { InventoryBar, InventoryCommands } from "./inventory/InventoryBar";
import { InventoryCards, InventoryTable } from "./inventory/InventoryTable";
import { Jobs } from "./inventory/Jobs";
import { RevokeTokens } from "./inventory/RevokeTokens";
import { clearFilters, narrowTo, useInventoryView } from "./inventory/view";
import { isLive, turnTo } from "./tokens/list";
import "../parts/act.css";
import "./tokens/tokens.css";
import "./inventory/inventory.css";

const t = governance.inventory;
type Asked = { act: "check" | "chosen" } | { act: "revoke" | "ban"; token: InventoryToken };

/** Every token that reaches the organization, or of the whole server, whoever owns it. */
export default function Inventory() {
  const organization = useOrganization();
  const of = useOf();
  const everywhere = useSession().user.serverAdministrator;
  const phone = usePhone();
  const { filter, view, page } = useInventoryView();
  const list = useInventory(of, view);
  const figures = useFigures(of);
  const choosing = useChoosing<InventoryToken>(JSON.stringify([of ?? "", filter]));
  const [asked, setAsked] = useState<Asked>();
  const [refusal, setRefusal] = useState<unknown>();
  const rows = list.data?.value ?? [];
  const narrowed = Object.keys(filter).length > 0;
  const total = totalOf(figures.data, filter);
  const mayRevoke = (token: InventoryToken) => everywhere || token.organization !== undefined;

  const accept = (token: InventoryToken) => {
    setRefusal(undefined);
    setBanned(organization, token.id, false).catch(setRefusal);
  };
  const { button, menu } = useItemMenu<InventoryToken>(({ name }) => t.actionsFor(name), (token) => {
    const actions: Action[] = [
      { text: t.copyFingerprint, icon: <Copy20Regular />, onPick: () => { navigator.clipboard.writeText(token.fingerprint).catch(() => undefined); } },
      { text: t.ofOwner, icon: <PersonSearch20Regular />, onPick: () => { clearFilters(); narrowTo({ owner: token.owner.id }); } },
    ];
    if (!token.organization && of !== undefined && isLive(token)) {
      if (!token.banned) actions.push({ text: t.ban(organization), icon: <ShieldProhibited20Regular />, onPick: () => setAsked({ act: "ban", token }) });
      else actions.push({ text: t.unban(organization), icon: <LockOpen20Regular />, onPick: () => accept(token) });
    }
    if (isLive(token) && mayRevoke(token)) actions.push({ text: t.revoke, icon: <Prohibited20Regular />, onPick: () => setAsked({ act: "revoke", token }) });
    return actions;
  });

  return (
    <>
      <PageTitle
        title={t.title}
        tab={t.tab}
        actions={
          <>
            <OfSwitch label={t.of} />
            <Button icon={<Search20Regular />} onClick={() => setAsked({ act: "check" })}>{phone ? t.checkShort : t.check}</Button>
            <Button as="a" href={serverPath(csvPath(of, filter))} download="" icon={<ArrowDownload20Regular />}>{phone ? t.exportShort : t.export}</Button>
          </>
        }
      >
        {of === undefined ? t.introServer : t.intro(organization)}
      </PageTitle>
      <Figures figures={figures.data} filter={filter} />
      <Jobs of={of} />
      {refusal !== undefined && <div className="notes"><Refused error={refusal} /></div>}
      <div className="card list">
        {choosing.count > 0 || choosing.all ? (
          <InventoryCommands
            choosing={choosing}
            total={total}
            wholePage={rows.length > 0 && rows.every(choosing.has)}
            more={page > 1 || list.data?.next !== undefined}
            onRevoke={() => setAsked({ act: "chosen" })}
          />
        ) : (
          <InventoryBar organization={organization} filter={filter} ownerName={rows.find(({ owner }) => owner.id === filter.owner)?.owner.displayName} />
        )}
        <Failed query={list} />
        <p role="status" className="hidden">{list.data && !list.isPlaceholderData ? t.listed(rows.length) : ""}</p>
        <div className={list.error || list.isPlaceholderData ? "stale" : ""}>
          {!list.data ? !list.error && <SkeletonRows rows={10} />
            : rows.length === 0 ? <Nothing narrowed={narrowed} />
            : phone ? <InventoryCards organization={organization} rows={rows} menu={button} />
            : <InventoryTable organization={organization} view={view} rows={rows} choosing={choosing} menu={button} />}
        </div>
        {list.data && rows.length > 0 && <Foot view={view} page={page} list={list.data} total={total} />}
      </div>
      {menu}
      {asked?.act === "check" && <CheckToken of={of} mayRevoke={mayRevoke} onRevoke={(token) => setAsked({ act: "revoke", token })} onClose={() => setAsked(undefined)} />}
      {asked?.act === "revoke" && <RevokeTokens of={of} what={{ tokens: [asked.token] }} everywhere={everywhere} onBegun={choosing.clear} onClose={() => setAsked(undefined)} />}
      {asked?.act === "chosen" && (
        <RevokeTokens of={of} what={choosing.all ? { match: filter, total } : { tokens: choosing.rows }} everywhere={everywhere} onBegun={choosing.clear} onClose={() => setAsked(undefined)} />
      )}
      {asked?.act === "ban" && (
        <ActDialog title={t.banTitle(organization)} act={t.banDo} keep={t.keep} danger perform={() => setBanned(organization, asked.token.id, true)} onClose={() => setAsked(undefined)}>
          <p><strong>{asked.token.name}</strong>, {asked.token.owner.displayName}</p>
          <p>{t.banWhy(organization)}</p>
        </ActDialog>
      )}
    </>
  );
}

function Nothing({ narrowed }: { narrowed: boolean }) {
  if (!narrowed) return <Empty icon={<KeyMultiple24Regular />} title={t.empty}>{t.emptyWhy}</Empty>;
  return <Empty icon={<Search32Regular />} title={t.none} actions={<Button onClick={clearFilters}>{t.clear}</Button>} />;
}

/** Which part of the list this is, and the way to the others. */
function Foot({ view, page, list, total }: { view: InventoryView; page: number; list: InventoryPage; total: number | undefined }) {
  const { path, search } = usePlace();
  // The cursors of the pages that were seen; after a reload only the first page is known.
  const cursors = useRef(new Map<number, string | undefined>([[1, undefined]]));
  cursors.current.set(page, view.after);
  const from = (page - 1) * inventoryLength + 1;
  const before = cursors.current.has(page - 1) ? page - 1 : 1;
  return (
    <div className="list-foot">
      <span className="numbers">{t.range(from, from + list.value.length - 1, total)}</span>
      <span className="foot-turn">
        {page > 1 && <Button size="small" onClick={() => turnTo(path, search, cursors.current.get(before), before)}>{before === page - 1 ? t.previous : t.newest}</Button>}
        {list.next !== undefined && <Button size="small" onClick={() => turnTo(path, search, list.next, page + 1)}>{t.next}</Button>}
      </span>
    </div>
  );
}
