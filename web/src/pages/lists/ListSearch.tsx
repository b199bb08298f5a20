// SPDX-License-Identifier: Apache-2.0
import { Button, SearchBox } from "@fluentui/react-components";
import { Search32Regular } from "@fluentui/react-icons";
import { Empty } from "../../parts/states";
import { setSearch, usePlace } from "../../router";

/** The text that a list is searched for, which stands in the address. */
export function useSought(): string {
  return usePlace().search.get("q") ?? "";
}

export function ListSearch({ label }: { label: string }) {
  return <SearchBox data-search="" className="list-search" placeholder={label} aria-label={label} value={useSought()} onChange={(_, { value }) => setSearch({ q: value })} />;
}

/** What a list says that has nothing for the text it is searched for. */
export function NothingFound({ text, clear }: { text: string; clear: string }) {
  return <Empty icon={<Search32Regular />} title={text} actions={<Button onClick={() => setSearch({ q: undefined })}>{clear}</Button>} />;
}

export function matches(sought: string, ...texts: (string | undefined)[]): boolean {
  const wanted = sought.trim().toLocaleLowerCase();
  return texts.some((text) => text?.toLocaleLowerCase().includes(wanted));
}
