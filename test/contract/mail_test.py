#!/usr/bin/python3
"""Mail against real SMTP servers of this test's own (aiosmtpd).

Goal: each notice arrives once, whatever the server does meanwhile; what arrives is read back by a strict parser exactly
as it was meant; nothing that a person wrote makes a header or a line of its own; no mail holds a secret. Method: tokens
are made while servers refuse, put off, break off, ask for TLS or a password; "try again" ends the waiting.
"""
import json
import quopri
import re
import socket
import ssl
import subprocess
import sys
import threading
import unittest
from pathlib import Path

from aiosmtpd.smtp import AuthResult

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from mail_sink import Sink, mailing  # noqa: E402
from server import ADMIN, PASSWORD, Server, wait_until  # noqa: E402

SMTP_PASSWORD = "a mail password that nobody may see"


class Mailing(unittest.TestCase):
    """A server that mails to a sink, once they are started."""

    def start(self, sink, more='tls = "never"\n', host="127.0.0.1", scheme="smtp"):
        self.sink = sink
        self.addCleanup(sink.stop)
        self.server = Server()
        self.addCleanup(lambda: self.server.__exit__(None, None, None))
        mailing(self.server, sink.port, more, host, scheme)
        self.server.start()
        self.cookie = self.server.sign_in()

    def create(self, name="CI", **fields):
        return self.server.create_token("vso.code", self.cookie, displayName=name, **fields)

    def state(self):
        return self.server.request("GET", "/_apis/latchkey/mail", cookie=self.cookie).json

    def undeliverable(self):
        return self.server.request("GET", "/_apis/latchkey/mail/undeliverable", cookie=self.cookie).json["value"]

    def retry(self, **body):
        answer = self.server.request("POST", "/_apis/latchkey/mail/retry", body or {"all": True}, cookie=self.cookie)
        self.assertEqual(answer.status, 200)
        return answer.json["count"]

    def wait_for_error(self, words):
        wait_until(lambda: words in self.state().get("lastError", ""), f"the error {words!r}")


