#!/usr/bin/env python3
"""Audit streams against receivers that are killed in between: a webhook and a Splunk collector of this test's own, and
rsyslog over TLS.

Goal: nothing lost, order kept, whatever dies: the receiver or the server; each batch's signature and head are good;
secrets are nowhere to be read. Method: tokens are made while receivers come and go; what arrived is compared with the
audit's own chain.
"""
import hashlib
import hmac
import http.server
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import Server, free_port, wait_until  # noqa: E402

KEY = "a key that nobody may see"
COLLECTOR_TOKEN = "00000000-collector-token"
OUTGOING = """[outgoing]
allowed_networks = ["127.0.0.0/8", "::1"]
allow_http = true
stream_directory = "."
"""


class Receiver:
    """Takes what is posted. `refuse_every`: breaks each n-th request off, half of them after it has kept the batch."""

    def __init__(self, port, kept, refuse_every=0):
        receiver, self.kept, self.requests = self, kept, 0

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests += 1
                broken = refuse_every and receiver.requests % refuse_every == 0
                if not broken or receiver.requests % (2 * refuse_every) == 0:
                    kept.append((dict(self.headers), self.path, body))
                if broken:
                    self.send_response(500)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Rsyslog:
    """rsyslogd in a directory of its own, without privileges, which writes what it gets as it came."""

    def __init__(self, directory, port):
        self.directory, self.port, self.file = directory, port, directory / "received.log"
        for command in (["genrsa", "-out", "key.pem", "2048"],
                        ["req", "-x509", "-new", "-key", "key.pem", "-days", "2", "-subj", "/CN=localhost", "-addext",
                         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", "certificate.pem"]):
            subprocess.run(["openssl", *command], cwd=directory, check=True, capture_output=True)
        (directory / "rsyslog.conf").write_text(f"""
global(workDirectory="{directory}" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off"
       defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="{directory}/certificate.pem"
       defaultNetstreamDriverCertFile="{directory}/certificate.pem"
       defaultNetstreamDriverKeyFile="{directory}/key.pem")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
template(name="whole" type="string" string="%rawmsg%\\n")
input(type="imtcp" port="{port}" address="127.0.0.1" ruleset="keep")
ruleset(name="keep") {{ action(type="omfile" file="{self.file}" template="whole") }}
""")
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            ["/usr/sbin/rsyslogd", "-n", "-f", str(self.directory / "rsyslog.conf"), "-i",
             str(self.directory / "rsyslog.pid")], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

        def listens():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0
        wait_until(listens, "rsyslogd to listen")
        return self

    def kill(self):
        self.process.kill()
        self.process.wait()
        (self.directory / "rsyslog.pid").unlink(missing_ok=True)

    def messages(self):
        if not self.file.exists():
            return []
        lines = self.file.read_text(encoding="utf-8-sig", errors="replace").split("\n")[:-1]
        return [json.loads(line[line.index("{"):]) for line in lines if "{" in line]


class Streams(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        (self.server.data / "latchkey.toml").write_text(OUTGOING)
        self.server.start()
        self.cookie = self.server.sign_in()

    def call(self, method, path, body=None, expected=200):
        separator = "&" if "?" in path else "?"
        answer = self.server.request(method, f"{path}{separator}api-version=7.2-preview.1", body, cookie=self.cookie)
        self.assertEqual(answer.status, expected, answer.body)
        return answer.json if answer.body else None

    def create(self, kind, inputs, expected=201, days=7):
        return self.call("POST", f"/_apis/audit/streams?daysToBackfill={days}",
                         {"consumerType": kind, "consumerInputs": inputs, "displayName": kind}, expected)

    def stream(self, stream):
        return self.call("GET", f"/_apis/audit/streams/{stream['id']}")

    def act(self, times):
        for _ in range(times):
            self.server.create_token("vso.code", cookie=self.cookie)

    def chain(self):
        """Position → digest of every event that there is."""
        links = self.call("GET", "/_apis/latchkey/audit/chain?top=5000&after=1")["value"]
        return {link["position"]: link["digest"] for link in links}

    def wait_for_all(self, stream):
        wait_until(lambda: self.stream(stream)["health"]["behind"] == 0, f"the stream: {self.stream(stream)}")

    def check(self, received):
        """What arrived, in the order of arrival: each event, with its digest; none before its predecessor."""
        known, seen, last = self.chain(), {}, 0
        for event in received:
            position = event["Position"]
            self.assertLessEqual(position, last + 1, "an event came before its predecessor")
            seen[position] = event["Digest"]
            last = max(last, position)
        self.assertEqual(sorted(seen), list(range(1, len(seen) + 1)))
        self.assertGreaterEqual(len(seen), len(known) - 1)
        for position, digest in known.items():
            if position in seen:
                self.assertEqual(seen[position], digest)

    def kill_server(self):
        self.server.kill()
        self.server.start()

    def no_secret_is_told(self):
        shown = json.dumps(self.call("GET", "/_apis/audit/streams"))
        log = self.server.log.read_text(errors="replace")
        database = b"".join(path.read_bytes() for path in self.server.data.glob("latchkey.db*"))
        for secret in (KEY, COLLECTOR_TOKEN):
            self.assertNotIn(secret, shown)
            self.assertNotIn(secret, log)
            self.assertNotIn(secret.encode(), database)
        self.assertEqual((self.server.data / "stream-key").stat().st_mode & 0o777, 0o600)

    def test_webhook(self):
        port, kept = free_port(), []
        receiver = Receiver(port, kept, refuse_every=3)
        stream = self.create("WebHook", {"Url": f"http://127.0.0.1:{port}/hook", "Secret": KEY})
        self.assertEqual(stream["consumerInputs"]["Secret"], "********")
        self.act(20)
        receiver.stop()
        self.act(5)
        wait_until(lambda: self.stream(stream)["health"]["failures"] > 0, "a failure")
        self.kill_server()
        receiver = Receiver(port, kept, refuse_every=3)
        self.addCleanup(receiver.stop)
        self.act(20)
        self.kill_server()
        self.act(5)
        self.wait_for_all(stream)
        received = []
        for headers, _, body in kept:
            signature = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
            self.assertEqual(headers["X-Latchkey-Signature"], f"sha256={signature}")
            batch = json.loads(body)
            self.assertEqual(batch["stream"], stream["id"])
            self.assertEqual(batch["head"], {"position": batch["events"][-1]["Position"],
                                             "digest": batch["events"][-1]["Digest"]})
            received += batch["events"]
        self.check(received)
        self.assertIn("Token.PatCreateEvent", {event["ActionId"] for event in received})
        self.no_secret_is_told()

    def test_splunk(self):
        port, kept = free_port(), []
        receiver = Receiver(port, kept)
        self.addCleanup(receiver.stop)
        stream = self.create("Splunk", {"SplunkUrl": f"http://127.0.0.1:{port}",
                                        "SplunkEventCollectorToken": COLLECTOR_TOKEN})
        self.act(5)
        self.wait_for_all(stream)
        received = []
        for headers, path, body in kept:
            self.assertEqual(path, "/services/collector/event")
            self.assertEqual(headers["Authorization"], f"Splunk {COLLECTOR_TOKEN}")
            received += [json.loads(line)["event"] for line in body.decode().splitlines()]
        self.check(received)
        self.no_secret_is_told()

    def test_file(self):
        stream = self.create("File", {"File": "audit.jsonl"})
        self.act(5)
        self.wait_for_all(stream)
        self.kill_server()
        self.act(5)
        self.wait_for_all(stream)
        lines = (self.server.data / "server-audit.jsonl").read_text().splitlines()
        self.check([json.loads(line) for line in lines])

    @unittest.skipUnless(Path("/usr/sbin/rsyslogd").exists(), "script/bootstrap installs rsyslog")
    def test_rsyslog(self):
        directory = self.server.directory / "rsyslog"
        directory.mkdir()
        rsyslog = Rsyslog(directory, free_port()).start()
        self.addCleanup(lambda: rsyslog.kill())
        stream = self.create("Syslog", {"Host": "localhost", "Port": str(rsyslog.port),
                                        "CaCertificate": (directory / "certificate.pem").read_text()})
        self.act(10)
        self.wait_for_all(stream)
        rsyslog.kill()
        self.act(10)
        wait_until(lambda: self.stream(stream)["health"]["failures"] > 0, "a failure")
        rsyslog.start()
        self.act(5)
        self.kill_server()
        self.wait_for_all(stream)
        known = len(self.chain())
        wait_until(lambda: max((event["Position"] for event in rsyslog.messages()), default=0) >= known,
                   "rsyslog to write")
        self.check(rsyslog.messages())

    def test_what_is_not_allowed(self):
        (self.server.data / "latchkey.toml").write_text("")
        self.server.stop()
        self.server.start()
        for kind, inputs in (("WebHook", {"Url": "http://siem.example.com/", "Secret": KEY}),
                             ("WebHook", {"Url": "https://127.0.0.1/", "Secret": KEY}),
                             ("Syslog", {"Host": "localhost"}), ("File", {"File": "audit.jsonl"})):
            self.create(kind, inputs, expected=400)


if __name__ == "__main__":
    unittest.main()
