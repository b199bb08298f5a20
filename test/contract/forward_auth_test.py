#!/usr/bin/env python3
"""Forward-auth through real proxies, run with the files of packaging/examples: who is let in, who is not, what reaches
the service behind, and that no spelling of a path steps around a rule. And npm, through nginx, to a real registry.
"""
import base64
import json
import shutil
import signal
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from proxies import HOST, Caddy, Haproxy, Nginx, Upstream, Verdaccio, ask  # noqa: E402
from server import ADMIN, ROOT, Server  # noqa: E402

SETTINGS = f"""
[server]
trusted_proxies = ["127.0.0.1"]

[[scope]]
id = "site.read"
description = "Read the site"

[[scope]]
id = "site.admin"
includes = ["site.read"]

[[service]]
host = "{HOST}"
organization = "DefaultCollection"

[[service.rule]]
path = "/admin/**"
scope = "site.admin"

[[service.rule]]
path = "/public/**"
scope = "site.read"

[[service.rule]]
path = "/**"
methods = ["GET", "HEAD", "POST"]
scope = "site.read"
"""
IDENTITY = ("Remote-User", "X-Latchkey-User", "X-Latchkey-Organization", "X-Latchkey-Scopes", "X-Latchkey-Token")


def tricks():
    lines = (ROOT / "test/path_tricks.txt").read_text().splitlines()
    return [tuple(line.split(" ", 1)) for line in lines if line and not line.startswith("#")]


def basic(token):
    return "Authorization: Basic " + base64.b64encode(f"me:{token}".encode()).decode()


class Settings:
    """A server with a settings file of its own."""

    def __init__(self, settings=SETTINGS):
        self.server = Server()
        self.file = self.server.data / "latchkey.toml"
        self.file.write_text(settings)
        self.server.start()