class Arriving(Mailing):
    def test_a_creation_is_mailed_to_its_owner_once(self):
        self.start(Sink())
        token = self.create("Release pipeline")
        wait_until(lambda: self.sink.mails, "the mail")
        second = self.create("Another")
        wait_until(lambda: len(self.sink.mails) == 2, "the second mail")
        sender, recipients, content = self.sink.mails[0]
        self.assertEqual((sender, recipients), ("latchkey@example.com", [ADMIN]))
        first, other = self.sink.parsed()
        self.assertEqual(first["Subject"], "Token created: Release pipeline")
        self.assertEqual(first["Auto-Submitted"], "auto-generated")
        self.assertEqual([str(address.addr_spec) for address in first["To"].addresses], [ADMIN])
        self.assertRegex(first["Message-ID"], r"^<[0-9a-f-]{36}@localhost>$")
        self.assertNotEqual(first["Message-ID"], other["Message-ID"])
        for secret in (token["token"], second["token"]):
            for mail in self.sink.mails:
                self.assertNotIn(secret.encode(), mail[2])
                self.assertNotIn(secret[:20].encode(), mail[2])
        wait_until(lambda: self.state()["queued"] == 0, "an empty queue")
        self.assertEqual(self.undeliverable(), [])

    def test_links_lead_to_pages_below_the_public_url(self):
        self.start(Sink())
        token = self.create()
        wait_until(lambda: self.sink.mails, "the mail")
        mail = self.sink.parsed()[0]
        page = f"{self.server.url}/{self.server.organization}/_usersSettings/tokens/{token['authorizationId']}"
        for part in ("plain", "html"):
            content = mail.get_body((part,)).get_content()
            links = set(re.findall(r"https?://[^\s\"<]+", content))
            self.assertTrue(all(link.startswith(self.server.url + "/") for link in links), links)
            self.assertTrue({page, page + "/revoke"} <= links, links)
            for link in links:
                answer = self.server.request("GET", link.removeprefix(self.server.url), cookie=self.cookie,
                                             headers={"Accept": "text/html"})
                self.assertIn(answer.status, (200, 404), link)  # 404: a server that was built without its pages

    def test_hard_names_are_read_back_as_they_are_and_do_no_harm(self):
        names = ['<script>alert("1")</script> & \'x\' {{name}} *b*', "שלום <b>", "漢字" * 50, "é" * 100, "=?UTF-8?B?eA==?= x",
                 "a" * 100, '.\\"quoted\\" , ; : <x@example.com>']
        self.start(Sink())
        for name in names:
            self.create(name)
        wait_until(lambda: len(self.sink.mails) == len(names), "the mails")
        for name, (_, _, content), mail in zip(names, self.sink.mails, self.sink.parsed()):
            self.assertEqual(mail["Subject"], "Token created: " + name)
            self.assertEqual(mail.defects, [])
            self.assertEqual(sorted(mail.keys()), sorted(
                ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
                 "MIME-Version", "Content-Type"] + [key for key in mail.keys() if key in ("X-Peer", "X-MailFrom", "X-RcptTo")]))
            for line in content.split(b"\r\n"):
                self.assertLessEqual(len(line), 78)
            self.assertNotIn(b"\n", content.replace(b"\r\n", b""))
            text = mail.get_body(("plain",)).get_content()
            self.assertIn(f"Token: {name}\r\n", text.replace("\u2068", "").replace("\u2069", ""))
            page = mail.get_body(("html",)).get_content()
            self.assertNotIn("<script>", page)
            self.assertNotIn("<b>", page)

    def test_what_a_tool_made_is_told_in_its_words(self):
        self.start(Sink())
        self.create("git: https://dev.azure.com/halden on RUNNER-04")
        wait_until(lambda: self.sink.mails, "the mail")
        self.assertIn("Git Credential Manager made it on RUNNER-04", self.sink.parsed()[0].get_body(("plain",)).get_content())


