// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { agentName } from "../../agents";
import { useHistory } from "../../api/tokens";
import type { HistoryPage } from "../../api/types";
import { dayAndTime, exact, shortUtcDate, timeLeft } from "../../dates";
import { useScopeNames } from "../../parts/ScopeTags";
import { Failed, SkeletonRows } from "../../parts/states";
import { texts } from "../../texts";

type Event = HistoryPage["value"][number];

/** What was done to a token, as the audit tells it. */
export function History({ organization, id }: { organization: string; id: string }) {
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
                  {[...facts, ...(event.address ? [event.address] : [])].map((fact) => ` · ${fact}`)}
                  {event.userAgent && <span title={event.userAgent}> · {agentName(event.userAgent)}</span>}
                </p>
              </li>
            );
          })}
        </ol>
      )}
      {query.hasNextPage && (
        <Button appearance="subtle" size="small" disabled={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>{texts.detail.older}</Button>
      )}
    </section>
  );
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
