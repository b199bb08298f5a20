// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { ChevronDown16Regular, ChevronRight16Regular } from "@fluentui/react-icons";
import { Fragment, useState } from "react";
import { agentName } from "../../agents";
import type { AuditEntry } from "../../api/audit";
import { exact, timeOfDay, wholeDay } from "../../dates";
import { setSearch } from "../../router";
import { governance } from "../../texts.governance";

const t = governance.audit;

interface Props { entries: readonly AuditEntry[]; phone: boolean }

/** Entries by day, each with its details when it is opened. */
export function AuditTable({ entries, phone }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  const days = byDay(entries);
  if (phone) {
    return (
      <div className="audit-cards">
        {days.map(([day, some]) => (
          <section key={day}>
            <h2>{day}</h2>
            <ul>
              {some.map((entry) => (
                <li key={entry.id}>
                  <div className="audit-card">
                    <div>
                      <p className="hint"><Time entry={entry} /> · {who(entry)}</p>
                      <p>{entry.details}</p>
                    </div>
                    <Expand entry={entry} open={open.has(entry.id)} onToggle={toggle} />
                  </div>
                  {open.has(entry.id) && <Details entry={entry} />}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    );
  }
  return (
    <table className="table audit">
      <thead>
        <tr>
          <th className="c-open"><span className="hidden">{t.details}</span></th>
          <th scope="col" className="c-time">{t.time}</th>
          <th scope="col" className="c-who">{t.who}</th>
          <th scope="col">{t.what}</th>
          <th scope="col" className="c-address from-medium">{t.address}</th>
        </tr>
      </thead>
      {days.map(([day, some]) => (
        <tbody key={day}>
          <tr className="audit-day"><th scope="rowgroup" colSpan={5}>{day}</th></tr>
          {some.map((entry) => (
            <Fragment key={entry.id}>
              <tr data-open={open.has(entry.id)}>
                <td><Expand entry={entry} open={open.has(entry.id)} onToggle={toggle} /></td>
                <td><Time entry={entry} /></td>
                <td className="clip" title={entry.actorUPN}>{who(entry)}</td>
                <td>{entry.details}</td>
                <td className="from-medium numbers">{entry.ipAddress || "–"}</td>
              </tr>
              {open.has(entry.id) && <tr className="audit-open"><td /><td colSpan={4}><Details entry={entry} /></td></tr>}
            </Fragment>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Time({ entry: { timestamp } }: { entry: AuditEntry }) {
  return <time dateTime={timestamp} title={exact(timestamp)}>{timeOfDay(timestamp)}</time>;
}

function Expand({ entry, open, onToggle }: { entry: AuditEntry; open: boolean; onToggle: (id: string) => void }) {
  return <Button appearance="subtle" size="small" icon={open ? <ChevronDown16Regular /> : <ChevronRight16Regular />} aria-expanded={open} aria-label={t.showDetails(entry.details)} onClick={() => onToggle(entry.id)} />;
}

function who({ actorDisplayName, actorUPN }: AuditEntry): string {
  return actorDisplayName || actorUPN || t.unknown;
}

function Details({ entry }: { entry: AuditEntry }) {
  const facts: [string, string | undefined][] = [
    [t.action, entry.actionId],
    [t.signedIn, entry.authenticationMechanism],
    [t.client, entry.userAgent && agentName(entry.userAgent)],
    [t.where, entry.scopeDisplayName],
    [t.project, entry.projectName],
    [t.address, entry.ipAddress],
    ...Object.entries(entry.data).map(([name, value]): [string, string] => [inWords(name), asText(value)]),
    [t.entry, `${entry.position.toLocaleString()} · ${t.digest(entry.digest.slice(0, 4), entry.digest.slice(-4))}`],
  ];
  return (
    <div className="audit-details">
      <dl>
        {facts.map(([name, text], index) => text && <div key={index}><dt>{name}</dt><dd {...(name === t.entry && { title: entry.digest })}>{text}</dd></div>)}
      </dl>
      {!/^[0-]+$/.test(entry.actorUserId) && who(entry) !== t.unknown && <Button size="small" onClick={() => setSearch({ actor: entry.actorUserId, after: undefined })}>{t.onlyActor(who(entry))}</Button>}
    </div>
  );
}

/** "OldSecretUntil" becomes "Old secret until". */
function inWords(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(", ");
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return String(value ?? "");
}

function byDay(entries: readonly AuditEntry[]): [string, AuditEntry[]][] {
  const days = new Map<string, AuditEntry[]>();
  for (const entry of entries) {
    const day = wholeDay(entry.timestamp);
    const some = days.get(day);
    if (some) some.push(entry);
    else days.set(day, [entry]);
  }
  return [...days];
}
