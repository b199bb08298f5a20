#!/usr/bin/env python3
"""Git transfers that run when their token ends, over a relay that reads slowly.

Promise (P1): once a revocation is answered, a clone or push under the token gets no further: its connection is cut
within 100 ms (p99), its processes end, no ref moves, and nothing is left in the repository that the next push stumbles over.
A push that is held just where its ref moves holds the answer for two seconds at most.
"""
import math
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import Server  # noqa: E402

BIG, LATE = 24_000_000, 0.1  # bytes that don't compress; seconds
RUNS = int(os.environ.get("LATCHKEY_CUT_RUNS", "8"))  # of each kind: from 100 on, p99 leaves some out
DEADLINE = 60  # seconds, for what must happen


def wait_until(condition, what):
    end = time.monotonic() + DEADLINE
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"never: {what}")
        time.sleep(0.005)
    return found


class Relay:
    """Passes one way's bytes on slowly, and keeps when the server cut the connection."""

    CHUNK, PAUSE = 16_384, 0.01

    def __init__(self, server):
        self.server, self.cut_at, self.passed, self.big = server, None, 0, threading.Event()
        self.listener = socket.create_server(("localhost", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def remote(self, *names):
        return self.server.remote(*names).replace(f":{self.server.port}/", f":{self.port}/")

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.pass_on, args=(client,), daemon=True).start()

    def pass_on(self, client):
        upstream = socket.create_connection(("localhost", self.server.port))
        passed = 0
        watch = select.poll()
        watch.register(upstream, 0)  # a reset, whatever of its bytes still waits
        with client, upstream:
            threading.Thread(target=self.watch, args=(watch,), daemon=True).start()
            while True:
                for source in select.select([client, upstream], [], [])[0]:
                    target = upstream if source is client else client
                    try:
                        data = source.recv(self.CHUNK)
                    except OSError:
                        return self.is_cut(source is upstream)
                    if not data:
                        return
                    try:
                        target.sendall(data)
                    except OSError:
                        return self.is_cut(target is upstream)
                    passed += len(data)
                    if passed > 20 * self.CHUNK:
                        self.big.set()
                    if passed > self.CHUNK:
                        time.sleep(self.PAUSE)

    def watch(self, poll):
        self.is_cut(any(events & (select.POLLERR | select.POLLHUP) for _, events in poll.poll(DEADLINE * 1000)))

    def is_cut(self, by_server):
        """By whichever sees it first: who closes the socket hides it from the other."""
        if by_server and self.cut_at is None:
            self.cut_at = time.monotonic()

    def close(self):
        self.listener.close()


class CutCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.addClassCleanup(cls.server.__exit__)
        cls.cookie = cls.server.sign_in()
        cls.server.create_project("P")
        cls.source = cls.server.directory / "source"
        cls.git = staticmethod(lambda *a, **more: cls.server.git(*a, cwd=cls.source, **more))
        cls.server.git("init", cls.source)
        cls.commit("small", b"1")
        cls.git("branch", "small")
        cls.keeper = cls.server.token("vso.code_write")
        cls.git("push", cls.server.remote("P", "P", f"u:{cls.keeper}"), "main")
        cls.commit("big", os.urandom(BIG))
        cls.repository = next((cls.server.data / "repositories").iterdir())

    @classmethod
    def commit(cls, name, content):
        (cls.source / name).write_bytes(content)
        cls.git("add", ".")
        cls.git("commit", "-m", name)

    def start(self, *arguments):
        host = f"http.extraHeader=Host: localhost:{self.server.port}"  # whatever relay it goes through
        process = subprocess.Popen(["git", "-c", host, *map(str, arguments)], cwd=self.source, env=self.server.environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        return process

    def processes(self):
        """Git's processes of this server, known by the directory in their environment: (id, state)."""
        mark = f"GIT_PROJECT_ROOT={self.repository.parent}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes():
                    found.append((int(entry.name), (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]))
            except OSError:
                continue
        return found

    def refs(self):
        return self.git("--git-dir", self.repository, "for-each-ref").stdout

    def remnants(self):
        return [str(path) for path in self.repository.rglob("*")
                if path.name.endswith(".lock") or path.name.startswith(("tmp_", "incoming-"))]

    def revoke(self, pat):
        answer = self.server.revoke(pat["authorizationId"], self.cookie)
        self.assertEqual(answer.status, 204)
        return time.monotonic()

    def is_clean(self):
        wait_until(lambda: not self.processes(), "the backend's processes end")
        wait_until(lambda: not self.remnants(), f"nothing is left: {self.remnants()}")


class StreamingCase(CutCase):
    """The body or the answer is on its way."""

    def cut_once(self, scope, command):
        pat = self.server.create_token(scope, self.cookie)
        relay = Relay(self.server)
        try:
            client = self.start(*command(relay.remote("P", "P", f"u:{pat['token']}")))
            self.assertTrue(relay.big.wait(DEADLINE))
            before = self.refs()
            self.assertIsNone(relay.cut_at)
            answered = self.revoke(pat)
            wait_until(lambda: relay.cut_at, "the server cuts the connection")
            output = client.communicate(timeout=DEADLINE)[0]
            self.assertNotEqual(client.returncode, 0, output)
            self.is_clean()
            self.assertEqual(self.refs(), before)
            return relay.cut_at - answered
        finally:
            relay.close()

    def cut_often(self, scope, command):
        took = sorted(self.cut_once(scope, lambda url: command(url, run)) for run in range(RUNS))
        median, p99, worst = took[RUNS // 2], took[math.ceil(RUNS * 0.99) - 1], took[-1]
        print(f"cut after the answer, ms: median {median * 1e3:.1f}, p99 {p99 * 1e3:.1f}, worst {worst * 1e3:.1f} of {RUNS}")
        self.assertLess(p99, LATE)


class Cloning(StreamingCase):
    def test_a_clone_is_cut(self):
        self.git("push", self.server.remote("P", "P", f"u:{self.keeper}"), "main:big")
        self.cut_often("vso.code", lambda url, run: ("clone", "--bare", url, self.server.directory / f"clone{run}"))


class Pushing(StreamingCase):
    def test_a_push_is_cut(self):
        self.cut_often("vso.code_write", lambda url, run: ("push", url, f"main:refs/heads/pushed{run}"))

    def test_the_end_of_another_token_cuts_nothing(self):
        pat, other = (self.server.create_token("vso.code_write", self.cookie) for _ in range(2))
        relay = Relay(self.server)
        relay.PAUSE = 0.001
        self.addCleanup(relay.close)
        client = self.start("push", relay.remote("P", "P", f"u:{pat['token']}"), "main:refs/heads/whole")
        self.assertTrue(relay.big.wait(DEADLINE))
        self.revoke(other)
        self.assertEqual(client.wait(DEADLINE), 0)
        self.assertIn("refs/heads/whole", self.refs())


class Moving(CutCase):
    """Git was told that the ref may move, and is stopped before it does."""

    def hold(self, pat, ref):
        """A push that stands still after the hook's yes; the processes that are stopped."""
        hook = self.server.data / "hooks" / "reference-transaction"
        script = hook.read_text()
        # The hook stops git, which waits for it, and then says what it was told.
        hook.write_text(script.replace('[ "$answer" = yes ]', '[ "$answer" = yes ] && kill -STOP $PPID'))
        self.addCleanup(hook.write_text, script)
        client = self.start("push", self.server.remote("P", "P", f"u:{pat['token']}"), f"small:{ref}")
        pids = wait_until(lambda: [pid for pid, state in self.processes() if state == "T"], "git stands still")
        hook.write_text(script)
        return client, pids

    def test_the_answer_waits_for_the_ref_that_moves(self):
        pat = self.server.create_token("vso.code_write", self.cookie)
        client, _ = self.hold(pat, "refs/heads/held")
        began = time.monotonic()
        answered = self.revoke(pat)
        gone = not self.processes()
        self.assertTrue(gone, "answered while a process could still move the ref")
        self.assertLess(answered - began, 3)
        self.assertNotEqual(client.wait(DEADLINE), 0)
        self.assertNotIn("held", self.refs())
        self.is_clean()
        self.git("push", self.server.remote("P", "P", f"u:{self.keeper}"), "small:refs/heads/held")

    def test_no_ref_moves_after_the_answer_when_git_goes_on(self):
        pat = self.server.create_token("vso.code_write", self.cookie)
        client, pids = self.hold(pat, "refs/heads/going")
        at_answer = []
        revoking = threading.Thread(target=lambda: (self.revoke(pat), at_answer.append(self.refs())))
        revoking.start()
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        revoking.join()
        self.assertNotEqual((client.wait(DEADLINE), at_answer), (0, []))
        self.is_clean()
        self.assertEqual([self.refs()], at_answer)

    def test_the_answer_to_others_does_not_wait(self):
        pat, other = (self.server.create_token("vso.code_write", self.cookie) for _ in range(2))
        client, pids = self.hold(pat, "refs/heads/calm")
        self.revoke(other)
        self.assertTrue(self.processes())
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        self.assertEqual(client.wait(DEADLINE), 0)
        self.assertIn("refs/heads/calm", self.refs())


del CutCase, StreamingCase
if __name__ == "__main__":
    unittest.main()
