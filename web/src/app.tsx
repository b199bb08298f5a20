// SPDX-License-Identifier: Apache-2.0
import { FluentProvider } from "@fluentui/react-components";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef } from "react";
import { queryClient } from "./api/queries";
import { useAppearance, useDark } from "./appearance";
import { useAsking } from "./confirm";
import { ErrorBoundary } from "./parts/ErrorBoundary";
import { PageLoading } from "./parts/PageLoading";
import { returnFocus, usePlace } from "./router";
import { routeOf } from "./routes";
import { NotFound } from "./shell/NotFound";
import { Shell } from "./shell/Shell";
import { darkTheme, light } from "./theme";

const ConfirmDialog = lazy(() => import("./parts/ConfirmDialog"));

export function App() {
  const dark = useDark();
  const { rows } = useAppearance();
  useEffect(() => {
    // Panels and dialogs are drawn outside the application's element, so what they share with it hangs on the root.
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    document.documentElement.dataset.rows = rows;
  }, [dark, rows]);
  return (
    <QueryClientProvider client={queryClient}>
      <FluentProvider theme={dark ? darkTheme : light}>
        <div className="app">
          <Routed />
        </div>
        <Confirmation />
      </FluentProvider>
    </QueryClientProvider>
  );
}

function Routed() {
  const place = usePlace();
  const route = routeOf(place);
  const panel = route?.panel;
  const opened = useRef(panel);
  useEffect(() => {
    const closed = opened.current && !panel;
    opened.current = panel;
    if (!closed) return;
    // After the panel has let go of the focus.
    const timer = setTimeout(returnFocus, 50);
    return () => clearTimeout(timer);
  }, [panel]);
  if (route?.area === "alone") {
    return (
      <ErrorBoundary of={place.path}>
        <Suspense fallback={null}><route.page /></Suspense>
      </ErrorBoundary>
    );
  }
  const Page = route?.page;
  const Panel = panel;
  return (
    <Shell area={route?.area ?? "user"} crumbs={route?.crumbs ?? []}>
      <ErrorBoundary of={place.path}>
        <Suspense fallback={<PageLoading />}>{Page ? <Page /> : <NotFound />}</Suspense>
        <Suspense fallback={null}>{Panel && <Panel key={place.path} />}</Suspense>
      </ErrorBoundary>
    </Shell>
  );
}

function Confirmation() {
  return useAsking() ? <Suspense fallback={null}><ConfirmDialog /></Suspense> : null;
}
