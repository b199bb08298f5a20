#!/usr/bin/env python3
"""The metrics against a real server: on a listener of their own, off unless asked for, counting what was sent, and named in
the documents and on the dashboard as they are.
"""
import json
import re
import sys
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import ROOT, Server  # noqa: E402

SAMPLE = re.compile(r'^(\w+)(?:\{(.*)\})? (\S+)$')


class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(arguments=["--metrics-listen", "127.0.0.1:0"]).start()
        cls.addClassCleanup(cls.server.__exit__)
        lines = [json.loads(line) for line in cls.server.log.read_text().splitlines() if "serving metrics" in line]
        cls.url = f"http://127.0.0.1:{lines[0]['port']}"

    def scrape(self):
        """{"name{labels}": value}, after checking that it is the format's text."""
        with urllib.request.urlopen(self.url + "/metrics", timeout=60) as answer:
            self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
            text = answer.read().decode()
        values = {}
        for line in text.splitlines():
            if line.startswith("#"):
                continue
            name, labels, value = SAMPLE.match(line).groups()
            key = f"{name}{{{labels}}}" if labels else name
            self.assertNotIn(key, values, "a sample that is there twice")
            values[key] = float(value)
        return values

    def test_verdicts_are_counted_by_reason(self):
        cookie = self.server.sign_in()
        good = self.server.create_token("vso.build", cookie)
        ended = self.server.create_token("vso.build", cookie)
        self.server.revoke(ended["authorizationId"], cookie)
        before = self.scrape()
        path = "/DefaultCollection/_apis/build/builds?api-version=5.0"
        unknown = good["token"][:9] + ("b" if good["token"][9] == "a" else "a") + good["token"][10:]
        for text, times in ((good["token"], 5), (ended["token"], 3), (unknown, 2), ("nonsense", 1)):
            for _ in range(times):
                self.server.request("GET", path, token=text)
        self.server.request("GET", "/DefaultCollection/_apis/projects?api-version=5.0", token=good["token"])
        after = self.scrape()
        grown = {key: after[key] - before[key] for key in after if after[key] != before[key]}
        verdict = lambda reason: grown.get(f'latchkey_verdicts_total{{verdict="{reason}"}}', 0)
        self.assertEqual([verdict(r) for r in ("accepted", "revoked", "insufficient_scope")], [5, 3, 1])
        self.assertEqual(verdict("bad_checksum") + verdict("unknown") + verdict("malformed"), 3)
        labels = 'method="GET",route="/{organization}/[{project}]/_apis/build/builds"'
        self.assertEqual(grown[f"latchkey_request_seconds_count{{{labels}}}"], 11)
        self.assertGreater(grown[f"latchkey_request_seconds_sum{{{labels}}}"], 0)
        self.assertEqual(grown[f'latchkey_request_seconds_bucket{{{labels},le="+Inf"}}'], 11)

    def transfers(self):
        return [value for key, value in self.scrape().items()
                if value and "request_seconds_count" in key and "service=git-upload-pack" in key]

    def test_a_git_transfer_is_measured_to_its_end(self):
        self.server.create_project("Measured")
        answer = self.server.request("GET", "/DefaultCollection/_git/Measured/info/refs?service=git-upload-pack",
                                     token=self.server.token("vso.code"))
        self.assertEqual(answer.status, 200)
        deadline = time.monotonic() + 60
        while not (found := self.transfers()) and time.monotonic() < deadline:  # the process ends after its answer
            time.sleep(0.1)
        self.assertEqual(found, [1.0])

    def test_the_rest_says_what_there_is(self):
        token = self.server.create_token("vso.code")
        first = self.scrape()
        self.server.create_token("vso.code")
        second = self.scrape()
        self.assertEqual(second["latchkey_index_secrets"], first["latchkey_index_secrets"] + 1)
        self.assertGreater(second["latchkey_index_bytes"], 0)
        self.assertGreater(second["latchkey_commit_decisions_count"], first["latchkey_commit_decisions_count"])
        self.assertEqual((second["latchkey_pool_waiting"], second["latchkey_uses_lost_total"]), (0, 0))
        self.assertNotIn(token["token"][60:72], json.dumps(second))

    def test_nothing_else_is_there(self):
        for path in ("/", "/metrics/", "/healthz", "/DefaultCollection/_apis/projects"):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(self.url + path, timeout=60)
            self.assertEqual(refused.exception.code, 404, path)
        self.assertEqual(self.server.request("GET", "/metrics").status, 404)

    def test_documents_and_dashboard_name_those_that_are_there(self):
        there = {re.sub(r"_(bucket|sum|count)$", "", key.split("{")[0]) for key in self.scrape()}
        listed = set(re.findall(r"`(latchkey_\w+)", (ROOT / "docs/operations.md").read_text()))
        self.assertEqual(there, listed)
        dashboard = json.loads((ROOT / "packaging/grafana/latchkey.json").read_text())
        shown = set(re.findall(r"latchkey_\w+", json.dumps([p["targets"] for p in dashboard["panels"]])))
        self.assertEqual({re.sub(r"_(bucket|sum|count)$", "", name) for name in shown}, listed)


class Off(unittest.TestCase):
    def test_unless_asked_for(self):
        with Server() as server:
            self.assertNotIn("serving metrics", server.log.read_text())


if __name__ == "__main__":
    unittest.main()
