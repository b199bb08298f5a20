// SPDX-License-Identifier: Apache-2.0
import { Checkmark16Regular, LockClosed16Regular, Shield16Regular } from "@fluentui/react-icons";
import { useId, useRef, type KeyboardEvent } from "react";
import type { Scope, ScopeGroup } from "../../api/types";
import { texts } from "../../texts";

interface Props {
  group: ScopeGroup;
  chosen: readonly string[];
  included: ReadonlySet<string>;
  forbidden: readonly string[];
  onToggle: (scope: string) => void;
}

/** A group's scopes as chips: the ladder of levels is a radio group, what stands at its side are check boxes. */
export function ScopeRow({ group, chosen, included, forbidden, onToggle }: Props) {
  const id = useId();
  const chips = useRef<HTMLDivElement>(null);
  const levels = group.scopes.filter((scope) => scope.ladder);
  const sides = group.scopes.filter((scope) => !scope.ladder);
  const level = levels.find((scope) => chosen.includes(scope.id));
  const allowed = levels.filter((scope) => !forbidden.includes(scope.id));

  const move = (event: KeyboardEvent) => {
    const at = allowed.findIndex((scope) => scope.id === (event.target as HTMLElement).dataset.scope);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: allowed.length - 1 }[event.key];
    const next = to === undefined || at < 0 ? undefined : allowed[(to + allowed.length) % allowed.length];
    if (!next) return;
    event.preventDefault();
    if (!chosen.includes(next.id)) onToggle(next.id);
    chips.current?.querySelector<HTMLElement>(`[data-scope="${CSS.escape(next.id)}"]`)?.focus();
  };

  const chip = (scope: Scope, role: "radio" | "checkbox") => {
    const isChosen = chosen.includes(scope.id);
    const isIncluded = !isChosen && included.has(scope.id);
    const isForbidden = forbidden.includes(scope.id) && !isChosen;
    // A level below the chosen one can be gone down to; a side scope that another includes cannot be taken away.
    const fixed = isForbidden || (isIncluded && role === "checkbox");
    const Icon = isChosen || isIncluded ? Checkmark16Regular : isForbidden ? LockClosed16Regular : scope.highPrivilege ? Shield16Regular : undefined;
    return (
      <button
        key={scope.id}
        type="button"
        role={role}
        className="chip"
        data-scope={scope.id}
        data-included={isIncluded}
        aria-checked={isChosen || (isIncluded && role === "checkbox")}
        aria-disabled={fixed}
        title={[scope.description, isIncluded ? texts.form.included : isForbidden ? texts.form.forbidden : scope.highPrivilege ? texts.form.high : ""].filter(Boolean).join("\n")}
        tabIndex={role === "checkbox" || scope === (level ?? allowed[0]) ? 0 : -1}
        onClick={() => { if (!fixed) onToggle(scope.id); }}
      >
        {Icon && <Icon aria-hidden="true" />}{shortTitle(scope.title, group.title)}
        {isIncluded && <span className="hidden">, {texts.form.included}</span>}
        {scope.highPrivilege && <span className="hidden">, {texts.form.high}</span>}
      </button>
    );
  };

  return (
    <div className="scope-group" data-chosen={level !== undefined || sides.some((scope) => chosen.includes(scope.id))}>
      <div>
        <strong id={id}>{group.title}</strong>
        <p className="hint">{group.description}</p>
      </div>
      <div className="chips" ref={chips}>
        {levels.length > 0 && <div role="radiogroup" aria-labelledby={id} onKeyDown={move}>{levels.map((scope) => chip(scope, "radio"))}</div>}
        {sides.length > 0 && <div role="group" aria-labelledby={id}>{sides.map((scope) => chip(scope, "checkbox"))}</div>}
      </div>
    </div>
  );
}

/** "Read & write" of "Code (Read & write)": the group's name stands beside it. */
function shortTitle(title: string, group: string): string {
  return title.startsWith(group + " (") && title.endsWith(")") ? title.slice(group.length + 2, -1) : title;
}
