// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { ArrowDownload16Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { agentName } from "../../agents";
import { useHistory, wholeHistory } from "../../api/tokens";
import type { HistoryPage } from "../../api/types";
import { dayAndTime, exact, shortUtcDate, timeLeft } from "../../dates";
import { saveCsv } from "../../parts/csv";
import { useScopeNames } from "../../parts/ScopeTags";
import { Failed, Refused, SkeletonRows } from "../../parts/states";
import { texts } from "../../texts";

type Event = HistoryPage["value"][number];

/** What was done to a token, as the audit tells it. */
export function History({ organization, id, name }: { organization: string; id: string; name: string }) {
  const query = useHistory(organization, id);
  const nameOf = useScopeNames(organization);
  const events = query.data?.pages.flatMap((page) => page.value);
  return (
    <section className="card history" aria-labelledby="history">
      <h2 id="history">{texts.detail.history}</h2>
      <Failed query={query} />
      {!events && query.isPending && <SkeletonRows rows={2} />}
      {events?.length === 0 && <p className="hint">{texts.detail.noHistory}</p>}
      {events && (
        <ol>
          {events.map((event, index) => {
            const { title, facts } = told(event, events[index + 1], nameOf);
            return (
              <li key={index}>
                <p>{title}</p>
                <p className="hint">
                  <time dateTime={event.at} title={exact(event.at)}>{dayAndTime(event.at)}</time>
                  {facts.map((fact) => ` · ${fact}`)}
                  {event.address && <span title={agentName(event.userAgent)}> · {event.address}</span>}
                </p>
              </li>
            );
          })}
        </ol>
      )}
      {query.hasNextPage && (
        <Button appearance="subtle" size="small" disabled={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>{texts.detail.older}</Button>
      )}
      {events && events.length > 0 && <Save organization={organization} id={id} name={name} />}
    </section>
  );
}

/** A button that saves all of it, as the server keeps it. */
function Save({ organization, id, name }: { organization: string; id: string; name: string }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const save = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const events = await wholeHistory(organization, id);
      saveCsv(texts.detail.historyFile(name), [texts.detail.historyHead, ...events.map(row)]);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button appearance="subtle" size="small" icon={<ArrowDownload16Regular />} disabled={busy} onClick={() => { void save(); }}>{texts.detail.saveHistory}</Button>
      <Refused error={error} />
    </>
  );
}

function row({ at, action, actor, address, userAgent, data }: Event): string[] {
  const { OperationType: operation, DisplayName: name = "", Scopes: scopes = [], ValidTo: end = "", Fingerprint: fingerprint = "", OldSecretUntil: oldUntil = "" } = data;
  return [at, operation ?? action, actor.displayName, address, userAgent, name, scopes.join(" "), end, fingerprint, oldUntil];
}

/** In words: what happened, and how it differs from what was before (`older`, the event before it). */
function told(event: Event, older: Event | undefined, nameOf: (scope: string) => string) {
  const { OperationType: operation = "", Scopes: scopes = [], OldSecretUntil: oldUntil } = event.data;
  const before = older?.data.Scopes;
  const added = before ? scopes.filter((scope) => !before.includes(scope)) : [];
  const removed = before ? before.filter((scope) => !scopes.includes(scope)) : [];
  const names = (ids: string[]) => ids.map(nameOf).join(", ");
  const facts: string[] = [];
  if (!event.actor.self) facts.push(texts.detail.by(event.actor.displayName));
  if (operation === "edit" || operation === "shrink" || operation === "undoShrink") {
    if (added.length) facts.push(texts.detail.added(names(added)));
    if (removed.length) facts.push(texts.detail.removed(names(removed)));
    const { DisplayName: name, ValidTo: end } = event.data;
    if (older?.data.DisplayName !== undefined && older.data.DisplayName !== name) facts.push(texts.detail.renamed(older.data.DisplayName));
    if (end !== undefined && older?.data.ValidTo !== undefined && older.data.ValidTo !== end) facts.push(texts.detail.newEnd(shortUtcDate(end)));
  }
  if (operation === "regenerate")
    facts.push(oldUntil !== undefined && oldUntil > event.at ? texts.detail.oldWorked(timeLeft(oldUntil, new Date(event.at))) : texts.detail.oldStopped);
  const act = operation === "edit" && added.length ? "widen" : operation;
  return { title: texts.detail.acts[act] ?? event.action, facts };
}
