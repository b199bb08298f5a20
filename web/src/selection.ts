// SPDX-License-Identifier: Apache-2.0
import type { StatusFilter, Token } from "./api/types";

/** Which tokens of a list: those without a status, a scope or a text to match are not narrowed by it. */
export interface TokenFilter {
  status: StatusFilter;
  scope: string | undefined;
  q: string | undefined;
}

/** What is chosen in the list: rows that were ticked, or all that match, seen or not. */
export type Selection =
  | { kind: "some"; tokens: Token[] }
  | { kind: "all"; filter: TokenFilter; count: number };