class Proxied:
    """Run once for each proxy."""
    proxy_type = None

    @classmethod
    def setUpClass(cls):
        cls.server = Settings().server
        cls.addClassCleanup(cls.server.__exit__)
        cls.upstream = Upstream()
        cls.addClassCleanup(cls.upstream.close)
        cls.proxy = cls.proxy_type(cls.server.directory / "proxy", cls.server.port, cls.upstream.port)
        cls.addClassCleanup(cls.proxy.close)
        cls.read, cls.admin = cls.server.create_token("site.read"), cls.server.token("site.admin")
        cls.other = cls.server.token("vso.code")

    def setUp(self):
        self.upstream.seen.clear()

    def ask(self, method, target, *headers, token=None, body=b""):
        credential = [basic(token)] if token else []
        return ask(self.proxy.port, method, target, [*credential, *headers], body)

    def the_one_seen(self):
        self.assertEqual(len(self.upstream.seen), 1, self.upstream.seen)
        method, target, headers, size = self.upstream.seen.pop()
        return method, target, headers, size

    def test_lets_a_good_token_in_and_says_whose_it_is(self):
        for token in (self.read["token"], self.admin):
            status, _, body = self.ask("GET", "/a/b%20c?d=%2f..", token=token)
            self.assertEqual((status, body), (200, b"reached"))
            method, target, headers, _ = self.the_one_seen()
            self.assertEqual((method, target), ("GET", "/a/b%20c?d=%2f.."))
            seen = {name.lower(): value for name, value in headers}
            self.assertEqual(seen["remote-user"], ADMIN)
            self.assertRegex(seen["x-latchkey-user"], "^[0-9a-f-]{36}$")
            self.assertEqual(seen["x-latchkey-organization"], "DefaultCollection")
            self.assertIn("site.read", seen["x-latchkey-scopes"].split(" "))
            self.assertEqual(seen["x-latchkey-token"], token[60:72])
            self.assertNotIn("authorization", seen)

    def test_asks_for_a_credential_and_refuses_what_is_none(self):
        for headers in ((), ("Authorization: Basic !",), ("Authorization: Bearer x",), (basic("x" * 84),)):
            status, fields, _ = self.ask("GET", "/public/x", *headers)
            self.assertEqual(status, 401)
            challenges = [value for name, value in fields if name.lower() == "www-authenticate"]
            self.assertTrue(challenges[0].startswith("Basic realm="), challenges)
        self.assertEqual(self.upstream.seen, [])

    def test_refuses_a_scope_that_is_too_small_and_what_no_rule_names(self):
        for method, target, token in (("GET", "/public/x", self.other), ("GET", "/admin/x", self.read["token"]),
                                      ("DELETE", "/x", self.admin)):
            self.assertEqual(self.ask(method, target, token=token)[0], 403, target)
        self.assertEqual(self.upstream.seen, [])

    def test_a_revoked_token_is_refused_at_once(self):
        token = self.server.create_token("site.read")
        self.assertEqual(self.ask("GET", "/", token=token["token"])[0], 200)
        self.server.revoke(token["authorizationId"], self.server.sign_in())
        self.assertEqual(self.ask("GET", "/", token=token["token"])[0], 401)

    def test_what_a_client_forges_reaches_nobody(self):
        forged = [f"{name}: forged" for name in IDENTITY]
        forged += [f"{name.replace('-', '_')}: forged" for name in IDENTITY]
        forged += ["X-Latchkey_Token: forged", "x_latchkey-user: forged", "REMOTE_USER: forged",
                   "X-Forwarded-Uri: /public/x", "X-Forwarded-Method: GET", "X-Forwarded-Host: elsewhere.example.com",
                   "X-Original-URI: /public/x", "X-Original-Method: GET", "X-Original-Host: elsewhere.example.com",
                   "X-Original_URI: /public/x", "X-HTTP-Method-Override: DELETE"]
        self.assertEqual(self.ask("GET", "/admin/x", *forged, token=self.read["token"])[0], 403)
        self.assertEqual(self.ask("DELETE", "/x", *forged, token=self.admin)[0], 403)
        self.assertEqual(self.ask("GET", "/public/x", *forged)[0], 401)
        self.assertEqual(self.upstream.seen, [])
        self.assertEqual(self.ask("GET", "/admin/x", *forged, token=self.admin)[0], 200)
        _, _, headers, _ = self.the_one_seen()
        identity = [name.lower().replace("_", "-") for name, _ in headers]
        for name in IDENTITY:
            self.assertEqual(identity.count(name.lower()), 1, headers)
        self.assertFalse([item for item in headers if "forged" in item[1]], headers)
        self.assertNotIn("x-http-method-override", identity)

    def test_the_host_that_is_asked_about_is_the_one_that_goes_on(self):
        # An absolute URL names a host of its own: proxies take either, or refuse.
        self.ask("GET", "http://elsewhere.example.com/public/x", token=self.read["token"])
        for _, _, headers, _ in self.upstream.seen:
            self.assertEqual(dict(headers)["Host"], HOST)

    def test_bodies_pass_and_are_not_waited_for(self):
        body = b"x" * 3_000_000
        self.assertEqual(self.ask("POST", "/x", token=self.read["token"], body=body)[0], 200)
        self.assertEqual(self.the_one_seen()[3], len(body))
        self.assertEqual(self.ask("PUT", "/public/x", "Expect: 100-continue", token=self.read["token"], body=b"abc")[0], 200)
        self.assertEqual(self.the_one_seen()[3], 3)
        # Announced and never sent: refused all the same, at once.
        status, _, _ = ask(self.proxy.port, "PATCH", "/admin/x", [basic(self.read["token"]), "Content-Length: 1000"])
        self.assertEqual(status, 403)

    def test_no_spelling_of_a_path_steps_around_a_rule(self):
        self.assertGreater(len(tricks()), 80)
        for kind, target in tricks():
            status, _, _ = self.ask("GET", target, token=self.read["token"])
            self.assertIn(status, (400, 403), target)
            self.assertEqual(self.upstream.seen, [], target)
            if kind == "closed":
                self.assertEqual(status, 403, target)
                self.assertEqual(self.ask("GET", target, token=self.admin)[0], 200, target)
                self.assertEqual(self.the_one_seen()[1], target)

    def test_no_spelling_of_a_method_steps_around_a_rule(self):
        for method in ("get", "Get", "GET", "HEAD", "POST", "post", "OPTIONS", "PROPFIND", "X"):
            self.assertIn(self.ask(method, "/admin", token=self.read["token"])[0], (400, 403, 405), method)
        self.assertEqual(self.upstream.seen, [])


class ByNginx(Proxied, unittest.TestCase):
    proxy_type = Nginx


class ByCaddy(Proxied, unittest.TestCase):
    proxy_type = Caddy


