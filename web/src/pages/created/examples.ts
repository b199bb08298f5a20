// SPDX-License-Identifier: Apache-2.0

export const kinds = ["git", "curl", "powershell", "csharp", "python", "npm", "netrc"] as const;
export type Kind = (typeof kinds)[number];

export const kindTexts: Record<Kind, string> = {
  git: "Git", curl: "curl", powershell: "PowerShell", csharp: "C#", python: "Python", npm: "npm", netrc: ".netrc",
};

export interface Where {
  /** The server's public URL, without a slash at its end. */
  server: string;
  organization: string;
  /** A repository's Git URL: one of the organization's, if there is one. */
  repository: string;
}

/** Ready uses of a token. `{token}` stands where it is read from the environment, or is filled in. */
export function example(kind: Kind, { server, organization, repository }: Where): { token: string; text: string } {
  const projects = `${server}/${encodeURIComponent(organization)}/_apis/projects?api-version=7.1`;
  const host = new URL(server).hostname;
  switch (kind) {
    case "git":
      return {
        token: "$LATCHKEY_TOKEN",
        text: `# asks for a password once, then keeps it in your system's store
git clone ${repository}
# user name: anything · password: the token

# on a build server, without a prompt
B64=$(printf ':%s' "{token}" | base64 -w0)
git -c http.extraHeader="Authorization: Basic $B64" \\
    clone ${repository}`,
      };
    case "curl":
      return {
        token: "$LATCHKEY_TOKEN",
        text: `# the token is the password; the user name may be empty
curl --user ":{token}" \\
     "${projects}"`,
      };
    case "powershell":
      return {
        token: "$env:LATCHKEY_TOKEN",
        text: `$pair = [Text.Encoding]::ASCII.GetBytes(":{token}")
$headers = @{ Authorization = "Basic " + [Convert]::ToBase64String($pair) }
Invoke-RestMethod -Headers $headers \`
  -Uri "${projects}"`,
      };
    case "csharp":
      return {
        token: `Environment.GetEnvironmentVariable("LATCHKEY_TOKEN")`,
        text: `var token = {token};
using var http = new HttpClient();
http.DefaultRequestHeaders.Authorization = new("Basic",
    Convert.ToBase64String(Encoding.ASCII.GetBytes(":" + token)));
Console.WriteLine(await http.GetStringAsync(
    "${projects}"));`,
      };
    case "python":
      return {
        token: `os.environ["LATCHKEY_TOKEN"]`,
        text: `import os, requests

token = {token}
answer = requests.get("${projects}", auth=("", token))
answer.raise_for_status()
print(answer.json())`,
      };
    case "npm":
      return {
        token: "${LATCHKEY_TOKEN}",
        text: `# .npmrc, for a registry that asks this server; npm reads the variable itself
//registry.example.com/:_authToken={token}`,
      };
    case "netrc":
      return {
        token: "TOKEN",
        text: `# ~/.netrc, mode 0600: git, curl and Python's requests read it.
# It knows no variables: the token stands in the file
machine ${host}
login token
password {token}`,
      };
  }
}

/** How the token is written where it is filled in: as a string, where the language's variable was an expression. */
export function literal(kind: Kind, secret: string): string {
  return kind === "csharp" || kind === "python" ? `"${secret}"` : secret;
}
