// SPDX-License-Identifier: Apache-2.0
import { useRef, type KeyboardEvent } from "react";

interface Props<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; text: string; disabled?: boolean }[];
  onChange: (value: Value) => void;
  labelledBy?: string;
}

/** One of a few: a radio group in one row. Arrows, Home and End move and choose. */
export function Segmented<Value extends string>({ label, labelledBy, value, options, onChange }: Props<Value>) {
  const group = useRef<HTMLDivElement>(null);
  const choosable = options.filter((option) => !option.disabled);

  const move = (event: KeyboardEvent) => {
    const at = choosable.findIndex((option) => option.value === value);
    const to = {
      ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: choosable.length - 1,
    }[event.key];
    const next = to === undefined ? undefined : choosable[(to + choosable.length) % choosable.length];
    if (!next) return;
    event.preventDefault();
    onChange(next.value);
    group.current?.querySelector<HTMLElement>(`[data-value="${next.value}"]`)?.focus();
  };

  return (
    <div ref={group} role="radiogroup" className="segmented" aria-label={labelledBy ? undefined : label} aria-labelledby={labelledBy} onKeyDown={move}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          data-value={option.value}
          aria-checked={option.value === value}
          disabled={option.disabled}
          tabIndex={option.value === value || (choosable.every(({ value: other }) => other !== value) && option === choosable[0]) ? 0 : -1}
          onClick={() => onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}
