// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from "react";
import { base, serverPath } from "./base";

/** Where the reader is, below the base. Panels and filters are part of it; a secret never is. */
export interface Place {
  path: string;
  segments: readonly string[];
  search: URLSearchParams;
  /** The path of the page on which this panel was opened, if it was opened by a press and not by an address. */
  behind: string | undefined;
}

let navigations = 0;
// What had the focus when a panel was opened: it gets it back.
let opener: Element | null = null;
let guard: (() => boolean) | undefined;
const listeners = new Set<() => void>();
let here = read();

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function read(): Place {
  const { pathname, search } = window.location;
  const path = "/" + (pathname.startsWith(base) ? pathname.slice(base.length) : pathname.slice(1));
  const state: unknown = window.history.state;
  const behind = typeof state === "object" && state !== null && "behind" in state ? state.behind : undefined;
  return {
    path,
    segments: path.split("/").filter(Boolean).map(decode),
    search: new URLSearchParams(search),
    behind: typeof behind === "string" ? behind : undefined,
  };
}

function changed(): void {
  here = read();
  navigations += 1;
  listeners.forEach((listener) => listener());
}

window.addEventListener("popstate", () => {
  if (guard && !guard()) {
    // The step back has happened already: put the reader where they were.
    window.history.pushState({ behind: here.behind }, "", hrefOf(here));
    return;
  }
  changed();
});

function hrefOf(place: Place): string {
  const query = place.search.toString();
  return serverPath(place.path) + (query ? "?" + query : "");
}

/** Goes to a path below the base, with its query. `behind` names the page that a panel was opened on. */
export function navigate(to: string, options: { replace?: boolean; behind?: string } = {}): void {
  if (guard && !guard()) return;
  if (options.behind !== undefined && here.behind === undefined) opener = document.activeElement;
  const state = { behind: options.behind };
  if (options.replace) window.history.replaceState(state, "", serverPath(to));
  else window.history.pushState(state, "", serverPath(to));
  changed();
}

/** Closes a panel: back to where it was opened, or to `otherwise` if its address was opened directly. */
export function leavePanel(otherwise: string): void {
  if (guard && !guard()) return;
  if (here.behind !== undefined) window.history.back();
  else navigate(otherwise, { replace: true });
}

/** After a panel is gone: the focus to what opened it, or to the page's heading if that is gone too. */
export function returnFocus(): void {
  if (document.activeElement && document.activeElement !== document.body) return;
  const back = opener instanceof HTMLElement && opener !== document.body && opener.isConnected ? opener : document.querySelector("h1");
  back?.focus({ preventScroll: true });
}

/** While set, asks before each navigation; false stays. One at a time: only one panel can hold what must not be lost. */
export function setGuard(ask: (() => boolean) | undefined): void {
  guard = ask;
}

/** Whether the reader has moved within the portal since it was loaded (then a new page takes the focus). */
export function hasMoved(): boolean {
  return navigations > 0;
}

export function usePlace(): Place {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => here,
  );
}

/** Changes some of the query's values (undefined removes one) without adding to the history. */
export function setSearch(values: Record<string, string | undefined>): void {
  const search = new URLSearchParams(here.search);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === "") search.delete(name);
    else search.set(name, value);
  }
  const query = search.toString();
  navigate(here.path + (query ? "?" + query : ""), { replace: true, ...(here.behind !== undefined && { behind: here.behind }) });
}

interface GoProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> {
  to: string;
  behind?: string;
}

/** A link to a page of the portal: a real one, so it opens in new tabs, and is copied, as links are. */
export function Go({ to, behind, onClick, ...rest }: GoProps) {
  return <a {...rest} href={serverPath(to)} onClick={(event) => { onClick?.(event); follow(event, to, behind); }} />;
}

/** For links that another component draws: `onClick={(event) => follow(event, to)}`. */
export function follow(event: MouseEvent, to: string, behind?: string): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(to, behind === undefined ? {} : { behind });
}
