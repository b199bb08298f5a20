// SPDX-License-Identifier: Apache-2.0

// Where the server's paths begin ("/", "/tfs/", or behind a proxy's prefix): one folder above this script, which lies in
// {base}_assets/. Held in a variable, or the bundler would take the URL for an asset's.
const own: string = import.meta.url;
export const base: string = new URL("..", own).pathname;

/** A path of the server ("/halden/_apis/…"), below the base. */
export function serverPath(path: string): string {
  return base + path.replace(/^\//, "");
}
