#!/usr/bin/env python3
"""Revocation is exact, seen from outside (P1): over keep-alive and pipelined connections, while tokens are created
without end so that the index grows, while the server is stopped and goes on, and over kill -9. The rule and how a
history is taken: histories.py. The tests go red when a revocation is answered before the index has it.
"""
import random
import signal
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from histories import SETTINGS, Client, History, Verifier, joined  # noqa: E402
from server import Server  # noqa: E402

DEPTHS = (1, 4, 16)
VICTIMS = 120


class Revoker(Client):
    """Revokes tokens one after another, and each again until it is answered."""

    def __init__(self, server, victims):
        super().__init__(server)
        self.waiting, self.cookie = list(victims), server.sign_in()

    def act(self):
        victim = self.waiting[-1]
        answer = self.server.revoke(victim["authorizationId"], self.cookie)
        answered = time.monotonic()
        if answer.status == 503:
            return
        assert answer.status == 204, (answer.status, answer.body)
        self.history.revoked[victim["token"]] = answered
        self.waiting.pop()
        self.stopped = not self.waiting


class Creator(Client):
    """Creates tokens: the index's tables grow and are rebuilt meanwhile."""

    def __init__(self, server):
        super().__init__(server)
        self.created, self.cookie = 0, server.sign_in()

    def act(self):
        self.server.create_token("vso.code", self.cookie)
        self.created += 1


class Histories(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        settings = self.server.directory / "latchkey.toml"
        settings.write_text(SETTINGS)
        self.server.arguments = ["--config", str(settings)]
        self.server.start()
        cookie = self.server.sign_in()
        self.victims = [self.server.create_token("vso.code", cookie) for _ in range(VICTIMS)]
        texts = [victim["token"] for victim in self.victims]
        self.verifiers = [Verifier(self.server, texts, depth) for depth in DEPTHS]
        self.revoker, self.creator = Revoker(self.server, self.victims), Creator(self.server)

    def watched(self, disturb):
        """Runs everything, `disturb` again and again until all are revoked; then each token must be seen refused."""
        texts = {victim["token"] for victim in self.victims}
        everyone = (self.creator, *self.verifiers, self.revoker)
        for thread in everyone[:-1]:
            thread.start()
        self.wait(lambda: texts <= joined(v.history for v in self.verifiers).accepted.keys())
        self.revoker.start()
        while self.revoker.is_alive():
            disturb()
            self.revoker.join(0.01)
        self.wait(lambda: texts <= joined(v.history for v in self.verifiers).refused.keys())
        for thread in everyone:
            thread.stopped = True
        for thread in everyone:
            thread.join()
        self.check_failures()
        whole = joined([v.history for v in self.verifiers] + [self.revoker.history])
        print(f"{whole.verifications} verifications, {len(whole.revoked)} revocations, {self.creator.created} creations")
        self.assertEqual(whole.revoked.keys(), texts)
        self.assertEqual(len(whole.broken()), 0, f"accepted, started after the answer, by µs: {sorted(whole.broken().values())}")
        self.assertGreater(self.creator.created, 0)
        self.server.stop()

    def check_failures(self):
        for thread in (self.revoker, self.creator, *self.verifiers):
            if thread.failure:
                raise thread.failure

    def wait(self, condition):
        while not condition():
            self.check_failures()
            time.sleep(0.005)

    def test_under_load_and_growth(self):
        self.watched(lambda: None)

    def test_over_stops(self):
        def stop():
            self.server.process.send_signal(signal.SIGSTOP)
            time.sleep(random.uniform(0, 0.02))
            self.server.process.send_signal(signal.SIGCONT)
        self.watched(stop)

    def test_over_kills(self):
        kills = []

        def kill():
            if len(kills) < 5 and len(self.revoker.history.revoked) > VICTIMS * len(kills) / 6:
                kills.append(None)
                self.server.kill()
                self.server.start()
        self.watched(kill)
        self.assertEqual(len(kills), 5)


class Rule(unittest.TestCase):
    def test_rejects_an_acceptance_that_starts_after_the_answer(self):
        history = joined([History(accepted={"a": 2.0, "b": 1.0}), History(revoked={"a": 1.5, "b": 1.5})])
        self.assertEqual(list(history.broken()), ["a"])


if __name__ == "__main__":
    unittest.main()