class Failing(Mailing):
    def test_a_refused_recipient_is_listed_with_the_servers_words_and_sent_again(self):
        sink = Sink()
        sink.answers[ADMIN] = ["550-5.1.1 no such user\r\n550 5.1.1 ask the \x1b[31mpostmaster"]
        self.start(sink)
        self.create("First")
        wait_until(self.undeliverable, "the list")
        self.create("Second")
        wait_until(lambda: len(sink.mails) == 1, "the second, which others' failures don't hold up")
        one = self.undeliverable()[0]
        self.assertEqual((one["recipient"]["emailAddress"], one["kind"], one["tokenName"], one["attempts"]),
                         (ADMIN, "created", "First", 1))
        self.assertIn("550", one["lastError"])
        self.assertIn("5.1.1 no such user", one["lastError"])
        self.assertNotIn("\x1b", one["lastError"])
        self.server.latchkey("login", "--server", self.server.url, "--user", ADMIN, "--password-stdin", input=PASSWORD + "\n")
        self.assertIn(one["id"], self.server.latchkey("mail", "undeliverable").stdout)
        self.assertIn("1 are sent again", self.server.latchkey("mail", "retry", one["id"]).stdout)
        wait_until(lambda: len(sink.mails) == 2, "the first")
        self.assertEqual(sink.parsed()[1]["Message-ID"], f"<{one['id']}@localhost>")
        wait_until(lambda: self.state()["queued"] == 0 and not self.undeliverable(), "nothing to be left")

    def test_a_greylisted_mail_waits_alone_and_arrives_once(self):
        sink = Sink()
        sink.answers[ADMIN] = ["451 4.7.1 come back later"]
        self.start(sink)
        self.create("First")
        self.wait_for_error("451 4.7.1 come back later")
        self.create("Second")
        wait_until(lambda: len(sink.mails) == 1, "the second")
        wait_until(lambda: self.state()["queued"] == 1, "the second to be off the queue")
        self.assertEqual(self.undeliverable(), [])
        self.assertNotIn("waitingUntil", self.state())
        self.retry()
        wait_until(lambda: len(sink.mails) == 2, "the first")
        self.assertEqual([mail["Subject"] for mail in sink.parsed()], ["Token created: Second", "Token created: First"])

    def test_a_server_that_is_down_is_asked_for_one_mail_alone(self):
        sink = Sink()
        self.start(sink)
        sink.stop()
        names = [f"token {number}" for number in range(5)]
        for name in names:
            self.create(name)
        wait_until(lambda: "waitingUntil" in self.state(), "the waiting")
        self.assertEqual(self.state()["queued"], 5)
        self.server.kill()
        self.server.start()
        self.assertEqual((self.state()["queued"], "waitingUntil" in self.state()), (5, True))
        back = Sink(sink.port)
        self.addCleanup(back.stop)
        self.retry()
        wait_until(lambda: len(back.mails) == 5, "all of them")
        self.assertEqual([mail["Subject"] for mail in back.parsed()], ["Token created: " + name for name in names])

    def test_a_connection_that_breaks_within_a_mail_loses_and_doubles_none(self):
        sink = Sink()
        self.start(sink)
        sink.stop()
        breaking = Breaking(sink.port)
        self.create("First")
        wait_until(lambda: breaking.begun, "the mail to begin")
        wait_until(lambda: "waitingUntil" in self.state(), "the waiting")
        breaking.stop()
        back = Sink(sink.port)
        self.addCleanup(back.stop)
        self.create("Second")
        self.retry()
        wait_until(lambda: len(back.mails) == 2, "both")
        self.assertIn(back.parsed()[0]["Message-ID"].encode(), breaking.begun[0])
        self.assertEqual([mail["Subject"] for mail in back.parsed()], ["Token created: First", "Token created: Second"])

    def test_a_disabled_owner_gets_none(self):
        sink = Sink()
        sink.answers["ann@example.com"] = ["451 later"]
        self.start(sink)
        made = self.server.request("POST", "/_apis/latchkey/users",
                                   {"email": "ann@example.com", "organization": self.server.organization, "role": "contributor"},
                                   cookie=self.cookie)
        self.assertEqual(made.status, 201, made.body)
        code = made.json["invitation"]["code"]
        self.server.request("POST", "/_invitation", {"code": code, "password": PASSWORD})
        ann = self.server.sign_in("ann@example.com")
        self.server.create_token("vso.code", ann, displayName="Ann's")
        self.wait_for_error("451 later")
        disabled = self.server.request("PATCH", f"/_apis/latchkey/users/{made.json['id']}", {"state": "disabled"}, cookie=self.cookie)
        self.assertEqual(disabled.status, 200, disabled.body)
        self.retry()
        wait_until(self.undeliverable, "the list")
        self.assertEqual(self.undeliverable()[0]["lastError"], "its owner is disabled")
        self.assertEqual(sink.mails, [])


