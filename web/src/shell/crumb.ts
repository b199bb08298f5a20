// SPDX-License-Identifier: Apache-2.0
import { useEffect, useSyncExternalStore } from "react";

// The end of the breadcrumb, where only the page knows it: the name of what it shows.
let last: string | undefined;
const listeners = new Set<() => void>();

function set(text: string | undefined): void {
  last = text;
  listeners.forEach((listener) => listener());
}

/** While the page is shown, the breadcrumb ends with `text`. */
export function useCrumb(text: string | undefined): void {
  useEffect(() => {
    set(text);
    return () => set(undefined);
  }, [text]);
}

export function useLastCrumb(): string | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => last,
  );
}
