#!/usr/bin/python3
"""kill -9 at any moment while the outbox drains: each mail arrives, and each kill has doubled one at most, under the same
Message-ID: the one that the mail server took just before."""
import collections
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from mail_sink import Sink, mailing  # noqa: E402
from server import Server, wait_until  # noqa: E402

TOKENS, KILLS = 150, 8


class Draining(unittest.TestCase):
    def test_loses_none_and_doubles_one_for_a_kill_at_most(self):
        sink = Sink()
        self.addCleanup(sink.stop)
        server = Server()
        self.addCleanup(lambda: server.__exit__(None, None, None))
        mailing(server, sink.port, 'tls = "never"\n')
        server.start()
        cookie = server.sign_in()
        sink.stop()
        names = [f"token {number}" for number in range(TOKENS)]
        for name in names:
            server.create_token("vso.code", cookie, displayName=name)
        sink = Sink(sink.port)
        self.addCleanup(sink.stop)
        self.assertEqual(server.request("POST", "/_apis/latchkey/mail/retry", {"all": True}, cookie=cookie).status, 200)
        for kill in range(KILLS):
            until = len(sink.mails) + 3 + 2 * kill
            wait_until(lambda until=until: len(sink.mails) >= until, "mails to be sent")
            server.kill()
            server.start()
        self.assertLess(len(sink.mails), TOKENS, "all were sent before the last kill: make more tokens")
        wait_until(lambda: server.request("GET", "/_apis/latchkey/mail", cookie=cookie).json["queued"] == 0, "an empty queue")
        arrived = collections.Counter((mail["Message-ID"], mail["Subject"]) for mail in sink.parsed())
        self.assertEqual({subject for _, subject in arrived}, {f"Token created: {name}" for name in names})
        self.assertEqual(len(arrived), TOKENS, "the same mail has the same Message-ID")
        self.assertLessEqual(max(arrived.values()), 2)
        self.assertLessEqual(sum(arrived.values()) - TOKENS, KILLS)
        listed = server.request("GET", "/_apis/latchkey/mail/undeliverable", cookie=cookie).json
        self.assertEqual(listed["value"], [])


if __name__ == "__main__":
    unittest.main()