class Forgetting(Mailing):
    """A link for a new password by mail."""

    def ask(self, user=ADMIN):
        return self.server.request("POST", "/_forgot", {"user": user})

    def link(self, count=1):
        """The code of the last of so many mails, which hold a link alone."""
        wait_until(lambda: len(self.sink.mails) >= count, "the mail with the link")
        text = self.sink.parsed()[count - 1].get_body(("plain",)).get_content()
        codes = re.findall(re.escape(self.server.url) + r"/_password#(\S+)", text)
        self.assertEqual(len(codes), 1, text)
        return codes[0]

    def choose(self, code, **more):
        return self.server.request("POST", "/_password", {"code": code, **more})

    def test_a_link_leads_to_a_new_password_by_curl(self):
        self.start(Sink())
        token = self.create()["token"]
        wait_until(lambda: len(self.sink.mails) == 1, "the mail of the token")
        state = self.server.run("curl", "-s", self.server.url + "/_apis/latchkey/password-reset")
        self.assertEqual(state.stdout, '{"byMail":true}')
        asked = self.server.run("curl", "-s", "-w", "%{http_code}", "-H", "Content-Type: application/json",
                                "-d", json.dumps({"user": ADMIN}), self.server.url + "/_forgot")
        self.assertEqual(asked.stdout, "204")
        code = self.link(2)
        mail = self.sink.parsed()[1]
        self.assertEqual(mail["Subject"], "Choose a new password")
        self.assertNotIn("Choose which notices", mail.get_body(("plain",)).get_content())
        self.assertIn(f"/_password#{code}\"", mail.get_body(("html",)).get_content())
        self.assertEqual(self.choose(code, check=True).json["email"], ADMIN)
        self.assertEqual(self.server.request("GET", "/_session", cookie=self.cookie).status, 200)
        done = self.choose(code, password="a password that is new")
        self.assertEqual(done.status, 200, done.body)
        self.assertEqual(self.server.request("GET", "/_session", cookie=self.cookie).status, 401, "every other sign-in has ended")
        self.assertEqual(self.server.request("GET", "/_session", cookie=done.headers["Set-Cookie"].split(";")[0]).status, 200)
        self.assertEqual(self.choose(code, password="a password that is newer").status, 404, "once")
        self.assertEqual(self.server.request("POST", "/_session", {"user": ADMIN, "password": PASSWORD}).status, 401)
        self.cookie = self.server.sign_in(ADMIN, "a password that is new")
        self.assertEqual(self.server.request("GET", f"/{self.server.organization}/_apis/projects", token=token).status, 403,
                         "the token still is one, without this scope")
        wait_until(lambda: len(self.sink.mails) == 3, "the mail that tells the owner")
        self.assertEqual(self.sink.parsed()[2]["Subject"], "Your password was changed")
        self.leaves_no_trace_of(code)

    def leaves_no_trace_of(self, code):
        self.server.stop()
        self.assertNotIn(code, self.server.log.read_text())
        for file in self.server.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(code.encode(), file.read_bytes(), file)
        self.server.start()

    def test_whoever_is_named_the_answer_is_the_same(self):
        self.start(Sink())

        def told(answer):
            return answer.status, answer.body, {name: value for name, value in answer.headers.items() if name not in ("Date", "ActivityId")}

        known, unknown, odd = (told(self.ask(user)) for user in (ADMIN, "nobody@example.com", "\u0000 no address"))
        self.assertEqual(known, unknown)
        self.assertEqual(known, odd)
        self.link()
        wait_until(lambda: self.state()["queued"] == 0, "an empty queue")
        self.assertEqual(self.sink.asked, [ADMIN])

    def test_an_account_is_mailed_once_however_often_it_is_named(self):
        self.start(Sink())
        for _ in range(5):
            self.assertEqual(self.ask().status, 204)
        self.link()
        wait_until(lambda: self.state()["queued"] == 0, "an empty queue")
        self.assertEqual(len(self.sink.mails), 1)

    def test_one_network_is_refused_after_ten(self):
        self.start(Sink())
        self.assertEqual([self.ask("nobody@example.com").status for _ in range(11)], [204] * 10 + [429])

    def test_a_kill_between_asking_and_sending_loses_nothing(self):
        sink = Sink()
        self.start(sink)
        sink.stop()
        self.assertEqual(self.ask().status, 204)
        self.server.kill()
        self.server.start()
        self.sink = Sink(sink.port)
        self.addCleanup(self.sink.stop)
        self.retry()
        self.assertEqual(self.choose(self.link(), check=True).status, 200)

    def test_a_mail_that_is_tried_again_holds_the_only_good_link(self):
        sink = Sink()
        sink.content_answers = ["451 what is this", "250 taken"]
        self.start(sink)
        self.assertEqual(self.ask().status, 204)
        self.wait_for_error("451 what is this")
        self.retry()
        wait_until(lambda: len(self.sink.mails) == 2, "the second attempt")
        first, second = self.link(1), self.link(2)
        self.assertEqual((self.choose(first, check=True).status, self.choose(second, check=True).status), (404, 200))
        identifiers = {mail["Message-ID"] for mail in self.sink.parsed()}
        self.assertEqual(len(identifiers), 2, "who drops what has the same Message-ID must not drop the good link")

    def test_a_server_that_quotes_the_link_makes_no_trace_of_it(self):
        sink = Sink()
        sink.content_answers = [lambda content: "451 quoted: " + 
                                re.search(rb"_password#([\w-]+)", quopri.decodestring(content)).group(1).decode()]
        self.start(sink)
        self.assertEqual(self.ask().status, 204)
        self.wait_for_error("held the link")

    def test_without_mail_it_says_whom_to_ask(self):
        with Server() as server:
            self.assertEqual(server.request("GET", "/_apis/latchkey/password-reset").json, {"byMail": False})
            answer = server.request("POST", "/_forgot", {"user": ADMIN})
            self.assertEqual(answer.status, 400)
            self.assertIn("Ask an administrator", answer.json["message"])


