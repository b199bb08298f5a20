// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";

/** When what uses it is gone, the focus goes back to where it was before, or to the page's heading if that is gone too.
    Without it the focus would fall to the body, and what lies over a page would go on hiding the page from screen
    readers: Fluent notices the end of a dialog by the focus alone. */
export function useFocusBack(): void {
  // Asked while it is first drawn: once it is there, the focus is in it already.
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body && document.activeElement !== null) return;
        const heading = document.querySelector<HTMLElement>("#content h1");
        const target = before instanceof HTMLElement && before.isConnected && before !== document.body ? before : heading;
        target?.focus({ preventScroll: true });
      });
    },
    [before],
  );
}
