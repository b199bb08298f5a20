// SPDX-License-Identifier: Apache-2.0
import type { Token } from "../../api/types";
import { useChoosing, type Choosing } from "../../parts/choosing";
import type { Selection, TokenFilter } from "../../selection";

export type Selecting = Choosing<Token> & { selection: (count: number) => Selection };

/** The ticked tokens, as what is done with several of them takes them. */
export function useSelecting({ status, scope, q }: TokenFilter): Selecting {
  const choosing = useChoosing<Token>(JSON.stringify([status, scope, q]));
  const { all, rows } = choosing;
  return {
    ...choosing,
    selection: (count) => (all ? { kind: "all", filter: { status, scope, q }, count } : { kind: "some", tokens: [...rows] }),
  };
}