class ByHaproxy(Proxied, unittest.TestCase):
    proxy_type = Haproxy


class Directly(unittest.TestCase):
    """What a proxy would say, said by hand."""

    @classmethod
    def setUpClass(cls):
        cls.settings = Settings()
        cls.server = cls.settings.server
        cls.addClassCleanup(cls.server.__exit__)
        cls.token = cls.server.token("site.read")

    def auth(self, path, headers, token=None, method="GET"):
        return self.server.request(method, path, headers=headers, token=token or self.token)

    def original(self, **changed):
        headers = {"X-Original-Host": HOST, "X-Original-URI": "/x", "X-Original-Method": "GET"}
        return {**headers, **changed}

    def forwarded(self, **changed):
        headers = {"X-Forwarded-Host": HOST, "X-Forwarded-Uri": "/x", "X-Forwarded-Method": "GET"}
        return {**headers, **changed}

    def test_each_dialect_reads_its_own_headers(self):
        for method in ("GET", "HEAD", "POST", "PUT", "PROPFIND"):
            self.assertEqual(self.auth("/_auth", self.original(), method=method).status, 200)
            self.assertEqual(self.auth("/_auth/forward?client=query", self.forwarded(), method=method).status, 200)
        self.assertEqual(self.auth("/_auth/envoy/x?y", {"Host": HOST}).status, 200)
        self.assertEqual(self.auth("/_auth/envoy/admin", {"Host": HOST}).status, 403)
        self.assertEqual(self.auth("/_auth/envoy/x", {"Host": HOST}, method="DELETE").status, 403)
        self.assertEqual(self.auth("/_auth", self.forwarded()).status, 403)
        self.assertEqual(self.auth("/_auth/forward", self.original()).status, 403)
        for path, headers in (("/_auth", {**self.original(), **self.forwarded()}),
                              ("/_auth/forward", {**self.original(), **self.forwarded()}),
                              ("/_auth/envoy/x", {"Host": HOST, **self.original()})):
            self.assertEqual(self.auth(path, headers).status, 403, path)
        for missing in self.original():
            headers = self.original()
            del headers[missing]
            self.assertEqual(self.auth("/_auth", headers).status, 403, missing)
        self.assertIn("x-original", self.server.log.read_text())

    def test_a_proxy_that_is_wrong_does_not_flood_the_log(self):
        for _ in range(200):
            self.assertEqual(self.auth("/_auth", {}).status, 403)
        self.assertLess(self.server.log.read_text().count("forward-auth refused"), 60)

    def test_the_answer_has_every_header_and_no_body(self):
        answer = self.auth("/_auth", self.original())
        self.assertEqual(answer.headers["Content-Length"], "0")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        for name in IDENTITY:
            self.assertIn(name, answer.headers)

    def wait_for(self, condition):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), deadline, self.server.log.read_text()[-2000:])

    def reload(self, settings):
        self.settings.file.write_text(settings)
        self.server.process.send_signal(signal.SIGHUP)

    def test_a_reload_takes_what_is_right_and_keeps_the_old_otherwise(self):
        self.addCleanup(self.settings.file.write_text, SETTINGS)
        rule = '[[service.rule]]\npath = "/new/**"\nmethods = ["DELETE"]\nscope = "site.new"\n'
        added = SETTINGS + rule + '[[scope]]\nid = "site.new"\n'
        gone = lambda: self.auth("/_auth", self.original(**{"X-Original-URI": "/new/x", "X-Original-Method": "DELETE"}),
                                 token=new).status
        self.reload(added)
        self.wait_for(lambda: "services read again" in self.server.log.read_text())
        new = self.server.token("site.new")
        self.assertEqual(gone(), 200)
        self.reload(added.replace('path = "/new/**"', 'path = "new"').replace('scope = "site.read"', 'scope = "site.raed"'))
        ready = lambda: self.server.request("GET", "/readyz")
        self.wait_for(lambda: b"site.raed" in ready().body)
        self.assertEqual(ready().status, 200)
        self.assertIn(b"latchkey.toml, line ", ready().body)
        self.assertEqual(gone(), 200)
        self.assertEqual(self.auth("/_auth", self.original()).status, 200)
        self.reload(added.replace(rule, ""))
        self.wait_for(lambda: ready().body.strip() == b"ready")
        self.assertEqual(gone(), 403)

    def test_a_file_with_errors_is_refused_with_every_line(self):
        data = self.server.directory / "wrong"
        data.mkdir(exist_ok=True)
        (data / "latchkey.toml").write_text(SETTINGS + '[[service]]\nhost = "a b"\n[[service.rule]]\npath = "x"\n'
                                            'methods = []\nscope = "no.such"\nscoop = 1\n')
        done = self.server.latchkey("serve", "--check", "--data", data, check=False)
        self.assertEqual(done.returncode, 1)
        line = len(SETTINGS.splitlines())
        for said in (f"line {line + 1}: the host", f"line {line + 3}: the path", f"line {line + 5}: methods",
                     "no.such", 'unknown setting "scoop"'):
            self.assertIn(said, done.stderr)

    def test_rules_that_never_match_are_told_at_the_start(self):
        data = self.server.directory / "shadowed"
        data.mkdir(exist_ok=True)
        (data / "latchkey.toml").write_text(SETTINGS + '[[service.rule]]\npath = "/public/x"\nscope = "site.read"\n')
        done = self.server.latchkey("serve", "--check", "--data", data)
        self.assertIn(f"latchkey.toml, line {len(SETTINGS.splitlines()) + 1}: this rule never matches", done.stderr)


