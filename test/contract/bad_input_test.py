#!/usr/bin/env python3
"""Bad input gets a named error, and nothing is lost: raw bytes to a real server, values that break rules, and starts
that can't succeed. The unit tests hold the long tables; here each kind is seen from outside.
"""
import base64
import datetime
import json
import socket
import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import BINARY, Server  # noqa: E402


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.addClassCleanup(cls.server.__exit__)
        cls.cookie = cls.server.sign_in()
        cls.token = cls.server.token()
        cls.projects = f"/{cls.server.organization}/_apis/projects?api-version=7.1"

    def tearDown(self):
        # whatever was sent, the server goes on
        self.assertEqual(self.server.request("GET", self.projects, token=self.token).status, 200)


class Credentials(BadInput):
    def status(self, authorization):
        connection = self.server.connection()
        connection.putrequest("GET", self.projects, skip_accept_encoding=True)
        connection.putheader("Authorization", authorization)
        connection.endheaders()
        answer = connection.getresponse()
        self.assertNotIn(self.token.encode(), answer.read())
        connection.close()
        return answer.status

    def basic(self, pair):
        return b"Basic " + base64.b64encode(pair)

    def test_good_ones_in_every_encoding(self):
        token = self.token.encode()
        for good in (self.basic("jürgen:".encode("latin-1") + token), self.basic("jürgen:".encode() + token),
                     self.basic(b"x" * 4000 + b":" + token), self.basic(token + b":"), b"bEaReR   " + token,
                     self.basic(b":" + token).rstrip(b"=")):
            self.assertEqual(self.status(good), 200, good)

    def test_malformed_ones_are_401(self):
        token = self.token.encode()
        good = self.basic(b":" + token)
        for bad in (b"", b"Basic", b"Basic !!!!", good + b"====", good[:20] + b"=" + good[20:], good + b", " + good,
                    good + b" x=y", b"Bearer " + token + b" x", b"Bearer " + token[:-1], b"Digest " + token,
                    self.basic(b":" + token + b"\0"), self.basic(b"a\n:" + token), self.basic(token + b":other"),
                    self.basic(b":" + token[:-1] + (b"A" if token[-1:] != b"A" else b"B"))):
            self.assertEqual(self.status(bad), 401, bad)

    def test_unknown_texts_are_alike(self):
        def answer(token):
            got = self.server.request("GET", self.projects, token=token)
            return got.status, got.body, [(n, v) for n, v in got.headers.items() if n not in ("Date", "ActivityId")]

        from_nowhere = "a" * 52 + "JQQJ99CKAAAAAAAAAAAAAAAAAZDO" + "b85G"  # well formed, never issued
        self.assertEqual(answer(from_nowhere), answer("b" * 52 + "JQQJ99CKAAAAAAAAAAAAAAAAAZDO" + "fdCL"))
        self.assertEqual(answer(from_nowhere), answer("garbage"))


class Values(BadInput):
    def create(self, **fields):
        request = {"displayName": "ok", "scope": "vso.code", **fields}
        answer = self.server.request("POST", self.server.pats(), request, cookie=self.cookie)
        self.assertEqual(answer.status, 200, answer.body)
        if answer.json["patTokenError"] != "none":
            self.assertIsNone(answer.json["patToken"])
        return answer.json["patTokenError"]

    def test_tokens(self):
        in_days = lambda days: (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).isoformat()
        for fields, error in (({}, "none"), ({"scope": "vso.nothing"}, "invalidScope"), ({"scope": ""}, "invalidScope"),
                              ({"scope": "vso.governance"}, "invalidScope"), ({"scope": "VSO.CODE"}, "invalidScope"),
                              ({"displayName": ""}, "displayNameRequired"), ({"displayName": "x" * 101}, "invalidDisplayName"),
                              ({"displayName": "x" * 100}, "none"), ({"displayName": "a\u0000b"}, "invalidDisplayName"),
                              ({"displayName": "a\nb"}, "invalidDisplayName"), ({"validTo": in_days(-1)}, "invalidValidTo"),
                              ({"validTo": in_days(364)}, "none"), ({"validTo": in_days(400)}, "invalidValidTo")):
            self.assertEqual(self.create(**fields), error, fields)

    def test_a_token_may_not_make_tokens(self):
        answer = self.server.request("POST", self.server.pats(), {"displayName": "x", "scope": "vso.code"}, token=self.token)
        self.assertIn(answer.status, (401, 403))
        self.assertIn("message", answer.json)

    def test_names_of_projects(self):
        for name in ("", "..", ".", "a/b", "a\\b", "a\0b", "_apis", "x" * 65, "a:b", "COM1", "web.config", 7, None):
            answer = self.server.request("POST", self.projects, {"name": name}, token=self.token)
            self.assertEqual(answer.status, 400, name)
            self.assertIn("message", answer.json)

    def test_json(self):
        for body in (b"", b"{", b"[]", b"\xff\xfe", b'{"name":', b'{"name":"' + b"\xc3" + b'"}', b'{"a":' * 40 + b"1" + b"}" * 40):
            answer = self.server.request("POST", self.projects, body, {"Content-Type": "application/json"}, token=self.token)
            self.assertEqual(answer.status, 400, body[:20])
            self.assertIn("message", answer.json)

    def test_a_body_over_the_bound(self):
        answer = self.server.request("POST", self.projects, {"name": "x" * (1 << 20)}, token=self.token)
        self.assertEqual(answer.status, 413)

    def test_unknown_organization_and_paths_with_tricks(self):
        self.assertEqual(self.server.request("GET", "/Nowhere/_apis/projects", token=self.token).status, 401)
        for path in ("/../_apis/projects", "/%2e%2e/_apis/projects", "/a%00b/_apis/projects", "/a%2fb/_apis/projects", "//_apis"):
            self.assertIn(self.server.request("GET", path, token=self.token).status, (400, 401, 404), path)

    def test_a_foreign_origin_may_not_act(self):
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            for how in ({"cookie": self.cookie}, {"token": self.token}):
                answer = self.server.request("POST", self.projects, {"name": "Evil"}, headers, **how)
                self.assertEqual(answer.status, 403, headers)
        # monitors on this machine may call /healthz by any name; nothing else answers to a name that is not ours
        self.assertEqual(self.server.request("GET", self.projects, headers={"Host": "evil.example"}).status, 421)


