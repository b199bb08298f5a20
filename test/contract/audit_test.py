#!/usr/bin/env python3
"""The audit from outside: it is read by who may, downloaded whole, exported by the command line, and verified there
without a server.

Goal: an export is whole and shows what was done to it; a token opens it with its scope alone; a download of many events
costs the server no memory. Method: acts by the API, then the commands; the database filled for the download.
"""
import contextlib
import csv
import io
import json
import os
import re
import sqlite3
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import ADMIN, PASSWORD, Server  # noqa: E402


class Audit(unittest.TestCase):
    def setUp(self):
        # What is freed is given back, where a sanitizer would keep it: memory is measured.
        os.environ["ASAN_OPTIONS"] = "quarantine_size_mb=1:thread_local_quarantine_size_kb=64"
        self.server = Server().start()
        self.addCleanup(self.server.__exit__)
        self.cookie = self.server.sign_in()

    def log_in(self):
        self.server.latchkey("login", "--server", self.server.url, "--organization", "DefaultCollection", "--user", ADMIN,
                             "--password-stdin", input=PASSWORD + "\n")

    def get(self, path, **how):
        answer = self.server.request("GET", path, **(how or {"cookie": self.cookie}))
        self.assertEqual(answer.status, 200, answer.body)
        return answer

    def memory(self):
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1))

    def test_commands(self):
        self.log_in()
        self.server.create_token("vso.code", cookie=self.cookie, displayName="=cmd()")
        self.assertEqual(self.server.request("POST", "/_session", {"user": ADMIN, "password": "wrong"}).status, 401)
        listed = self.server.latchkey("audit", "list", "--server", "--area", "Session").stdout
        self.assertIn("Session.SignInFailed", listed)
        self.assertNotIn("Token.PatCreateEvent", listed)
        shown = json.loads(self.server.latchkey("audit", "list", "--category", "create", "--json").stdout)
        self.assertEqual([entry["actionId"] for entry in shown["value"]], ["Token.PatCreateEvent", "Organization.Create"])
        for name in ("jsonl", "csv"):
            file = self.server.directory / f"audit.{name}"
            exported = self.server.latchkey("audit", "export", "--server", "--format", name, "--output", file)
            head = exported.stderr.split()[-1]
            self.assertIn(head, self.server.latchkey("audit", "verify", file, "--head", head).stdout)
            content = file.read_bytes()
            file.write_bytes(content.replace(b"vso.code", b"vso.full", 1))
            broken = self.server.latchkey("audit", "verify", file, check=False)
            self.assertEqual(broken.returncode, 1)
            self.assertRegex(broken.stderr, r"position \d+")
            end = b"\r\n" if name == "csv" else b"\n"
            file.write_bytes(end.join(content.split(end)[:-2]) + end)
            self.server.latchkey("audit", "verify", file)  # a cut end
            self.assertEqual(self.server.latchkey("audit", "verify", file, "--head", head, check=False).returncode, 1)
        own = self.server.directory / "own.jsonl"
        self.server.latchkey("audit", "export", "--output", own)
        self.assertIn("others', by digest alone", self.server.latchkey("audit", "verify", own).stdout)
        self.assertNotIn("Session.SignIn", own.read_text())

    def checked(self, name):
        """What the server says of the chain, once it says something under that name."""
        end = time.monotonic() + 60
        while name not in (state := self.get("/_apis/latchkey/audit/check").json):
            self.assertLess(time.monotonic(), end, state)
            time.sleep(0.05)
        return state

    def test_check(self):
        state = self.checked("checkedAt")
        self.assertGreater(state["unbroken"], 0)
        self.assertNotIn("broken", state)
        self.server.stop()
        with contextlib.closing(sqlite3.connect(self.server.data / "latchkey.db")) as database:
            database.execute("update audit_events set address = '192.0.2.1' where position = 2")
            database.commit()
        self.server.start()  # which looks from the beginning
        self.cookie = self.server.sign_in()
        self.assertEqual(self.checked("broken")["broken"], 2)
        self.assertIn("the audit's chain is broken", self.server.log.read_text())
        own = self.get("/DefaultCollection/_apis/latchkey/audit/check").json
        self.assertEqual(own["broken"], 2)

    def test_tokens(self):
        path = "/DefaultCollection/_apis/audit/auditlog?api-version=7.2-preview.1"
        entries = self.get(path, token=self.server.token("vso.auditlog")).json["decoratedAuditLogEntries"]
        access = entries[0]
        self.assertEqual(access["actionId"], "AuditLog.AccessLog")
        self.assertTrue(access["authenticationMechanism"].startswith("PAT "))
        self.assertEqual(access["scopeDisplayName"], "DefaultCollection (Organization)")
        self.assertEqual(access["actorUPN"], ADMIN)
        self.assertEqual(self.server.request("GET", path, token=self.server.token("vso.code_full")).status, 403)
        self.assertEqual(self.server.request("GET", "/_apis/audit/auditlog", token=self.server.token()).status, 403)

    def test_download(self):
        self.server.create_token("vso.code", cookie=self.cookie, displayName="=1+1")
        self.server.stop()
        count = 60_000
        database = sqlite3.connect(self.server.data / "latchkey.db")
        columns = [row[1] for row in database.execute("pragma table_info(audit_events)")]
        copied = ", ".join("position + n.i" if name == "position" else name for name in columns)
        database.execute(f"with recursive n (i) as (select 1 union all select i + 1 from n where i < {count}) insert into audit_events "
                         f"select {copied} from audit_events, n where position = (select max(position) from audit_events)")
        database.commit()
        database.close()
        self.server.start()
        self.cookie = self.server.sign_in()
        # Until each of the pool's threads has what it keeps for itself, the pages of its database among it.
        before, grown = self.memory(), None
        for _ in range(40):
            self.get("/DefaultCollection/_apis/audit/downloadlog?format=csv")
            before, grown = self.memory(), self.memory() - before
            if grown < 5_000:
                break
        self.assertLess(grown, 5_000)
        body = self.get("/DefaultCollection/_apis/audit/downloadlog?format=csv").body
        rows = list(csv.DictReader(io.StringIO(body.decode(), newline="")))
        self.assertEqual(sum(row["actionId"] == "Token.PatCreateEvent" for row in rows), count + 1)
        self.assertTrue(all(cell[:1] not in "=+-@" for row in rows for cell in row.values() if cell))
        self.assertEqual(len(json.loads(self.get("/DefaultCollection/_apis/audit/downloadlog?format=json").body)), len(rows) + 1)
        self.assertGreater(len(body), 30_000_000)
        self.assertLess(self.memory() - before, 25_000)  # KiB: less than one answer


if __name__ == "__main__":
    unittest.main()
