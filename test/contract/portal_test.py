#!/usr/bin/env python3
"""The way in for people, driven by curl as a browser would: setting an empty server up by its link, invitations, pages and
their headers, and the files that they are made of.
"""
import gzip
import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from proxies import Program, free_port  # noqa: E402
from server import ADMIN, PASSWORD, Server  # noqa: E402

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
          "img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
          "require-trusted-types-for 'script'; trusted-types 'none'")
OWN = "a password of my own"


class Answer:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        self.status = int(status.split()[1])
        self.headers = {}
        for line in lines:
            name, _, value = line.partition(": ")
            self.headers.setdefault(name.lower(), []).append(value)

    def header(self, name):
        values = self.headers.get(name.lower(), [])
        assert len(values) <= 1, f"{name} is there more than once: {values}"
        return values[0] if values else None

    @property
    def json(self):
        return json.loads(self.body)


class Browser:
    """curl with a cookie jar."""

    def __init__(self, server, name):
        self.server, self.jar = server, server.directory / f"{name}.cookies"

    def curl(self, path, *arguments):
        command = ["curl", "--silent", "--include", "--path-as-is", "--cookie", self.jar, "--cookie-jar", self.jar]
        done = subprocess.run([*command, *arguments, self.server.url + path], capture_output=True, timeout=120)
        assert done.returncode == 0, done
        return Answer(done.stdout)

    def page(self, path, *arguments):
        return self.curl(path, "--header", "Accept: text/html,*/*;q=0.8", *arguments)

    def send(self, method, path, body=None):
        data = [] if body is None else ["--header", "Content-Type: application/json", "--data", json.dumps(body)]
        return self.curl(path, "--request", method, *data)


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.addClassCleanup(cls.server.__exit__)
        cls.browser = Browser(cls.server, "admin")
        answer = cls.browser.send("POST", "/_session", {"user": ADMIN, "password": PASSWORD})
        assert answer.status == 200, answer.body
        cls.stranger = Browser(cls.server, "stranger")

    def test_a_page_has_the_whole_header_set_and_nothing_of_elsewhere(self):
        for base in ("/", "/tfs/"):
            for path in ("_signin", "_invitation", "DefaultCollection", "DefaultCollection/_usersSettings/tokens",
                         "DefaultCollection/_settings/users", "DefaultCollection/P/_git/R"):
                answer = self.browser.page(base + path)
                self.assertEqual(answer.status, 200, path)
                self.assertEqual(answer.header("Content-Type"), "text/html; charset=utf-8")
                self.assertEqual(answer.header("Content-Security-Policy"), POLICY)
                self.assertEqual(answer.header("Cache-Control"), "no-store")
                self.assertEqual(answer.header("Referrer-Policy"), "same-origin")
                self.assertEqual(answer.header("X-Content-Type-Options"), "nosniff")
                self.assertEqual(answer.header("Cross-Origin-Opener-Policy"), "same-origin")
                named = re.findall(r'(?:src|href)="([^"]*)"', answer.body.decode())
                self.assertTrue(named)
                for name in named:
                    self.assertTrue(name.startswith(base + "_assets/"), name)
                self.assertNotRegex(answer.body.decode(), r"<script(?![^>]* src=)|<style|\son\w+=")

    def test_a_file_comes_in_the_encoding_that_is_asked_for(self):
        script = re.search(r'src="(/_assets/[^"]*\.js)"', self.stranger.page("/_signin").body.decode()).group(1)
        plain = self.stranger.curl(script)
        self.assertEqual((plain.status, plain.header("Content-Encoding")), (200, None))
        unpack = {"gzip": gzip.decompress,
                  "br": lambda text: subprocess.run(["brotli", "-dc"], input=text, capture_output=True, check=True).stdout}
        for accepted, encoding in (("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("br;q=0, gzip", "gzip")):
            for prefix in ("", "/tfs"):
                answer = self.stranger.curl(prefix + script, "--header", f"Accept-Encoding: {accepted}")
                self.assertEqual(answer.header("Content-Encoding"), encoding)
                self.assertEqual(unpack[encoding](answer.body), plain.body)
                self.assertLess(len(answer.body), len(plain.body) // 2)
                self.assertEqual(answer.header("Cache-Control"), "public, max-age=31536000, immutable")
                self.assertEqual(answer.header("Vary"), "Accept-Encoding")
                self.assertEqual(answer.header("Content-Type"), "text/javascript; charset=utf-8")
                self.assertEqual(answer.header("X-Content-Type-Options"), "nosniff")
        same = self.stranger.curl(script, "--header", f"If-None-Match: {plain.header('ETag')}")
        self.assertEqual((same.status, same.body), (304, b""))
        head = self.stranger.curl(script, "--head")
        self.assertEqual((head.status, head.body, head.header("Content-Length")), (200, b"", str(len(plain.body))))

    def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(self):
        for path, to in (("/", "/_signin"), ("/tfs/", "/tfs/_signin"),
                         ("/DefaultCollection/_usersSettings/tokens?q=a%26b",
                          "/_signin?to=%2FDefaultCollection%2F_usersSettings%2Ftokens%3Fq%3Da%2526b")):
            answer = self.stranger.page(path)
            self.assertEqual((answer.status, answer.header("Location")), (302, to))
        for path in ("//evil.example/x", "/\\evil.example", "/%2f%2fevil.example", "/%5Cevil.example"):
            self.assertEqual(self.stranger.page(path).status, 400, path)
        tokens = "/DefaultCollection/_usersSettings/tokens"
        for path in ("/", "/DefaultCollection/_usersSettings", "/DefaultCollection/_details/security/tokens"):
            answer = self.browser.page(path)
            self.assertEqual((answer.status, answer.header("Location")), (302, tokens))

    def test_tools_get_what_they_always_got(self):
        head = self.stranger.curl("/", "--head")
        self.assertEqual(head.status, 200)
        self.assertLessEqual(set(head.headers), {"date", "activityid", "content-type", "content-length", "cache-control"})
        git = self.stranger.curl("/DefaultCollection/P/_git/R")
        self.assertEqual(git.status, 401)
        self.assertIn("Basic", git.header("WWW-Authenticate"))
        self.assertEqual(self.stranger.curl("/DefaultCollection").status, 404)


class SetUp(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.server.data = self.server.directory / "fresh"
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.browser = Browser(self.server, "first")
        self.file = self.server.data / "set-up-link"

    def code(self):
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        link, code = self.file.read_text().strip().split("#")
        self.assertEqual(link, self.server.url + "/_setup")
        return code

    def test_an_empty_server_is_set_up_by_its_link_once(self):
        line = self.server.process.stdout.readline().decode()
        self.assertIn(str(self.file), line)  # no terminal here: the file has the link, its place is shown
        code = self.code()
        self.assertNotIn(code, line)
        self.assertTrue(self.browser.send("GET", "/_apis/latchkey/set-up").json["open"])
        self.assertEqual(self.browser.page("/").header("Location"), "/_signin")
        self.assertEqual(self.browser.page("/_signin").header("Location"), "/_setup")
        self.assertEqual(self.browser.page("/_setup").status, 200)
        wrong = ("A" if code[0] != "A" else "B") + code[1:]
        self.assertEqual(self.browser.send("POST", "/_setup", {"code": wrong, "check": True}).status, 404)
        self.assertEqual(self.browser.send("POST", "/_setup", {"code": code, "check": True}).status, 204)
        first = {"code": code, "email": "olga@example.com", "displayName": "Olga", "password": OWN, "organization": "Halden"}
        for field, value in (("password", "short"), ("organization", "a b"), ("email", "olga")):
            answer = self.browser.send("POST", "/_setup", {**first, field: value})
            self.assertEqual((answer.status, answer.json["field"]), (400, field))
        answer = self.browser.send("POST", "/_setup", first)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertTrue(answer.json["user"]["serverAdministrator"])
        self.assertEqual([o["name"] for o in answer.json["organizations"]], ["Halden"])
        self.assertEqual(self.browser.send("GET", "/_session").json["user"]["displayName"], "Olga")
        self.assertEqual(self.browser.send("POST", "/_setup", {**first, "organization": "Other"}).status, 404)
        self.assertFalse(self.browser.send("GET", "/_apis/latchkey/set-up").json["open"])
        self.server.stop()
        for file in (self.server.data / "latchkey.db", self.server.log):
            self.assertNotIn(code.encode(), file.read_bytes())
        self.server.start()  # set up: nothing more is shown
        self.assertFalse(self.file.exists())
        self.assertFalse(self.browser.send("GET", "/_apis/latchkey/set-up").json["open"])

    def test_a_restart_shows_another_link(self):
        code = self.code()
        self.server.stop()
        self.server.start()
        self.assertNotEqual(self.code(), code)
        self.assertEqual(self.browser.send("POST", "/_setup", {"code": code, "check": True}).status, 404)
        self.assertEqual(self.browser.send("POST", "/_setup", {"code": self.code(), "check": True}).status, 204)

    def test_codes_are_guessed_by_nobody(self):
        statuses = [self.browser.send("POST", "/_setup", {"code": str(n), "check": True}).status for n in range(12)]
        self.assertEqual(statuses, [404] * 10 + [429] * 2)
        self.assertEqual(self.browser.send("POST", "/_setup", {"code": self.code(), "check": True}).status, 429)


class People(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.addClassCleanup(cls.server.__exit__)
        cls.admin = Browser(cls.server, "admin")
        cls.admin.send("POST", "/_session", {"user": ADMIN, "password": PASSWORD})

    def test_an_invitation_is_taken_once_and_its_user_stopped_at_once(self):
        created = self.admin.send("POST", "/_apis/latchkey/users",
                                  {"email": "carl@example.com", "organization": self.server.organization, "role": "reader"})
        self.assertEqual(created.status, 201, created.body)
        link, code = created.json["invitation"]["url"].split("#")
        self.assertEqual((link, code), (self.server.url + "/_invitation", created.json["invitation"]["code"]))
        carl = Browser(self.server, "carl")
        self.assertEqual(carl.page("/_invitation").status, 200)
        whose = carl.send("POST", "/_invitation", {"code": code, "check": True})
        self.assertEqual(whose.json, {"email": "carl@example.com", "displayName": "carl"})
        taken = carl.send("POST", "/_invitation", {"code": code, "password": OWN})
        self.assertEqual(taken.status, 200, taken.body)
        self.assertEqual(carl.send("GET", "/_session").json["organizations"][0]["role"], "reader")
        again = carl.send("POST", "/_invitation", {"code": code, "password": "another password"})
        self.assertEqual((again.status, again.json["field"]), (404, "code"))
        cookie = self.server.sign_in("carl@example.com", OWN)
        token = self.server.create_token("vso.project", cookie)["token"]
        projects = f"/{self.server.organization}/_apis/projects"
        self.assertEqual(self.server.request("GET", projects, token=token).status, 200)
        user = f"/_apis/latchkey/users/{created.json['id']}"
        self.assertEqual(self.admin.send("PATCH", user, {"state": "disabled"}).json["state"], "disabled")
        self.assertEqual(self.server.request("GET", projects, token=token).status, 401)
        self.assertEqual(carl.send("GET", "/_session").status, 401)
        for file in (self.server.data / "latchkey.db", self.server.data / "latchkey.db-wal", self.server.log):
            self.assertNotIn(code.encode(), file.read_bytes())

    def test_members_are_managed_by_email_address(self):
        self.admin.send("POST", "/_apis/latchkey/users", {"email": "dora@example.com", "password": OWN})
        members = f"/{self.server.organization}/_apis/latchkey/members"
        put = self.admin.send("PUT", f"{members}/dora@example.com", {"role": "administrator"})
        self.assertEqual((put.status, put.json["role"]), (200, "administrator"), put.body)
        listed = self.admin.send("GET", members + "?q=dora").json["value"]
        self.assertEqual([m["user"]["email"] for m in listed], ["dora@example.com"])
        self.assertEqual(self.admin.send("DELETE", f"{members}/{listed[0]['user']['id']}").status, 204)
        self.assertEqual(self.admin.send("DELETE", f"{members}/{listed[0]['user']['id']}").status, 404)
        alone = self.admin.send("DELETE", f"{members}/{ADMIN}")
        self.assertEqual((alone.status, alone.json["typeKey"]), (409, "LastAdministratorException"))

    def test_sign_ins_are_ended_by_their_owner(self):
        self.admin.send("POST", "/_apis/latchkey/users", {"email": "eva@example.com", "password": OWN})
        laptop, phone = Browser(self.server, "laptop"), Browser(self.server, "phone")
        for browser in (laptop, phone):
            browser.send("POST", "/_session", {"user": "eva@example.com", "password": OWN})
        listed = laptop.send("GET", "/_apis/latchkey/sign-ins").json["value"]
        self.assertEqual(sorted(s["current"] for s in listed), [False, True])
        other = next(s["id"] for s in listed if not s["current"])
        self.assertEqual(self.admin.send("DELETE", f"/_apis/latchkey/sign-ins/{other}").status, 404)
        self.assertEqual(laptop.send("DELETE", f"/_apis/latchkey/sign-ins/{other}").status, 204)
        self.assertEqual(phone.send("GET", "/_session").status, 401)
        phone.send("POST", "/_session", {"user": "eva@example.com", "password": OWN})
        wrong = laptop.send("POST", "/_apis/latchkey/password", {"password": "not my password", "newPassword": "one of its own"})
        self.assertEqual((wrong.status, wrong.json["field"]), (400, "password"))
        changed = laptop.send("POST", "/_apis/latchkey/password", {"password": OWN, "newPassword": "one of its own"})
        self.assertEqual(changed.status, 200, changed.body)
        self.assertEqual(laptop.send("GET", "/_session").status, 200)
        self.assertEqual(phone.send("GET", "/_session").status, 401)
        # confirming oneself ends the sign-in that the browser had, and no other
        self.assertEqual(laptop.send("POST", "/_session", {"user": "eva@example.com", "password": "one of its own"}).status, 200)
        self.assertEqual(len(laptop.send("GET", "/_apis/latchkey/sign-ins").json["value"]), 1)


class Nginx(Program):
    """In front of a server that it puts below a path, which it takes off."""

    def __init__(self, directory, latchkey, path):
        self.latchkey, self.path = latchkey, path
        super().__init__(directory)

    def command(self):
        file = self.directory / "nginx.conf"
        file.write_text(f"""
user root; daemon off; pid {self.directory}/pid; error_log stderr;
events {{}}
http {{
  access_log off; client_body_temp_path {self.directory}/body; proxy_temp_path {self.directory}/proxy;
  fastcgi_temp_path {self.directory}/f; uwsgi_temp_path {self.directory}/u; scgi_temp_path {self.directory}/s;
  server {{
    listen 127.0.0.1:{self.port};
    location {self.path}/ {{ proxy_pass http://127.0.0.1:{self.latchkey}/; proxy_set_header Host $http_host; }}
  }}
}}
""")
        return ["nginx", "-p", str(self.directory), "-c", str(file)]


class BelowAPath(unittest.TestCase):
    def test_everything_works_below_the_path_of_the_public_url(self):
        server = Server()
        self.addCleanup(server.__exit__)
        server.port = free_port()
        with tempfile.TemporaryDirectory() as directory:
            nginx = Nginx(Path(directory) / "nginx", server.port, "/tools/latchkey")
            self.addCleanup(nginx.close)
            server.arguments = ["--public-url", f"http://localhost:{nginx.port}/tools/latchkey"]
            server.start()
            server.url = server.arguments[1]
            server.port = nginx.port
            browser = Browser(server, "below")
            page = browser.page("/_signin")
            self.assertEqual(page.status, 200)
            files = re.findall(r'(?:src|href)="([^"]+)"', page.body.decode())
            self.assertTrue(files)
            for file in files:
                self.assertTrue(file.startswith("/tools/latchkey/_assets/"), file)
                self.assertEqual(browser.curl(file.removeprefix("/tools/latchkey")).status, 200)
            led = browser.page(f"/{server.organization}/_usersSettings/tokens")
            self.assertEqual((led.status, led.header("Location")), (302, "/tools/latchkey/_signin?to=%2Ftools%2Flatchkey%2F"
                             f"{server.organization}%2F_usersSettings%2Ftokens"))
            self.assertEqual(browser.send("POST", "/_session", {"user": ADMIN, "password": PASSWORD}).status, 200)
            made = browser.send("POST", server.pats(), {"displayName": "below", "scope": "app_token"}).json
            token = made["patToken"]["token"]
            project = browser.send("POST", f"/{server.organization}/_apis/projects?api-version=7.1",
                                   {"name": "P", "visibility": "private"})
            self.assertEqual(project.status, 202, project.body)
            server.git("clone", server.remote("P", "P", f"me:{token}"), "clone")
            server.git("commit", "--allow-empty", "-m", "first", cwd=server.directory / "clone")
            server.git("push", "origin", "HEAD", cwd=server.directory / "clone")


if __name__ == "__main__":
    unittest.main()
