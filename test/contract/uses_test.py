#!/usr/bin/env python3
"""The use ledger against a real server: it says exactly what this generator did, while the server runs, after a graceful
end and a start, and to nobody more than may know.

Goal: not one use more or less, by outcome, address, agent, scope and repository. Method: several connections at once
send good, ended and made-up tokens, as REST and Git, behind a proxy that names many clients; what was sent is counted
here.
"""
import base64
import collections
import concurrent.futures
import json
import random
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import ADMIN, PASSWORD, Server  # noqa: E402

KINDS = {"outcomes": "outcome", "addresses": "address", "userAgents": "agent", "scopes": "scope",
         "repositories": "repository"}


class Sent:
    """What was sent with one token, as the ledger should tell it."""

    def __init__(self):
        self.groups = {kind: collections.defaultdict(lambda: [0, 0]) for kind in KINDS}

    def add(self, accepted, times=1, **named):
        for kind, name in KINDS.items():
            if named.get(name):
                self.groups[kind][named[name]][0 if accepted else 1] += times

    def told(self):
        return {kind: {name: tuple(counts) for name, counts in of.items()} for kind, of in self.groups.items()}


class Ledger(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.server = Server(arguments=["--trusted-proxy", "127.0.0.1", "--trusted-proxy", "::1"]).start()
        self.addCleanup(self.server.__exit__)
        self.cookie = self.server.sign_in()
        self.server.create_project("Website")

    def uses(self, token):
        answer = self.server.request(
            "GET", f"/DefaultCollection/_apis/tokens/pats/{token['authorizationId']}/uses?api-version=7.1-preview.1",
            cookie=self.cookie)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def told(self, token):
        shown = self.uses(token)
        return {kind: {use["name"]: (use["accepted"], use["refused"]) for use in shown[kind]} for kind in KINDS}

    def expect(self, token, sent):
        """Waits for the fold, then compares: a count that is too high never becomes right again."""
        deadline = time.monotonic() + 60
        while self.told(token) != sent.told() and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertEqual(self.told(token), sent.told())

    def send(self, text, plan):
        """Sends (path, address, agent, status) over one connection."""
        connection = self.server.connection()
        try:
            for path, address, agent, status in plan:
                connection.request("GET", path, headers={
                    "Authorization": "Basic " + base64.b64encode(f"u:{text}".encode()).decode(),
                    "X-Forwarded-For": address, "User-Agent": agent})
                answer = connection.getresponse()
                answer.read()
                self.assertEqual(answer.status, status, path)
        finally:
            connection.close()

    def test_it_says_what_was_done(self):
        good = self.server.create_token("vso.code vso.build", self.cookie)
        ended = self.server.create_token("vso.code", self.cookie)
        idle = self.server.create_token("vso.code", self.cookie)
        self.assertEqual(self.server.revoke(ended["authorizationId"], self.cookie).status, 204)
        sent = {"good": Sent(), "ended": Sent()}
        repository = "/defaultcollection/wEBSITE/_apis/git/repositories/Website?api-version=7.1"
        ways = [  # path, scope, repository
            ("/DefaultCollection/_apis/build/builds?api-version=5.0", "vso.build", None),
            ("/DefaultCollection/Website/_git/Website/info/refs?service=git-upload-pack", "vso.code", "Website/Website"),
            (repository, "vso.code", "Website/Website"),
            ("/DefaultCollection/_apis/git/repositories/Website-not-there?api-version=7.1", "vso.code", None)]
        status = [200, 200, 200, 404]
        seed = random.randrange(1 << 30)
        generator = random.Random(seed)
        with self.subTest(seed=seed), concurrent.futures.ThreadPoolExecutor(6) as pool:
            waiting = []
            for _ in range(12):
                plans = {"good": [], "ended": [], "unknown": []}
                for _ in range(30):
                    who = generator.choice(["good", "good", "ended", "unknown"])
                    way = generator.randrange(len(ways))
                    path, scope, named = ways[way]
                    address = f"203.0.113.{generator.randrange(5)}"
                    agent = generator.choice(["curl/7.88", "pip/23 (a b)", "git/2.39.5"])
                    plans[who].append((path, address, agent, status[way] if who == "good" else 401))
                    if who == "good":
                        sent[who].add(True, outcome="accepted", address=address, agent=agent, scope=scope, repository=named)
                    if who == "ended":
                        sent[who].add(False, outcome="revoked", address=address, agent=agent, scope=scope)
                unknown = good["token"][:5] + ("b" if good["token"][5] == "a" else "a") + good["token"][6:]
                for text, plan in ((good["token"], plans["good"]), (ended["token"], plans["ended"]),
                                   (unknown, plans["unknown"])):
                    waiting.append(pool.submit(self.send, text, plan))
            for one in waiting:
                one.result()
        self.send(good["token"], [("/DefaultCollection/_apis/projects?api-version=7.1", "203.0.113.1", "curl/7.88", 403)])
        sent["good"].add(False, outcome="insufficient_scope", address="203.0.113.1", agent="curl/7.88", scope="vso.project")
        self.expect(good, sent["good"])
        self.expect(ended, sent["ended"])
        self.assertNotIn("lastUsed", self.uses(idle))
        self.assertNotIn("lastUsed", self.uses(ended))
        self.assertEqual(self.told(idle), Sent().told())

        self.server.stop()  # what was counted since the last fold is folded now
        self.server.start()
        self.expect(good, sent["good"])
        plan = [(ways[0][0], "203.0.113.9", "curl/7.88", 200)] * 25
        self.send(good["token"], plan)
        sent["good"].add(True, len(plan), outcome="accepted", address="203.0.113.9", agent="curl/7.88", scope="vso.build")
        self.server.stop()
        self.server.start()
        self.assertEqual(self.told(good), sent["good"].told())
        listed = self.server.request("GET", self.server.pats(), cookie=self.cookie).json["patTokens"]
        self.assertEqual([t.get("lastUsed") for t in listed if t["authorizationId"] == good["authorizationId"]],
                         [self.uses(good)["lastUsed"]])

    def test_git_itself(self):
        token = self.server.create_token("vso.code_write", self.cookie)
        remote = self.server.remote("Website", "Website", f"u:{token['token']}")
        source, trace = self.server.directory / "source", self.server.directory / "trace"
        git = self.server.git
        git("init", source)
        git("commit", "--allow-empty", "-m", "first", cwd=source)
        git("push", remote, "main", cwd=source, GIT_TRACE_CURL=str(trace))
        git("clone", remote, self.server.directory / "clone", GIT_TRACE_CURL=str(trace))
        git("ls-remote", remote, GIT_TRACE_CURL=str(trace))
        requests = 0
        for line in trace.read_text(errors="replace").splitlines():
            requests += "=> Send header: Authorization: Basic" in line or "=> Send header: authorization: Basic" in line
        self.assertGreaterEqual(requests, 6)
        deadline = time.monotonic() + 60
        while sum(a for a, _ in self.told(token)["repositories"].values()) < requests and time.monotonic() < deadline:
            time.sleep(0.2)
        told = self.told(token)
        self.assertEqual(told["outcomes"], {"accepted": (requests, 0)})
        self.assertEqual(told["repositories"], {"Website/Website": (requests, 0)})
        self.assertEqual(sum(a for a, _ in told["scopes"].values()), requests)
        self.assertLessEqual(set(told["scopes"]), {"vso.code", "vso.code_write"})

    def test_a_token_used_from_everywhere_is_counted_whole_and_kept_small(self):
        token = self.server.create_token("vso.build", self.cookie)
        path = "/DefaultCollection/_apis/build/builds?api-version=5.0"
        plan = [(path, f"198.51.{n // 250}.{n % 250 + 1}", f"agent/{n}", 200) for n in range(1500)]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for one in [pool.submit(self.send, token["token"], plan[n::4]) for n in range(4)]:
                one.result()
        self.server.stop()
        self.server.start()
        told = self.told(token)
        self.assertEqual(told["outcomes"], {"accepted": (1500, 0)})
        self.assertLessEqual(len(told["addresses"]), 100)
        self.assertGreater(told["addresses"]["other"][0], 1000)

    def test_a_token_s_text_in_an_agent_is_masked(self):
        token = self.server.create_token("vso.build", self.cookie)
        self.send(token["token"], [("/DefaultCollection/_apis/build/builds?api-version=5.0", "203.0.113.1",
                                    f"curl {token['token']}", 200)])
        self.server.stop()
        self.assertNotIn(token["token"].encode(), b"".join(p.read_bytes() for p in self.server.data.glob("latchkey.db*")))
        self.server.start()
        self.assertEqual(self.told(token)["userAgents"], {"curl [token]": (1, 0)})

    def test_what_kill_9_takes_is_not_counted_twice(self):
        token = self.server.create_token("vso.build", self.cookie)
        path = "/DefaultCollection/_apis/build/builds?api-version=5.0"
        self.send(token["token"], [(path, "203.0.113.1", "a", 200)] * 40)
        sent = Sent()
        sent.add(True, 40, outcome="accepted", address="203.0.113.1", agent="a", scope="vso.build")
        self.expect(token, sent)
        self.server.kill()
        self.server.start()
        self.assertEqual(self.told(token), sent.told())

    def test_the_command_line_shows_it(self):
        token = self.server.create_token("vso.build", self.cookie)
        self.server.latchkey("login", "--server", self.server.url, "--organization", "DefaultCollection", "--user", ADMIN,
                             "--password-stdin", input=PASSWORD + "\n")
        show = lambda *more: self.server.latchkey("token", "uses", token["authorizationId"], *more).stdout
        self.assertEqual(show(), "last used: never\n")
        self.assertIn("never", self.server.latchkey("token", "list").stdout)
        self.send(token["token"], [("/DefaultCollection/_apis/build/builds?api-version=5.0", "203.0.113.7", "x/1", 200)])
        self.server.stop()
        self.server.start()
        self.assertRegex(show(), r"address +203\.0\.113\.7 +1 +0 ")
        self.assertEqual(json.loads(show("--json")), self.uses(token))
        self.assertIn(self.uses(token)["lastUsed"], self.server.latchkey("token", "show", token["authorizationId"]).stdout)


if __name__ == "__main__":
    unittest.main()
