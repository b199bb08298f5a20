// SPDX-License-Identifier: Apache-2.0
import type { Allowance, Hints } from "../../api/types";
import { texts } from "../../texts";
import type { Catalogue } from "./model";

const packaging = "vso.packaging";

/** Why a rule forbids something, and whom to ask. */
export function refusalOf({ reason, ask }: Allowance): string {
  const names = (ask ?? []).slice(0, 2).map(({ displayName }) => displayName);
  return [reason, names.length > 0 && texts.form.ask(names)].filter(Boolean).join(" ");
}

/** Why no token can be made now, whatever is chosen. */
export function stopOf(hints: Hints | undefined): string | undefined {
  if (!hints) return undefined;
  const { creation, tokens } = hints;
  if (!creation.allowed && !creation.packagingOnly) return refusalOf(creation) || texts.form.stopped;
  if (tokens.most !== undefined && tokens.live >= tokens.most) return texts.form.tooMany(tokens.live, tokens.most);
  return undefined;
}

/** Whether only tokens for packages may be made. */
export function packagingOnly(hints: Hints | undefined): boolean {
  return hints?.creation.packagingOnly === true;
}

/** The scopes that may not be chosen. */
export function forbiddenIn(hints: Hints | undefined, catalogue: Catalogue | undefined): readonly string[] {
  const forbidden = hints?.forbiddenScopes ?? [];
  if (!packagingOnly(hints) || !catalogue) return forbidden;
  const others = catalogue.groups.flatMap(({ scopes }) => scopes.map(({ id }) => id)).filter((id) => !id.startsWith(packaging));
  return [...new Set([...forbidden, ...others])];
}
