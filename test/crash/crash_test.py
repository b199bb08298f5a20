#!/usr/bin/env python3
"""Kills a server again and again while clients create, edit and revoke, and asks it afterwards.

Promises (P1, P4, P5): every acknowledged token verifies after the restart, every acknowledged revocation holds, the
audit has exactly one event for each acknowledged act. What was under way when the server died may have happened or
not; doing it again succeeds. And under strace the log's sync precedes the answer's send.
"""
import http.client
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import Server  # noqa: E402

ROUNDS, CLIENTS, ACTS_BEFORE_KILL = 6, 4, 60


class Client(threading.Thread):
    """One client's acts, and what was acknowledged. `tokens`: id → its state as acknowledged."""

    def __init__(self, server, seed):
        super().__init__()
        self.server, self.random = server, random.Random(seed)
        self.cookie = server.sign_in()
        self.tokens, self.events, self.unknown = {}, {}, set()
        self.acknowledged = 0

    def run(self):
        self.stopped = False
        while not self.stopped:
            try:
                self.act()
                self.acknowledged += 1
            except (OSError, http.client.HTTPException):
                return  # the server is gone

    def count(self, token, action):
        self.events[token, action] = self.events.get((token, action), 0) + 1

    def act(self):
        live = [i for i, t in self.tokens.items() if t["live"] and i not in self.unknown]
        choice = self.random.random()
        if choice < 0.5 or not live:
            pat = self.server.create_token("vso.code", self.cookie)
            self.tokens[pat["authorizationId"]] = {"text": pat["token"], "live": True, "name": "test"}
            self.count(pat["authorizationId"], "Token.PatCreateEvent")
            return
        token = self.random.choice(live)
        self.unknown.add(token)  # until it is acknowledged
        if choice < 0.7:
            name = f"edited {self.random.random()}"
            answer = self.server.request("PUT", self.server.pats(), {"authorizationId": token, "displayName": name},
                                         cookie=self.cookie)
            assert answer.status == 200 and answer.json["patTokenError"] == "none", answer.body
            self.tokens[token]["name"] = name
            self.count(token, "Token.PatUpdateEvent")
        else:
            answer = self.server.revoke(token, self.cookie)
            assert answer.status == 204, answer.body
            self.tokens[token]["live"] = False
            self.count(token, "Token.PatRevokeEvent")
        self.unknown.discard(token)


class Killed(unittest.TestCase):
    def accepted(self, text):
        return self.server.request("GET", f"/{self.server.organization}/_apis/connectionData", token=text).status == 200

    def check(self, client):
        for token, state in client.tokens.items():
            if token in client.unknown:
                # Repeating what was not answered is safe, and then it is known.
                self.assertEqual(self.server.revoke(token, self.server.sign_in()).status, 204)
                state["live"] = False
            self.assertEqual(self.accepted(state["text"]), state["live"], token)

    def test_killed_under_load_again_and_again(self):
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        self.server.start()
        everyone = []
        for round_number in range(ROUNDS):
            clients = [Client(self.server, f"{seed} {round_number} {n}") for n in range(CLIENTS)]
            for client in clients:
                client.start()
            # the kill comes at a random act, not at a time
            target = random.Random(f"{seed} {round_number}").randrange(10, ACTS_BEFORE_KILL)
            while sum(client.acknowledged for client in clients) < target:
                for client in clients:
                    client.join(0.001)
            self.server.kill()
            for client in clients:
                client.join()
            self.server.start()
            everyone += clients
            for client in clients:
                self.check(client)
        self.assertGreater(sum(not t["live"] for c in everyone for t in c.tokens.values()), 0)
        self.check_audit(everyone)
        self.server.stop()

    def check_audit(self, clients):
        with sqlite3.connect(f"file:{self.server.data}/latchkey.db?mode=ro", uri=True) as database:
            rows = database.execute("select position, subject, action from audit_events order by position").fetchall()
        self.assertEqual([row[0] for row in rows], list(range(1, len(rows) + 1)), "positions are dense")
        found = {}
        for _, subject, action in rows:
            found[subject, action] = found.get((subject, action), 0) + 1
        for client in clients:
            for (token, action), count in client.events.items():
                # One more than acknowledged is what died between commit and answer, or our own repetition.
                most = count + (1 if token in client.unknown else 0)
                self.assertTrue(count <= found.get((token, action), 0) <= most, (token, action, count))


