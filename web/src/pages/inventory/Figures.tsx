// SPDX-License-Identifier: Apache-2.0
import type { Figures as FiguresAnswer, InventoryFilter } from "../../api/inventory";
import { governance } from "../../texts.governance";
import { narrowTo } from "./view";

const t = governance.inventory;

type Narrowing = Pick<InventoryFilter, "full" | "allOrganizations" | "neverUsed" | "expiringWithin">;
const none = { full: undefined, allOrganizations: undefined, neverUsed: undefined, expiringWithin: undefined };
const all: { figure: keyof FiguresAnswer; text: string; filter: Narrowing }[] = [
  { figure: "live", text: t.live, filter: {} },
  { figure: "fullAccess", text: t.full, filter: { full: "true" } },
  { figure: "allOrganizations", text: t.allOrganizations, filter: { allOrganizations: "true" } },
  { figure: "neverUsed", text: t.neverUsed, filter: { neverUsed: "true" } },
  { figure: "expiringSoon", text: t.soon, filter: { expiringWithin: "30" } },
];

/** How many the list has, where a figure tells: nothing but what it counts is asked for. */
export function totalOf(figures: FiguresAnswer | undefined, filter: InventoryFilter): number | undefined {
  const found = all.find((one) => JSON.stringify(one.filter) === JSON.stringify(filter));
  return found && figures?.[found.figure];
}

/** What there is, in figures; each narrows the list to what it counts. */
export function Figures({ figures, filter }: { figures: FiguresAnswer | undefined; filter: InventoryFilter }) {
  const narrowing = all.find((one) => Object.entries(one.filter).some(([name, value]) => filter[name as keyof Narrowing] === value));
  const chosen = narrowing ?? (filter.status === undefined ? all[0] : undefined);
  return (
    <div role="group" aria-label={t.figures} className="figures">
      {all.map((one) => (
        <button key={one.figure} type="button" className="card figure-card" aria-pressed={one === chosen} onClick={() => narrowTo({ ...none, status: undefined, ...(one !== chosen && one.filter) })}>
          <strong className="numbers">{figures ? figures[one.figure].toLocaleString() : "–"}</strong>
          <span>{one.text}</span>
        </button>
      ))}
    </div>
  );
}