REGISTRY = """
[server]
trusted_proxies = ["127.0.0.1"]
[[service]]
host = "127.0.0.1"
organization = "DefaultCollection"
[[service.rule]]
path = "/**"
methods = ["GET", "HEAD"]
scope = "vso.packaging"
[[service.rule]]
path = "/**"
methods = ["PUT"]
scope = "vso.packaging_write"
"""


class Npm(unittest.TestCase):
    """npm, with a token in its .npmrc, to a registry that knows nobody."""

    @classmethod
    def setUpClass(cls):
        cls.server = Settings(REGISTRY).server
        cls.addClassCleanup(cls.server.__exit__)
        cls.registry = Verdaccio(cls.server.directory / "registry")
        cls.addClassCleanup(cls.registry.close)
        cls.proxy = Nginx(cls.server.directory / "proxy", cls.server.port, cls.registry.port, host="127.0.0.1")
        cls.addClassCleanup(cls.proxy.close)
        cls.reads, cls.writes = cls.server.token("vso.packaging"), cls.server.token("vso.packaging_write")

    def npm(self, folder, credential, *arguments):
        folder.mkdir(exist_ok=True)
        at = f"//127.0.0.1:{self.proxy.port}/"
        settings = f"registry=http:{at}\n" + (f"{at}:{credential}\n" if credential else "")
        (folder / ".npmrc").write_text(settings + "audit=false\nfund=false\nupdate-notifier=false\nfetch-retries=0\n")
        return self.server.run("npm", *arguments, cwd=folder, check=False)

    def publish(self, name, credential):
        folder = self.server.directory / f"publishes-{name}"
        folder.mkdir(exist_ok=True)
        (folder / "package.json").write_text(json.dumps({"name": name, "version": "1.0.0", "main": "index.js"}))
        (folder / "index.js").write_text("module.exports = 'from the registry';\n")
        return self.npm(folder, credential, "publish")

    def install(self, name, credential):
        folder = self.server.directory / "installs"
        shutil.rmtree(folder, ignore_errors=True)
        done = self.npm(folder, credential, "install", name)
        return done, folder / "node_modules" / name / "index.js"

    def test_publishes_and_installs_by_the_scope_of_the_token(self):
        refused = self.publish("latched", f"_authToken={self.reads}")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("E403", refused.stderr)
        published = self.publish("latched", f"_authToken={self.writes}")
        self.assertEqual(published.returncode, 0, published.stderr)
        pair = base64.b64encode(f"me:{self.reads}".encode()).decode()
        for credential in (f"_authToken={self.reads}", f"_auth={pair}"):
            done, file = self.install("latched", credential)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("from the registry", file.read_text())
        for credential, code in (("", "E401"), (f"_authToken={self.server.token('vso.code')}", "E403")):
            done, _ = self.install("latched", credential)
            self.assertIn(code, done.stderr)


if __name__ == "__main__":
    for tool in ("nginx", "caddy", "haproxy", "npm"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing: run script/bootstrap")
    unittest.main()