class FailingDisk(unittest.TestCase):
    def break_the_disk(self, server):
        broken = subprocess.Popen(["strace", "-f", "-q", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e",
                                   "inject=fdatasync,fsync:error=EIO", "-p", str(server.process.pid)],
                                  stderr=subprocess.PIPE)
        self.addCleanup(broken.stderr.close)
        self.addCleanup(broken.wait)
        self.addCleanup(broken.terminate)
        status = Path(f"/proc/{server.process.pid}/status")
        while f"TracerPid:\t{broken.pid}\n" not in status.read_text():
            self.assertIsNone(broken.poll(), "strace ended")

    def test_a_failed_sync_answers_503_and_ends_the_server(self):
        server = Server()
        self.addCleanup(server.__exit__)
        server.environment = lambda make=server.environment, **more: make(**{"ASAN_OPTIONS": "detect_leaks=0", **more})
        server.start()
        cookie = server.sign_in()
        kept, doubtful = (server.create_token("vso.code", cookie) for _ in range(2))
        answer = None
        while answer is None:  # the server's own work may have met the disk before the request did
            self.break_the_disk(server)
            try:
                answer = server.revoke(doubtful["authorizationId"], cookie)
            except ConnectionError:
                self.assertEqual(server.process.wait(60), 4)
                server.process.stdout.close()
                server.process = None
                server.start()
        self.assertEqual(answer.status, 503, answer.body)
        self.assertEqual(server.process.wait(60), 4)
        server.process.stdout.close()
        server.process = None
        server.start()
        self.assertEqual(server.revoke(doubtful["authorizationId"], server.sign_in()).status, 204)  # now it is known
        for pat, good in ((kept, 200), (doubtful, 401)):
            answer = server.request("GET", f"/{server.organization}/_apis/connectionData", token=pat["token"])
            self.assertEqual(answer.status, good)
        server.stop()


class DurableOrder(unittest.TestCase):
    def test_the_sync_of_the_log_precedes_the_answer(self):
        server = Server()
        self.addCleanup(server.__exit__)
        trace = server.directory / "trace"
        # Sanitizers' leak check can't run under a tracer.
        server.environment = lambda make=server.environment, **more: make(**{"ASAN_OPTIONS": "detect_leaks=0", **more})
        server.start(prefix=["strace", "-f", "-y", "-e", "trace=fsync,fdatasync,sendto,sendmsg,write,writev", "-s", "300",
                             "-o", str(trace)])
        cookie = server.sign_in()
        pat = server.create_token("vso.code", cookie)
        self.assertEqual(server.revoke(pat["authorizationId"], cookie).status, 204)
        # strace keeps the signal for itself: its child is the server
        tracer = server.process.pid
        child = int(Path(f"/proc/{tracer}/task/{tracer}/children").read_text().split()[0])
        os.kill(child, signal.SIGTERM)
        self.assertEqual(server.process.wait(60), 0)
        server.process.stdout.close()
        server.process = None
        lines = trace.read_text(errors="replace").splitlines()
        self.assert_synced_before(lines, rf'HTTP/1\.1 200 OK.*', pat["authorizationId"])
        self.assert_synced_before(lines, r"HTTP/1\.1 204", "")

    def assert_synced_before(self, lines, answer, holding):
        """Between the answer before it and this answer, the write-ahead log was synced."""
        sends = [i for i, line in enumerate(lines) if re.search(r"(sendto|sendmsg|write|writev)\(\d+<(TCP|socket)", line)]
        last = [i for i in sends if re.search(answer, lines[i])][-1]
        before = max((i for i in sends if i < last), default=0)
        synced = [i for i in range(before, last) if re.search(r"f(data)?sync\(.*latchkey\.db-wal", lines[i])]
        self.assertTrue(synced, f"no sync between lines {before} and {last}:\n" + "\n".join(lines[before:last + 1])[:3000])


if __name__ == "__main__":
    unittest.main()
