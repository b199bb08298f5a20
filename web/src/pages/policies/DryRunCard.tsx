// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { ArrowDownload20Regular } from "@fluentui/react-icons";
import { useState, type ReactNode } from "react";
import type { Of } from "../../api/governed";
import { dryRun, type DryRun, type PolicyBody, type Touched, type useDryRun } from "../../api/policies";
import { ago, shortDate } from "../../dates";
import { saveCsv } from "../../parts/csv";
import { Fingerprint, When } from "../../parts/small";
import { Failed, Refused, SkeletonRows } from "../../parts/states";
import { governance } from "../../texts.governance";

const t = governance.policies;

interface Props {
  of: Of;
  name: string;
  body: PolicyBody | undefined;
  query: ReturnType<typeof useDryRun>;
  foot: ReactNode;
}

/** What the policy, as it is on this page, would touch if it were saved. */
export function DryRunCard({ of, name, body, query, foot }: Props) {
  const pages = body ? query.data?.pages ?? [] : [];
  const first = pages[0];
  const rows = pages.flatMap(({ value }) => value);
  const [refusal, setRefusal] = useState<unknown>();
  const save = async () => {
    setRefusal(undefined);
    try {
      if (body) saveCsv(t.csvName(name), await allRows(of, name, body));
    } catch (failure) {
      setRefusal(failure);
    }
  };
  return (
    <section className="card dry-run" aria-labelledby="touch">
      <header>
        <h2 id="touch">{t.touch}</h2>
        {first && <span className="hint" role="status">{query.isFetching || query.isPlaceholderData ? t.counting : t.dryRun(ago(new Date(query.dataUpdatedAt).toISOString()))}</span>}
        {rows.length > 0 && <Button appearance="subtle" size="small" icon={<ArrowDownload20Regular />} onClick={() => { void save(); }}>{t.csv}</Button>}
      </header>
      {refusal !== undefined && <div className="dry-run-note"><Refused error={refusal} /></div>}
      {query.error && <div className="dry-run-note"><Failed query={query} /></div>}
      {!body ? <p className="dry-run-note">{t.incomplete}</p>
        : !first ? query.isPending && <SkeletonRows rows={4} />
        : <div className={query.isPlaceholderData ? "stale" : ""}>{first.tokens === 0 ? <p className="dry-run-note">{t.nothing}</p> : <Shown run={first} rows={rows} />}</div>}
      <footer>
        {first && query.hasNextPage && (
          <Button appearance="transparent" className="link-button" disabled={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>
            {pages.length === 1 ? t.showAll(first.tokens) : t.showMore}
          </Button>
        )}
        {foot}
      </footer>
    </section>
  );
}

function Shown({ run, rows }: { run: DryRun; rows: Touched[] }) {
  return (
    <>
      <ul className="dry-figures">
        <li><strong>{run.tokens.toLocaleString()}</strong><span className="hint">{t.touched(run.tokens, run.owners)}</span></li>
        <li><strong>{run.refusedUses.toLocaleString()}</strong><span className="hint">{t.refused(run.refusedUses)}</span></li>
        <li><strong>{t.existing[run.existing]}</strong><span className="hint">{t.existingWhy[run.existing]}</span></li>
      </ul>
      <table className="table dry-table">
        <thead>
          <tr>
            <th scope="col">{t.token}</th>
            <th scope="col" className="c-owner">{t.owner}</th>
            <th scope="col" className="c-when from-medium">{t.lastUsed}</th>
            <th scope="col" className="c-when from-wide">{t.ends}</th>
            <th scope="col" className="c-fail">{t.wouldFail}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ token, owner, refusedUses, why }) => (
            <tr key={token.id} title={why}>
              <td><strong className="clip">{token.name}</strong><Fingerprint of={token.fingerprint} /></td>
              <td className="clip">{owner.displayName}</td>
              <td className="from-medium">{token.lastUsedAt ? <When at={token.lastUsedAt} /> : t.never}</td>
              <td className="from-wide"><When at={token.validTo}>{shortDate(token.validTo)}</When></td>
              <td className="c-fail numbers"><strong>{refusedUses.toLocaleString()}</strong></td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

async function allRows(of: Of, name: string, body: PolicyBody): Promise<string[][]> {
  const rows = [["token", "fingerprint", "owner", "email", "lastUsed", "validTo", "refusedUses", "why"]];
  let after: string | undefined;
  do {
    const page: DryRun = await dryRun(of, name, body, { top: 1000, after });
    for (const { token, owner, refusedUses, why } of page.value) {
      rows.push([token.name, token.fingerprint, owner.displayName, owner.email, token.lastUsedAt ?? "", token.validTo, String(refusedUses), why]);
    }
    after = page.next;
  } while (after !== undefined);
  return rows;
}