class BySettings(unittest.TestCase):
    """The mail server as administrators set it; the server's own file names none."""

    PATH = "/_apis/latchkey/mail/settings"

    def start(self, file='[outgoing]\nallowed_networks = ["127.0.0.0/8"]\n'):
        self.server = Server()
        self.addCleanup(lambda: self.server.__exit__(None, None, None))
        (self.server.data / "latchkey.toml").write_text(file)
        self.server.start()
        self.cookie = self.server.sign_in()
        return self.server

    def sink(self, **options):
        sink = Sink(**options)
        self.addCleanup(sink.stop)
        return sink

    def ask(self, method="GET", body=None, path=PATH):
        return self.server.request(method, path, body, cookie=self.cookie)

    def set(self, sink, **more):
        answer = self.ask("PUT", {"host": "127.0.0.1", "port": sink.port, "tls": "never", "from": "latchkey@example.com", **more})
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def send_test(self):
        return self.ask("POST", {}, "/_apis/latchkey/mail/test").json

    def test_they_hold_at_once_and_what_is_queued_waits_for_them(self):
        server, first, second = self.start(), self.sink(), self.sink()
        self.assertEqual(self.ask().json, {"source": "none"})
        self.assertFalse(self.send_test()["taken"])
        told = self.set(first)
        self.assertEqual(told, {"source": "portal", "host": "127.0.0.1", "port": first.port, "tls": "never", "user": "",
                                "hasPassword": False, "from": "latchkey@example.com"})
        self.assertEqual(self.ask().json, told)
        self.assertTrue(self.send_test()["taken"])
        server.create_token("vso.code", self.cookie, displayName="First")
        wait_until(lambda: len(first.mails) == 2, "the first mail")
        self.set(second, **{"from": "other@example.com"})
        server.create_token("vso.code", self.cookie, displayName="Second")
        wait_until(lambda: second.mails, "the second mail")
        self.assertEqual((second.mails[0][0], len(first.mails)), ("other@example.com", 2))
        wait_until(lambda: self.ask(path="/_apis/latchkey/mail").json["queued"] == 0, "an empty queue")
        second.stop()
        server.create_token("vso.code", self.cookie, displayName="Third")
        wait_until(lambda: "waitingUntil" in self.ask(path="/_apis/latchkey/mail").json, "the waiting")
        self.assertEqual(self.ask("DELETE").status, 204)
        self.assertEqual(self.ask().json, {"source": "none"})
        state = self.ask(path="/_apis/latchkey/mail").json
        self.assertEqual((state["configured"], state["queued"]), (False, 1))
        server.create_token("vso.code", self.cookie, displayName="Fourth")
        server.stop()
        server.start()
        self.set(first)
        wait_until(lambda: len(first.mails) == 3, "the third mail, for which nobody had to ask again")
        self.assertEqual(first.parsed()[2]["Subject"], "Token created: Third")
        wait_until(lambda: self.ask(path="/_apis/latchkey/mail").json["queued"] == 0, "an empty queue")

    def test_a_private_network_is_reached_by_the_files_leave_alone(self):
        self.start("")
        sink = self.sink()
        refused = self.ask("PUT", {"host": "127.0.0.1", "port": sink.port, "tls": "never", "from": "latchkey@example.com"})
        self.assertEqual((refused.status, refused.json["field"]), (400, "host"))
        # A name tells nothing of where it leads: that is asked when the socket is opened.
        for name in ("mail.localhost", socket.gethostname()):
            answer = self.ask("PUT", {"host": name, "port": sink.port, "tls": "startTls", "from": "latchkey@example.com"})
            self.assertEqual(answer.status, 200, answer.body)
            reply = self.send_test()
            self.assertFalse(reply["taken"])
            self.assertIn("is in a private network", reply["reply"])
        self.server.create_token("vso.code", self.cookie)
        wait_until(lambda: "private network" in self.ask(path="/_apis/latchkey/mail").json.get("lastError", ""), "the words")
        self.assertEqual(sink.asked, [])

    def test_the_command_line_prints_json(self):
        server = self.start()
        sink = self.sink()
        self.set(sink)
        server.latchkey("login", "--server", server.url, "--user", ADMIN, "--password-stdin", input=PASSWORD + "\n")
        told = json.loads(server.latchkey("mail", "test", "--json").stdout)
        self.assertEqual(told, {"to": ADMIN, "taken": True, "reply": "250 taken"})
        self.assertEqual(json.loads(server.latchkey("mail", "retry", "--all", "--json").stdout), {"count": 0})
        sink.stop()
        done = server.latchkey("mail", "test", "--json", check=False)
        self.assertEqual((done.returncode, json.loads(done.stdout)["taken"]), (1, False))

    def test_the_file_rules(self):
        sink = self.sink()
        self.start(f'[mail]\nsmtp = "smtp://127.0.0.1:{sink.port}"\nfrom = "latchkey@example.com"\ntls = "never"\n')
        self.assertEqual(self.ask().json, {"source": "file", "url": f"smtp://127.0.0.1:{sink.port}", "tls": "never", "user": "",
                                           "hasPassword": False, "from": "latchkey@example.com"})
        for method in ("PUT", "DELETE"):
            answer = self.ask(method, {"host": "mail.example.com", "from": "a@example.com"})
            self.assertEqual(answer.status, 400)
            self.assertIn("rules", answer.json["message"])
        self.assertTrue(self.send_test()["taken"])

    def test_a_password_is_given_and_read_by_nobody(self):
        server = self.start()
        sink = self.sink(auth_required=True, auth_require_tls=False, authenticator=authenticate)
        told = self.set(sink, user="latchkey", password=SMTP_PASSWORD)
        self.assertEqual((told["hasPassword"], "password" in told), (True, False))
        self.assertTrue(self.send_test()["taken"])
        self.set(sink, user="latchkey", **{"from": "other@example.com"})
        self.assertTrue(self.send_test()["taken"], "it stays")
        stolen = self.ask("PUT", {"host": "evil.example.com", "user": "latchkey", "from": "latchkey@example.com"})
        self.assertEqual((stolen.status, stolen.json["field"]), (400, "password"))
        wrong = self.set(sink, user="latchkey", password="wrong")
        self.assertTrue(wrong["hasPassword"])
        self.assertIn("535", self.send_test()["reply"])
        self.set(sink, user="latchkey", password=SMTP_PASSWORD)
        server.stop()
        (server.data / "stream-key").unlink()
        server.start()
        self.assertIn("give it again", self.send_test()["reply"])
        self.assertNotIn(SMTP_PASSWORD, server.log.read_text())
        for file in server.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(SMTP_PASSWORD.encode(), file.read_bytes(), file)


