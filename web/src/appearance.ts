// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";

/** What a reader chooses for this browser. Kept in its storage, with nothing else. */
export interface Appearance {
  theme: "auto" | "light" | "dark";
  rows: "comfortable" | "compact";
  clock: "auto" | "24" | "12";
  shortcuts: boolean;
}

const usual: Appearance = { theme: "auto", rows: "comfortable", clock: "auto", shortcuts: true };
const key = "latchkey.appearance";
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
let chosen = stored();

function stored(): Appearance {
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Appearance>) };
  } catch {
    return usual;
  }
}

export function appearance(): Appearance {
  return chosen;
}

export function setAppearance(change: Partial<Appearance>): void {
  chosen = { ...chosen, ...change };
  try {
    localStorage.setItem(key, JSON.stringify(chosen));
  } catch {
    // A browser that keeps nothing still shows it until the page is left.
  }
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  dark.addEventListener("change", listener);
  const other = (event: StorageEvent) => {
    if (event.key !== key) return;
    chosen = stored();
    listener();
  };
  window.addEventListener("storage", other);
  return () => {
    listeners.delete(listener);
    dark.removeEventListener("change", listener);
    window.removeEventListener("storage", other);
  };
}

export function useAppearance(): Appearance {
  return useSyncExternalStore(subscribe, appearance);
}

export function useDark(): boolean {
  return useSyncExternalStore(subscribe, () => (chosen.theme === "auto" ? dark.matches : chosen.theme === "dark"));
}
