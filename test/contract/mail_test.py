#!/usr/bin/python3
"""Mail against real SMTP servers of this test's own (aiosmtpd).

Goal: each notice arrives once, whatever the server does meanwhile; what arrives is read back by a strict parser exactly
as it was meant; nothing that a person wrote makes a header or a line of its own; no mail holds a secret. Method: tokens
are made while servers refuse, put off, break off, ask for TLS or a password; "try again" ends the waiting.
"""
import email
import email.policy
import socket
import sys
import time
import unittest
from pathlib import Path

from aiosmtpd.controller import Controller

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import ADMIN, Server  # noqa: E402


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.02)


class Sink:
    """An SMTP server that keeps what it takes. `answer_to`: by recipient, a list of replies to RCPT; then it takes."""

    def __init__(self, port=0, **options):
        self.mails, self.answers, self.asked = [], {}, []
        self.controller = Controller(self, hostname="127.0.0.1", port=port or free_port(), **options)
        self.controller.start()
        self.port = self.controller.port

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked.append(address)
        answers = self.answers.get(address, [])
        if answers:
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 taken"

    def parsed(self):
        return [email.message_from_bytes(content, policy=email.policy.strict) for _, _, content in self.mails]

    def stop(self):
        self.controller.stop()


def mailing(server, port, more=""):
    """Writes the [mail] of a server that is yet to be started."""
    (server.data / "latchkey.toml").write_text(
        f'[mail]\nsmtp = "smtp://127.0.0.1:{port}"\nfrom = "latchkey@example.com"\n{more}')


class Arriving(unittest.TestCase):
    def setUp(self):
        self.sink = Sink()
        self.addCleanup(self.sink.stop)
        self.server = Server()
        mailing(self.server, self.sink.port, 'tls = "never"\n')
        self.server.__enter__()
        self.addCleanup(lambda: self.server.__exit__(None, None, None))

    def test_a_creation_is_mailed_to_its_owner_once(self):
        token = self.server.create_token("vso.code", displayName="Release pipeline")
        wait_until(lambda: self.sink.mails, "the mail")
        second = self.server.create_token("vso.build", displayName="Another")
        wait_until(lambda: len(self.sink.mails) == 2, "the second mail")
        sender, recipients, content = self.sink.mails[0]
        self.assertEqual((sender, recipients), ("latchkey@example.com", [ADMIN]))
        mail = self.sink.parsed()[0]
        self.assertIn("Release pipeline", mail["Subject"])
        self.assertNotIn(token["token"].encode(), content)
        self.assertNotEqual(mail["Message-ID"], self.sink.parsed()[1]["Message-ID"])
        self.assertNotIn(second["token"].encode(), self.sink.mails[1][2])


if __name__ == "__main__":
    unittest.main()