class Breaking:
    """Takes mails as far as the first bytes of their content, then breaks off."""

    def __init__(self, port):
        self.begun = []
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb", buffering=0) as wire:
                wire.write(b"220 here\r\n")
                while (command := wire.readline().split(b" ")[0].strip().upper()) not in (b"DATA", b""):
                    wire.write(b"250 OK\r\n")
                if command == b"DATA":
                    wire.write(b"354 go on\r\n")
                    self.begun.append(b"".join(wire.readline() for _ in range(8)))

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class Securing(Mailing):
    @classmethod
    def setUpClass(cls):
        cls.directory = Path(subprocess.run(["mktemp", "-d"], check=True, capture_output=True, text=True).stdout.strip())
        cls.addClassCleanup(lambda: subprocess.run(["rm", "-r", str(cls.directory)]))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "certificate.pem",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                       cwd=cls.directory, check=True, capture_output=True)
        cls.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        cls.context.load_cert_chain(cls.directory / "certificate.pem", cls.directory / "key.pem")
        cls.ca = f'ca = "{cls.directory}/certificate.pem"\n'

    def password_lines(self, password):
        file = self.directory / f"password-{len(password)}"
        file.write_text(password + "\n")
        file.chmod(0o600)
        return f'user = "latchkey"\npassword_file = "{file}"\n'

    def test_tls_is_begun_where_the_server_offers_it(self):
        self.start(Sink(tls_context=self.context, require_starttls=True), self.ca, "localhost")
        self.create()
        wait_until(lambda: self.sink.mails, "the mail")
        self.assertTrue(self.sink.secure[0])

    def test_tls_from_the_start(self):
        self.start(Sink(ssl_context=self.context), self.ca, "localhost", "smtps")
        self.create()
        wait_until(lambda: self.sink.mails, "the mail")

    def test_without_tls_nothing_is_said_unless_the_settings_allow_it(self):
        self.start(Sink(), "")
        self.create()
        wait_until(lambda: self.state().get("lastError"), "the error")
        self.assertIn("TLS", self.state()["lastError"])
        self.assertEqual((self.sink.mails, self.sink.asked), ([], []))

    def test_a_certificate_of_nobody_known_is_not_trusted(self):
        self.start(Sink(tls_context=self.context), "", "localhost")
        self.create()
        self.wait_for_error("certificate")
        self.assertEqual(self.sink.asked, [])

    def test_a_password_is_given_and_stays_secret(self):
        self.start(Sink(auth_required=True, auth_require_tls=True, tls_context=self.context, authenticator=authenticate),
                   self.ca + self.password_lines(SMTP_PASSWORD), "localhost")
        self.create()
        wait_until(lambda: self.sink.mails, "the mail")
        self.assertNotIn(SMTP_PASSWORD, self.server.log.read_text())
        check = self.server.latchkey("serve", "--check", "--data", self.server.data).stdout
        self.assertIn("password_file = ", check)
        self.assertNotIn(SMTP_PASSWORD, check)

    def test_a_wrong_password_stops_all_and_says_so(self):
        self.start(Sink(auth_required=True, auth_require_tls=True, tls_context=self.context, authenticator=authenticate),
                   self.ca + self.password_lines("wrong"), "localhost")
        self.create()
        self.wait_for_error("535")
        self.assertIn("waitingUntil", self.state())
        self.assertEqual(self.undeliverable(), [])
        answer = self.server.request("POST", "/_apis/latchkey/mail/test", {}, cookie=self.cookie).json
        self.assertEqual(answer["taken"], False)
        self.assertIn("535", answer["reply"])

    def test_a_sender_who_is_refused_burns_no_mail(self):
        sink = Sink()
        sink.sender_answer = "553 5.7.1 not from here"
        self.start(sink)
        self.create()
        self.wait_for_error("553 5.7.1 not from here")
        self.assertEqual(self.undeliverable(), [])


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == b"latchkey" and data.password == SMTP_PASSWORD.encode()
    return AuthResult(success=good, handled=good)


