// SPDX-License-Identifier: Apache-2.0

// What a User-Agent header says, as people say it. It is a claim, never a proof: pages show the whole text on hovering.

const browsers: [RegExp, string][] = [
  [/\bEdgA?\/(\d+)/, "Edge"],
  [/\bOPR\/(\d+)/, "Opera"],
  [/\bFirefox\/(\d+)/, "Firefox"],
  [/\b(?:Headless)?Chrome\/(\d+)/, "Chrome"],
  [/\bVersion\/(\d+)[.\d]* (?:Mobile\/\w+ )?Safari\//, "Safari"],
];

const systems: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux|X11/, "Linux"],
];

/** "git 2.47", "Chrome 140 on Linux", "msbuild 17.9": the program of a User-Agent header and its version. */
export function agentName(userAgent: string): string {
  if (userAgent.trim() === "") return "No name given";
  if (userAgent.startsWith("Mozilla/")) return browserName(userAgent);
  const product = /^([^\s/()]+)(?:\/v?(\d+(?:\.\d+)?))?/.exec(userAgent);
  if (!product?.[1]) return userAgent;
  return [product[1], product[2]].filter(Boolean).join(" ");
}

function browserName(userAgent: string): string {
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1];
  for (const [pattern, name] of browsers) {
    const version = pattern.exec(userAgent)?.[1];
    if (version) return `${name} ${version}${system ? ` on ${system}` : ""}`;
  }
  return system ? `A browser on ${system}` : "A browser";
}
