// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";

const patience = 10 * 60_000;

/** Holds a secret as long as somebody may be looking at it: it goes when the page has been out of sight for ten minutes,
    and when the page is left in a way that keeps it in the browser's memory. Unmounting ends it anyway. */
export function useSecret(given: string): string | undefined {
  const [secret, setSecret] = useState<string | undefined>(given);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let hiddenSince: number | undefined;
    const gone = () => setSecret(undefined);
    const seen = () => {
      clearTimeout(timer);
      // No timer runs while the browser has frozen the page or the machine sleeps: the clock decides.
      if (hiddenSince !== undefined && Date.now() - hiddenSince >= patience) gone();
      const hidden = document.visibilityState === "hidden";
      hiddenSince = hidden ? Date.now() : undefined;
      if (hidden) timer = setTimeout(gone, patience);
    };
    seen();
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("pagehide", gone);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("pagehide", gone);
    };
  }, []);
  return secret;
}
