// SPDX-License-Identifier: Apache-2.0
import { createTabster } from "tabster";
import { useEffect, useState } from "react";

let kept = false;

/** For whatever lies over a page: when it is gone, the focus goes back to where it was before, or to the page's heading
    if that is gone too, so that it never falls to the body. */
export function useFocusBack(): void {
  // Asked while it is first drawn: once it is there, the focus is in it already.
  const [before] = useState(() => document.activeElement);
  useEffect(() => {
    // Fluent hides the page from screen readers while a dialog is open, and takes down what would show it again together
    // with its last user, which is that dialog on most pages. This user never goes.
    if (!kept) createTabster(window);
    kept = true;
    return () => {
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body && document.activeElement !== null) return;
        const heading = document.querySelector<HTMLElement>("#content h1");
        const target = before instanceof HTMLElement && before.isConnected && before !== document.body ? before : heading;
        target?.focus({ preventScroll: true });
      });
    };
  }, [before]);
}