class Framing(BadInput):
    def raw(self, data):
        with socket.create_connection(("localhost", self.server.port), timeout=60) as s:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            answer = b""
            while part := s.recv(65536):
                answer += part
        return answer

    def test_what_two_parsers_would_read_differently_is_refused_and_closed(self):
        host = f"Host: localhost:{self.server.port}\r\n".encode()
        smuggled = b"GET /smuggled HTTP/1.1\r\n" + host + b"\r\n"
        for fields in (b"Content-Length: 1\r\nContent-Length: 2\r\n", b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                       b"Transfer-Encoding: gzip, chunked\r\n", b"Content-Length: +3\r\n", b"Content-Length : 3\r\n",
                       b"X: a\r\n b\r\n", b": x\r\n", b"X: a\0b\r\n", b"X: a\rb\r\n", b"Transfer-Encoding: xchunked\r\n"):
            answer = self.raw(b"POST /healthz HTTP/1.1\r\n" + host + fields + b"\r\n" + smuggled)
            self.assertRegex(answer, rb"^HTTP/1\.1 (400|501) ", fields)
            self.assertEqual(answer.count(b"HTTP/1.1 "), 1, fields)
        for line in (b"GET /healthz\r\n", b"GET /healthz HTTP/2.0\r\n", b"TRACE / HTTP/1.1\r\n", b"CONNECT a:1 HTTP/1.1\r\n"):
            self.assertRegex(self.raw(line + host + b"\r\n"), rb"^HTTP/1\.1 (400|405|501|505) ", line)
        self.assertRegex(self.raw(b"GET /healthz HTTP/1.1\r\n\r\n"), rb"^HTTP/1\.1 400 ")
        self.assertRegex(self.raw(b"GET /healthz HTTP/1.1\r\n" + host + host + b"\r\n"), rb"^HTTP/1\.1 400 ")

    def test_oversized_headers(self):
        host = f"Host: localhost:{self.server.port}\r\n".encode()
        self.assertRegex(self.raw(b"GET / HTTP/1.1\r\n" + host + b"X: " + b"y" * 17000 + b"\r\n\r\n"), rb"^HTTP/1\.1 431 ")

    def test_slow_clients_are_ended_and_do_not_slow_others(self):
        slow = [socket.create_connection(("localhost", self.server.port), timeout=60) for _ in range(300)]
        for s in slow:
            s.sendall(b"GET /healthz HTTP/1.1\r\nX: ")
        for _ in range(20):
            self.assertEqual(self.server.request("GET", "/healthz").status, 200)
        for s in slow:
            self.assertIn(s.recv(65536)[:12], (b"", b"HTTP/1.1 408"))
            s.close()


class Starting(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)

    def fails(self, *words, arguments=None):
        done = self.server.run(BINARY, "serve", *(arguments or ["--data", self.server.data, "--listen", "localhost:0"]),
                               check=False)
        self.assertNotEqual(done.returncode, 0)
        sentence = done.stderr.strip().splitlines()
        self.assertEqual(len(sentence), 1, done.stderr)
        for word in words:
            self.assertIn(word, sentence[0])

    def test_a_settings_file_that_would_write_to_the_terminal(self):
        file = self.server.directory / "latchkey.toml"
        file.write_text('[server]\nlisten = "a\\nlatchkey: all is well\\u001b[2J"\n')
        self.fails("a?latchkey: all is well?[2J", "line 2",
                   arguments=["--data", self.server.data, "--config", file])

    def test_a_data_directory_that_is_not_writable(self):
        self.fails("/proc/nothing", arguments=["--data", "/proc/nothing", "--listen", "localhost:0"])

    def test_a_port_that_is_taken(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            self.fails(port, "taken", arguments=["--data", self.server.data, "--listen", f"127.0.0.1:{port}"])

    def test_a_database_from_a_newer_version(self):
        with sqlite3.connect(self.server.data / "latchkey.db") as database:
            database.execute("insert into migrations (number, applied_at) values (999, 0)")
        self.fails("newer")

    def test_a_second_server_on_the_same_data(self):
        self.server.start()
        self.fails("in use")

    def test_a_second_init(self):
        done = self.server.run(BINARY, "init", "--data", self.server.data, "--organization", "X", "--admin", "a@b.c",
                               "--password-stdin", input="another long password\n", check=False)
        self.assertEqual(done.returncode, 1)


del BadInput
if __name__ == "__main__":
    unittest.main()
