#!/usr/bin/env python3
"""A revocation of many tokens over kill -9: it goes on after each start by itself, ends, and has revoked each token
exactly once; a job that says it is done has none that is still accepted.
"""
import sqlite3
import sys
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "test"), str(ROOT / "test/contract"), str(ROOT / "bench")]
from server import Server  # noqa: E402
from store_bench import copy_rows, open_for_filling  # noqa: E402

TOKENS, KILLS = 6000, 3


class Jobs(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.cookie = self.server.sign_in()
        self.known = self.server.create_token("vso.code", self.cookie)
        self.server.stop()
        database = open_for_filling(self.server.data / "latchkey.db")
        database.execute("create temp table made as with recursive n (i) as (select 0 union all select i + 1 from n where i < ? - 1) "
                         "select i, randomblob(16) id from n", [TOKENS - 1])
        copy_rows(database, "tokens", "made", "rowid = 1", id="made.id")
        copy_rows(database, "secrets", "made", "rowid = 1", id="randomblob(16)", token="made.id", digest="randomblob(32)",
                  fingerprint="hex(randomblob(6))")
        database.commit()
        database.close()
        self.server.start()
        self.path = f"/{self.server.organization}/_apis/latchkey/revocations"

    def job(self, started):
        answer = self.server.request("GET", f"{self.path}/{started['id']}", cookie=self.cookie)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def wait(self, started, condition):
        while not condition(job := self.job(started)):
            time.sleep(0.005)
        return job

    def test_goes_on_after_each_kill_and_ends(self):
        answer = self.server.request("POST", self.path, {"match": {}, "reason": "an end"}, cookie=self.cookie)
        self.assertEqual(answer.status, 202, answer.body)
        started = answer.json
        self.assertEqual(started["total"], TOKENS)
        seen = []
        for _ in range(KILLS):
            before = seen[-1] if seen else 0
            job = self.wait(started, lambda job: job["done"] > before or job["state"] != "running")
            seen.append(job["done"])
            self.server.kill()
            self.server.start()
        self.assertLess(seen[0], TOKENS, "it was done before the first kill: make more tokens")
        job = self.wait(started, lambda job: job["state"] != "running")
        self.assertEqual((job["state"], job["done"]), ("done", TOKENS))
        path = f"/{self.server.organization}/_apis/projects?api-version=7.1"
        self.assertEqual(self.server.request("GET", path, token=self.known["token"]).status, 401)
        self.server.stop()
        with sqlite3.connect(self.server.data / "latchkey.db") as database:
            one = database.execute("select count(*), count(distinct subject) from audit_events where action = 'Token.PatRevokeEvent'")
            self.assertEqual(one.fetchone(), (TOKENS, TOKENS))
            live = database.execute("select count(*) from tokens where state = 'live'")
            self.assertEqual(live.fetchone(), (0,))


if __name__ == "__main__":
    unittest.main()
