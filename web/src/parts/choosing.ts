// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

interface Row { id: string }

export interface Choosing<One extends Row> {
  count: number;
  /** "all that match" is chosen, not single rows. */
  all: boolean;
  has: (row: One) => boolean;
  /** `range`: with all rows between this one and the last that was changed. */
  toggle: (row: One, rows: readonly One[], range: boolean) => void;
  setPage: (rows: readonly One[], chosen: boolean) => void;
  setAll: () => void;
  clear: () => void;
  rows: readonly One[];
}

/** The ticked rows of a list. They survive paging; another filter begins anew, because nobody sees any more what was
    ticked. `filter` is that filter in a word. */
export function useChoosing<One extends Row>(filter: string): Choosing<One> {
  const [chosen, setChosen] = useState<ReadonlyMap<string, One>>(new Map());
  const [all, setEverything] = useState(false);
  const last = useRef<string>();

  const clear = useCallback(() => {
    setChosen(new Map());
    setEverything(false);
    last.current = undefined;
  }, []);
  useEffect(clear, [clear, filter]);

  return useMemo(() => ({
    count: chosen.size,
    all,
    has: (row) => all || chosen.has(row.id),
    toggle: (row, rows, range) => {
      const next = new Map(all ? rows.map((one) => [one.id, one] as const) : chosen);
      const choose = !next.has(row.id);
      const from = range ? rows.findIndex(({ id }) => id === last.current) : -1;
      const to = rows.findIndex(({ id }) => id === row.id);
      const changed = from < 0 ? [row] : rows.slice(Math.min(from, to), Math.max(from, to) + 1);
      for (const one of changed) choose ? next.set(one.id, one) : next.delete(one.id);
      last.current = row.id;
      setEverything(false);
      setChosen(next);
    },
    setPage: (rows, choose) => {
      const next = new Map(chosen);
      for (const row of rows) choose ? next.set(row.id, row) : next.delete(row.id);
      setEverything(false);
      setChosen(next);
    },
    setAll: () => setEverything(true),
    clear,
    rows: [...chosen.values()],
  }), [chosen, all, clear]);
}
