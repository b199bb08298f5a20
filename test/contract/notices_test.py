#!/usr/bin/python3
"""An organization's webhook and its mailbox for owners who can't be told, against receivers of this test's own.

Goal: each notice of the organization's tokens arrives once and in order, whatever its receiver answers meanwhile; the
act that it tells of waits for none; the URL is nowhere to be read; private networks are reached only where the server's
own file says so. Method: tokens are made while a receiver refuses, asks to be left alone, is down and up again; "try
again" ends the waiting.
"""
import calendar
import http.server
import json
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from mail_sink import Sink, mailing  # noqa: E402
from server import ADMIN, PASSWORD, Server, free_port, wait_until  # noqa: E402

OUTGOING = """[outgoing]
allowed_networks = ["127.0.0.0/8", "::1"]
allow_http = true
"""
SECRET = "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXabcd"


class Receiver:
    """Keeps what is posted. `answers`: what it says, one after another, before it takes: (status, fields, body)."""

    def __init__(self, port=0, answers=()):
        receiver, self.kept, self.asked, self.answers = self, [], 0, list(answers)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.asked += 1
                status, fields, said = receiver.answers.pop(0) if receiver.answers else (200, {}, "ok")
                if status == 200:
                    receiver.kept.append((self.path, dict(self.headers), json.loads(body)))
                self.send_response(status)
                for name, value in {**fields, "Content-Length": str(len(said.encode()))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port or free_port()), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/services/{SECRET}"

    def messages(self):
        return [message for _, _, message in self.kept]

    def tokens(self):
        return [message["token"] for message in self.messages()]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Notices(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(lambda: self.server.__exit__(None, None, None))

    def start(self, settings=OUTGOING):
        with open(self.server.data / "latchkey.toml", "a") as file:
            file.write(settings)
        self.server.start()
        self.cookie = self.server.sign_in()

    def receiver(self, *answers, port=0):
        receiver = Receiver(port, answers)
        self.addCleanup(receiver.stop)
        return receiver

    def call(self, method, path, body=None, expected=200):
        answer = self.server.request(method, f"/{self.server.organization}/_apis/latchkey/notices{path}", body,
                                     cookie=self.cookie)
        self.assertEqual(answer.status, expected, answer.body)
        return answer.json if answer.body else None

    def set_webhook(self, url, format="json", expected=200):
        return self.call("PUT", "/webhook", {"format": format, "url": url}, expected)

    def webhook(self):
        return self.call("GET", "")["webhook"]

    def create(self, name="CI", **fields):
        return self.server.create_token("vso.code", self.cookie, displayName=name, **fields)

    def retry(self, **body):
        return self.call("POST", "/retry", body or {"all": True})["count"]

    def undeliverable(self):
        return self.call("GET", "/undeliverable")["value"]


class Arriving(Notices):
    def test_notices_arrive_once_and_in_order_without_a_secret(self):
        self.start()
        receiver = self.receiver()
        self.create("before there was a webhook")
        shown = self.set_webhook(receiver.url)
        self.assertEqual(shown["webhook"]["url"], "127.0.0.1/…abcd")
        made = [self.create(f"token {number}") for number in range(20)]
        self.create("everywhere", allOrgs=True)
        self.server.revoke(made[0]["authorizationId"], self.cookie)
        wait_until(lambda: len(receiver.kept) >= 20, "the messages")
        wait_until(lambda: self.webhook()["queued"] == 0, "an empty queue")
        self.assertEqual(receiver.tokens(), [f"token {number}" for number in range(20)])
        path, headers, message = receiver.kept[0]
        self.assertEqual((path, headers["Content-Type"]), (f"/services/{SECRET}", "application/json"))
        self.assertEqual((message["kind"], message["organization"], message["scopes"]),
                         ("created", self.server.organization, "Code (Read)"))
        self.assertIn(f"({ADMIN})", message["owner"])
        self.assertEqual(message["link"], f"{self.server.url}/{self.server.organization}/_settings/tokens?status=all&q="
                                          + message["fingerprint"])
        self.assertEqual(len({message["id"] for message in receiver.messages()}), 20)
        everything = json.dumps(receiver.messages())
        for token in made:
            self.assertNotIn(token["token"], everything)
            self.assertNotIn(token["token"][:20], everything)

    def test_the_url_is_nowhere_to_be_read(self):
        self.start()
        receiver = self.receiver((404, {}, f"no /services/{SECRET} here"), (500, {}, SECRET.split("/")[2]))
        self.set_webhook(receiver.url)
        self.create()
        wait_until(lambda: self.webhook().get("lastError"), "the error")
        self.assertEqual(self.webhook()["lastError"], "404 no … here")
        self.retry()
        wait_until(lambda: self.webhook().get("lastError", "").startswith("500"), "the second error")
        self.assertEqual(self.webhook()["lastError"], "500 …")
        secret = SECRET.split("/")[2]
        shown = json.dumps([self.call("GET", ""), self.server.request(
            "GET", f"/{self.server.organization}/_apis/audit/auditlog?api-version=7.2-preview.1", cookie=self.cookie).json])
        self.assertIn("Notices.WebhookSet", shown)
        self.assertNotIn(secret, shown)
        self.assertNotIn(secret, self.server.log.read_text())
        for path in self.server.data.glob("latchkey.db*"):
            self.assertNotIn(secret.encode(), path.read_bytes())

    def test_slack_and_teams_get_their_own_forms(self):
        self.start()
        receiver = self.receiver()
        self.set_webhook(receiver.url, "slack")
        self.create("<!channel> & <b>")
        wait_until(lambda: receiver.kept, "the message")
        message = receiver.messages()[0]
        self.assertEqual(sorted(message), ["blocks", "text"])
        self.assertIn("&lt;!channel&gt; &amp; &lt;b&gt;", message["text"])
        self.assertNotIn("<!", json.dumps(message))
        self.call("PUT", "/webhook", {"format": "teams"})
        self.create("**bold** [link](https://evil.example)")
        wait_until(lambda: len(receiver.kept) == 2, "the card")
        path, _, message = receiver.kept[1]
        self.assertEqual(path, f"/services/{SECRET}", "the URL stays")
        card = message["attachments"][0]["content"]
        self.assertEqual({block["type"] for block in card["body"]}, {"RichTextBlock"})
        self.assertIn("**bold** [link](https://evil.example)", json.dumps(card))


class Failing(Notices):
    def test_a_receiver_that_fails_is_asked_for_one_message_alone(self):
        self.start()
        receiver = self.receiver((500, {}, "down for repairs"))
        self.set_webhook(receiver.url)
        names = [f"token {number}" for number in range(5)]
        begin = time.monotonic()
        for name in names:
            self.create(name)
        wait_until(lambda: "waitingUntil" in self.webhook(), "the waiting")
        self.assertLess(time.monotonic() - begin, 30, "no act waits for a webhook")
        self.assertEqual((self.webhook()["queued"], self.webhook()["lastError"]), (5, "500 down for repairs"))
        self.assertEqual((receiver.asked, self.undeliverable()), (1, []))
        self.assertEqual(self.retry(), 0)
        wait_until(lambda: len(receiver.kept) == 5, "all of them")
        self.assertEqual(receiver.tokens(), names)
        wait_until(lambda: self.webhook()["queued"] == 0, "an empty queue")
        self.assertEqual(receiver.asked, 6)

    def test_a_receiver_that_asks_for_it_is_left_alone(self):
        self.start()
        receiver = self.receiver((429, {"Retry-After": "3600"}, "slow down"))
        self.set_webhook(receiver.url)
        before = time.time()
        self.create("First")
        wait_until(lambda: "waitingUntil" in self.webhook(), "the waiting")
        until = time.strptime(self.webhook()["waitingUntil"][:19], "%Y-%m-%dT%H:%M:%S")
        self.assertGreaterEqual(calendar.timegm(until) + 1, before + 3600)
        self.assertLess(calendar.timegm(until), before + 3700)
        self.retry()
        wait_until(lambda: receiver.tokens() == ["First"], "the message")

    def test_a_receiver_that_is_down_gets_all_of_it_when_it_is_back(self):
        self.start()
        receiver = Receiver()
        self.set_webhook(receiver.url)
        receiver.stop()
        names = [f"token {number}" for number in range(4)]
        for name in names:
            self.create(name)
        wait_until(lambda: "waitingUntil" in self.webhook(), "the waiting")
        self.server.kill()
        self.server.start()
        self.assertEqual((self.webhook()["queued"], "waitingUntil" in self.webhook()), (4, True))
        back = self.receiver(port=receiver.port)
        self.retry()
        wait_until(lambda: len(back.kept) == 4, "all of them")
        self.assertEqual(back.tokens(), names)

    def test_a_refused_message_is_put_aside_and_sent_again_by_itself(self):
        self.start()
        receiver = self.receiver((400, {}, "invalid_blocks"))
        self.set_webhook(receiver.url)
        self.create("First")
        wait_until(self.undeliverable, "the list")
        self.create("Second")
        wait_until(lambda: receiver.tokens() == ["Second"], "the second, which others' failures don't hold up")
        one = self.undeliverable()[0]
        self.assertEqual((one["kind"], one["tokenName"], one["lastError"], one["attempts"]),
                         ("created", "First", "400 invalid_blocks", 1))
        self.server.latchkey("login", "--server", self.server.url, "--user", ADMIN, "--password-stdin", input=PASSWORD + "\n")
        self.assertIn(one["id"], self.server.latchkey("notices", "undeliverable").stdout)
        self.assertIn("1 are sent again", self.server.latchkey("notices", "retry", one["id"]).stdout)
        wait_until(lambda: receiver.tokens() == ["Second", "First"], "the first")
        self.assertEqual(receiver.messages()[1]["id"], one["id"])

    def test_no_redirect_is_followed(self):
        self.start()
        elsewhere = self.receiver()
        receiver = self.receiver((302, {"Location": elsewhere.url}, ""))
        self.set_webhook(receiver.url)
        self.create()
        wait_until(lambda: self.webhook().get("lastError"), "the error")
        self.assertEqual((self.webhook()["lastError"], elsewhere.kept), ("302", []))

    def test_private_networks_are_refused_unless_the_servers_file_allows_them(self):
        self.start("[outgoing]\nallow_http = true\n")
        receiver = self.receiver()
        self.set_webhook(receiver.url, expected=400)
        self.set_webhook(f"http://localhost:{receiver.port}/", expected=400)
        self.set_webhook("http://0/", expected=200)  # a name to us; where it leads to is looked at when it is opened
        self.create()
        wait_until(lambda: "private network" in self.webhook().get("lastError", ""), "the refusal")
        self.assertEqual(receiver.asked, 0)


class Asking(Notices):
    def test_a_test_shows_the_receivers_own_words(self):
        self.start()
        receiver = self.receiver((403, {}, "invalid_token\n\x1b[31m" + "x" * 2000))
        self.server.latchkey("login", "--server", self.server.url, "--user", ADMIN, "--password-stdin", input=PASSWORD + "\n")
        none = self.server.latchkey("notices", "test", check=False)
        self.assertEqual(none.returncode, 1)
        self.assertIn("no webhook", none.stderr)
        said = self.server.latchkey("notices", "set-webhook", "slack", "--url-stdin", input=receiver.url + "\n").stdout
        self.assertIn("webhook: slack, 127.0.0.1/…abcd; 0 wait to be sent", said)
        refused = self.server.latchkey("notices", "test", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("not taken: 403 invalid_token  [31mxxx", refused.stderr)
        self.assertLess(len(refused.stderr), 600)
        self.assertEqual(self.server.latchkey("notices", "test").stdout, "taken: 200 ok\n")
        self.assertIn("Test message of Latchkey", receiver.messages()[0]["text"])
        self.assertIn("webhook: none", self.server.latchkey("notices", "remove-webhook").stdout)

    def test_others_may_neither_see_nor_set_it(self):
        self.start()
        made = self.server.request("POST", "/_apis/latchkey/users",
                                   {"email": "ann@example.com", "organization": self.server.organization, "role": "contributor"},
                                   cookie=self.cookie)
        self.server.request("POST", "/_invitation", {"code": made.json["invitation"]["code"], "password": PASSWORD})
        self.cookie = self.server.sign_in("ann@example.com")
        self.call("GET", "", expected=403)
        self.set_webhook("https://hooks.example.com/", expected=403)


class Mailbox(Notices):
    def test_mail_of_an_owner_who_is_disabled_goes_to_the_mailbox(self):
        sink = Sink()
        self.addCleanup(sink.stop)
        sink.answers["ann@example.com"] = ["451 later"]
        mailing(self.server, sink.port, 'tls = "never"\n')
        self.start("")
        self.server.latchkey("login", "--server", self.server.url, "--user", ADMIN, "--password-stdin", input=PASSWORD + "\n")
        said = self.server.latchkey("notices", "set-mailbox", "security@example.com").stdout
        self.assertIn("can't be told: security@example.com", said)
        made = self.server.request("POST", "/_apis/latchkey/users",
                                   {"email": "ann@example.com", "organization": self.server.organization, "role": "contributor"},
                                   cookie=self.cookie)
        self.server.request("POST", "/_invitation", {"code": made.json["invitation"]["code"], "password": PASSWORD})
        ann = self.server.sign_in("ann@example.com")
        self.server.create_token("vso.code", ann, displayName="Ann's")
        state = lambda: self.server.request("GET", "/_apis/latchkey/mail", cookie=self.cookie).json  # noqa: E731
        wait_until(lambda: "451 later" in state().get("lastError", ""), "the first try")
        self.server.request("PATCH", f"/_apis/latchkey/users/{made.json['id']}", {"state": "disabled"}, cookie=self.cookie)
        self.server.request("POST", "/_apis/latchkey/mail/retry", {"all": True}, cookie=self.cookie)
        wait_until(lambda: sink.mails, "the mail")
        mail = sink.parsed()[0]
        self.assertEqual([str(address.addr_spec) for address in mail["To"].addresses], ["security@example.com"])
        self.assertEqual(mail["Subject"], "Token created: Ann's")
        text = mail.get_body(("plain",)).get_content()
        self.assertIn("(ann@example.com) owns Ann's and could not be told: its owner is disabled.", text)
        self.assertIn("/_settings/tokens?status=all&q=", text)
        self.assertNotIn("_usersSettings", text)


if __name__ == "__main__":
    unittest.main()
