"""An SMTP server (aiosmtpd) that keeps what it takes, for tests of mail."""
import email
import email.policy

from aiosmtpd.controller import Controller

from server import free_port


def mailing(server, port, more="", host="127.0.0.1", scheme="smtp"):
    """Writes the [mail] of a server that is yet to be started."""
    (server.data / "latchkey.toml").write_text(
        f'[mail]\nsmtp = "{scheme}://{host}:{port}"\nfrom = "latchkey@example.com"\n{more}')


class Sink:
    """Keeps what it takes. `answers`: by recipient, what it says to them before it takes; `content_answers`: what it says to
    mails that it keeps all the same, as a text or made of the content; `folder`: where each becomes a file too."""

    def __init__(self, port=0, folder=None, **options):
        self.folder = folder
        self.mails, self.answers, self.asked, self.secure = [], {}, [], []
        self.sender_answer, self.content_answers = None, []
        self.controller = Controller(self, hostname="127.0.0.1", port=port or free_port(), **options)
        self.controller.start()
        self.port, self.running = self.controller.port, True

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked.append(address)
        answers = self.answers.get(address, [])
        if answers:
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.secure.append(session.ssl is not None)
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        if self.folder:
            beside = self.folder / "coming"
            beside.write_text(self.parsed()[-1].get_body(("plain",)).get_content())
            beside.rename(self.folder / f"{len(self.mails)}.txt")
        answer = self.content_answers.pop(0) if self.content_answers else "250 taken"
        return answer(envelope.content) if callable(answer) else answer

    def parsed(self):
        return [email.message_from_bytes(content, policy=email.policy.strict) for _, _, content in self.mails]

    def stop(self):
        if self.running:
            self.controller.stop()
        self.running = False
