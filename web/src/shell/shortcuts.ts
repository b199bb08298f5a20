// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";
import { appearance } from "../appearance";
import { navigate, usePlace } from "../router";

/** `/` searches, `n` begins a new token, `?` shows the keys. Never while typing or under a dialog; can be switched off. */
export function useShortcuts(): [boolean, (shown: boolean) => void] {
  const [keys, setKeys] = useState(false);
  const { segments } = usePlace();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!appearance().shortcuts || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof HTMLElement && event.target.closest("input,textarea,select,[contenteditable],[role=menu],[role=listbox]")) return;
      if (document.querySelector("[role=dialog],[role=alertdialog]")) return;
      const search = document.querySelector<HTMLInputElement>("[data-search] input, input[data-search]");
      if (event.key === "/" && search) search.focus();
      else if (event.key === "n" && segments[0]) {
        const list = `/${encodeURIComponent(segments[0])}/_usersSettings/tokens`;
        navigate(list + "/new", { behind: list });
      } else if (event.key === "?") setKeys(true);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [segments]);
  return [keys, setKeys];
}