class Asking(Mailing):
    def test_a_test_mail_shows_the_servers_own_words(self):
        self.start(Sink())
        self.server.latchkey("login", "--server", self.server.url, "--user", ADMIN, "--password-stdin", input=PASSWORD + "\n")
        said = self.server.latchkey("mail", "test").stdout
        self.assertEqual(said, f"taken for {ADMIN}: 250 taken\n")
        self.assertEqual(self.sink.parsed()[0]["Subject"], "Test mail of Latchkey")
        self.sink.answers["eve@example.com"] = ["550 5.7.1 no relaying"]
        refused = self.server.latchkey("mail", "test", "--to", "eve@example.com", check=False)
        self.assertEqual((refused.returncode, refused.stderr), (1, "latchkey: not sent: 550 5.7.1 no relaying\n"))

    def test_without_a_mail_server_the_bell_alone_tells(self):
        with Server() as server:
            cookie = server.sign_in()
            server.create_token("vso.code", cookie)
            self.assertEqual(server.request("GET", "/_apis/latchkey/mail", cookie=cookie).json, {"configured": False, "queued": 0})
            answer = server.request("POST", "/_apis/latchkey/mail/test", {}, cookie=cookie)
            self.assertEqual((answer.status, answer.json["taken"]), (200, False))
            self.assertIn("[mail]", answer.json["reply"])
            self.assertEqual(server.request("GET", "/_apis/latchkey/notices", cookie=cookie).json["count"], 1)


