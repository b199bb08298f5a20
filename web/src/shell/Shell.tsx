// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { Failure } from "../api/client";
import { loadSession, sessionKey } from "../api/queries";
import { serverPath } from "../base";
import { Failed } from "../parts/states";
import { navigate, usePlace } from "../router";
import type { Area, Crumb } from "../routes";
import { SessionProvider } from "../session";
import { texts } from "../texts";
import { Navigation } from "./Navigation";
import { useShortcuts } from "./shortcuts";
import { TopBar } from "./TopBar";

const NavigationDrawer = lazy(() => import("./NavigationDrawer"));
const Keys = lazy(() => import("./Keys"));

interface Props { area: Area; crumbs: Crumb[]; children: ReactNode }

/** Top bar, navigation and the page. Asks who is signed in, and leads to the sign-in if nobody is. */
export function Shell({ area, crumbs, children }: Props) {
  const session = useQuery({ queryKey: sessionKey, queryFn: ({ signal }) => loadSession(signal), staleTime: 5 * 60_000 });
  const { path, search } = usePlace();
  const [navigating, setNavigating] = useState(false);
  const [keys, setKeys] = useShortcuts();
  const signedOut = session.data === undefined && session.error instanceof Failure && session.error.status === 401;

  useEffect(() => {
    if (!signedOut) return;
    const query = search.toString();
    window.location.replace(serverPath("/_signin?to=" + encodeURIComponent(path + (query ? "?" + query : ""))));
  }, [signedOut, path, search]);
  useEffect(() => setNavigating(false), [path]);
  useEffect(() => {
    const home = session.data?.organizations[0];
    if (path === "/" && home) navigate(`/${encodeURIComponent(home.name)}/_usersSettings/tokens`, { replace: true });
  }, [path, session.data]);

  if (!session.data) {
    return signedOut || session.isPending ? null : <main className="alone"><h1 className="hidden">{texts.product}</h1><Failed query={session} /></main>;
  }
  return (
    <SessionProvider value={session.data}>
      <a className="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById("content")?.focus(); }}>
        {texts.shell.skip}
      </a>
      <TopBar area={area} crumbs={crumbs} onNavigation={() => setNavigating(true)} onKeys={() => setKeys(true)} />
      <div className="frame">
        <div className="side"><Navigation area={area} /></div>
        <main id="content" tabIndex={-1}>{children}</main>
      </div>
      <Suspense fallback={null}>
        {navigating && <NavigationDrawer area={area} onClose={() => setNavigating(false)} />}
        {keys && <Keys onClose={() => setKeys(false)} />}
      </Suspense>
    </SessionProvider>
  );
}
