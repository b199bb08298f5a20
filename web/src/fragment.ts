// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";

// A set-up or invitation link, and one for a new password, carries its code in the fragment, which no server and no log sees. It is taken out of the
// address before anything is drawn, so that no history, bookmark or screenshot keeps it; it lives in this variable alone.
interface Link { code: string | undefined; /** Counts the links that were opened, so that a cache can tell them apart without their codes. */ number: number }
let link: Link = { code: undefined, number: 0 };
const listeners = new Set<() => void>();

function take(): void {
  const { hash, pathname, search } = window.location;
  if (!/\/_(setup|invitation|password)\/?$/.test(pathname) || hash.length < 2) return;
  link = { code: hash.slice(1), number: link.number + 1 };
  window.history.replaceState(window.history.state, "", pathname + search);
  listeners.forEach((listener) => listener());
}

take();
// Another link pasted over the same page changes the fragment alone.
window.addEventListener("hashchange", take);

/** The link that led here; without its code once the page was loaded again. */
export function useLink(): Link {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => link,
  );
}