class Settings(unittest.TestCase):
    def check(self, toml, code=1):
        server = Server()
        self.addCleanup(lambda: server.__exit__(None, None, None))
        (server.data / "latchkey.toml").write_text(toml)
        done = server.latchkey("serve", "--check", "--data", server.data, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def test_errors_name_their_line_and_what_to_do(self):
        good = '[mail]\nsmtp = "smtp://mail.example.com:587"\nfrom = "latchkey@example.com"\n'
        self.check(good, 0)
        self.assertIn("latchkey.toml, line 4: mail leaves this machine over TLS alone", self.check(good + 'tls = "never"\n'))
        self.assertIn("line 2: \"mail.example.com\" is no mail server", self.check('[mail]\nsmtp = "mail.example.com"\nfrom = "a@b"\n'))
        self.assertIn("give from too", self.check('[mail]\nsmtp = "smtp://localhost"\n'))
        self.assertIn("give smtp too", self.check('[mail]\nfrom = "a@b"\n'))
        self.assertIn("give user and password_file together", self.check(good + 'user = "x"\n'))
        self.assertIn("can't read", self.check(good + 'user = "x"\npassword_file = "nowhere"\n'))
        self.assertIn("unknown setting", self.check(good + 'sender = "x"\n'))

    def test_a_password_file_that_others_may_read_is_refused(self):
        file = Path(subprocess.run(["mktemp"], check=True, capture_output=True, text=True).stdout.strip())
        self.addCleanup(file.unlink)
        file.write_text("x\n")
        file.chmod(0o644)
        self.assertIn("chmod 600", self.check('[mail]\nsmtp = "smtp://mail.example.com"\nfrom = "a@b"\nuser = "x"\n'
                                              f'password_file = "{file}"\n'))

    def test_a_broken_template_is_named_before_the_first_mail(self):
        directory = Path(subprocess.run(["mktemp", "-d"], check=True, capture_output=True, text=True).stdout.strip())
        self.addCleanup(lambda: subprocess.run(["rm", "-r", str(directory)]))
        (directory / "created.txt").write_text("Subject: {{nmae}}\nTitle: t\nLead: l\n")
        said = self.check('[mail]\nsmtp = "smtp://mail.example.com"\nfrom = "a@b"\n' f'templates = "{directory}"\n')
        self.assertIn("created.txt", said)
        self.assertIn('there is no "nmae"', said)


if __name__ == "__main__":
    unittest.main()
