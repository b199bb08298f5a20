#!/usr/bin/env python3
"""Planted secrets (P2): marked tokens, passwords and cookies go through every endpoint and every error; then the log,
the answers, the database with its write-ahead log, the command lines of processes and the data directory are searched.

A secret may stand in one place: the answer that made it.
"""
import base64
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import ADMIN, PASSWORD, Server  # noqa: E402


class Planted(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.addClassCleanup(cls.server.__exit__)
        cls.answers = []
        ask = cls.server.request

        def recorded(*arguments, **more):
            answer = ask(*arguments, **more)
            cls.answers.append((arguments[:2], str(answer.headers) + answer.body.decode(errors="replace")))
            return answer

        cls.cookie = cls.server.sign_in()
        cls.session = cls.cookie.split("=", 1)[1]
        cls.live = cls.server.create_token("vso.code_write vso.project_manage", cls.cookie)
        cls.dead = cls.server.create_token("vso.code", cls.cookie)
        cls.server.revoke(cls.dead["authorizationId"], cls.cookie)
        cls.verifier = cls.server.create_token("latchkey.verify", cls.cookie)["token"]
        cls.server.request = recorded  # from here on no answer makes a secret
        cls.tokens = [cls.live["token"], cls.dead["token"], cls.verifier]

    def everywhere(self, token):
        """The token in every place where a client may put it by mistake."""
        request, organization = self.server.request, self.server.organization
        paths = [f"/{organization}/_apis/projects", f"/{organization}/_apis/tokens/pats", f"/{organization}/_apis/nothing",
                 f"/{organization}/_apis/connectionData", "/_session", "/healthz", "/nothing"]
        for path in paths:
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
                request(method, path, token=token)
                request(method, path, {"displayName": token, "name": token, "scope": token, "validTo": token,
                                       "authorizationId": token, "user": token, "password": token}, cookie=self.cookie)
                request(method, path, b"{" + token.encode(), {"Content-Type": "application/json"}, token=token)
        for path in (f"/{token}/_apis/projects", f"/{organization}/{token}/_apis/git/repositories",
                     f"/{organization}/_apis/projects/{token}", f"/{organization}/_apis/projects?api-version={token}",
                     f"/{organization}/_apis/tokens/pats?authorizationId={token}", f"/{organization}/P/_git/{token}/info/refs",
                     f"/{organization}/_apis/operations/{token}", f"/{organization}/{token}/_git/x/info/refs?service={token}"):
            request("GET", path, token=token)
            request("GET", path, cookie=self.cookie)
            request("GET", path)
        for name in ("User-Agent", "Accept", "Cookie", "Origin", "X-Forwarded-For", "Git-Protocol", "Referer",
                     "Content-Type", "Host", "Proxy-Authorization", "X-TFS-Session"):
            request("POST", f"/{organization}/_apis/projects?api-version=7.1", {"name": "P"}, {name: token}, cookie=self.cookie)
        for header in (f"Bearer {token} x", f"Basic {token}", f"Digest {token}", token,
                       "Basic " + base64.b64encode(f"{token}:other".encode()).decode()):
            request("GET", f"/{organization}/_apis/projects", headers={"Authorization": header})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for body in (f"token={token}", f"token={token}&token={token}", f"{token}={token}", f"token={token}%zz"):
            for path in ("/oauth/introspect", f"/oauth/introspect?token={token}"):
                request("POST", path, body.encode(), form, token=self.verifier)
                request("POST", path, body.encode(), form, token=token)
        for credentials in ([token], [token, 7], token, {token: token}, [token] * 1001):
            request("POST", "/_apis/latchkey/verify", {"credentials": credentials, token: token}, token=self.verifier)
        for area in (f"/{organization}/_apis/latchkey", "/_apis/latchkey"):
            for body in ({"token": token}, {"token": f" {token} "}, {"fingerprint": token}, {"token": token + "x"}, {token: token}):
                request("POST", area + "/inventory/find", body, cookie=self.cookie)
            for body in ({"ids": [token]}, {"match": {"q": token}}, {"match": {"owner": token}}, {"match": {"fingerprint": token}},
                         {"match": {"owner": "nobody"}, "reason": token}):
                request("POST", area + "/revocations", body, cookie=self.cookie)
            for name in ("q", "owner", "fingerprint", "scope", "after", "sort", "format"):
                request("GET", f"{area}/inventory?{name}={token}", cookie=self.cookie)
        request("POST", "/_session", {"user": ADMIN, "password": "wrong " + PASSWORD})
        request("POST", "/_session", {"user": token, "password": token})

    def by_password(self):
        """The password with each request, good and mistyped, where it is taken and where it is not."""
        request, organization = self.server.request, self.server.organization
        cookie = self.server.sign_in()  # the other was ended by what came before
        policy = f"/{organization}/_apis/latchkey/policies/basic-passwords"
        for on in (False, True):
            answer = request("PUT", policy, {"value": True}, cookie=cookie) if on else request("DELETE", policy, cookie=cookie)
            self.assertEqual(answer.status, 200)
            for pair in (f"{ADMIN}:{PASSWORD}", f"{ADMIN}:x{PASSWORD}", f"{PASSWORD}:{PASSWORD}", f"{PASSWORD}:"):
                fields = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
                for path in (f"/{organization}/_apis/projects?api-version=7.1", f"/{organization}/_apis/tokens/pats", "/_session", "/_auth",
                             f"/{organization}/_apis/nothing", f"/{organization}/P/_git/P/info/refs?service=git-upload-pack"):
                    for method in ("GET", "POST"):
                        request(method, path, {"name": "P"} if method == "POST" else None, fields)
            self.server.git("clone", self.server.remote("P", "P", f"{ADMIN.replace('@', '%40')}:{PASSWORD.replace(' ', '%20')}"),
                            f"by-password-{on}", check=False)
        accepted = request("GET", f"/{organization}/_apis/projects?api-version=7.1", headers={
            "Authorization": "Basic " + base64.b64encode(f"{ADMIN}:{PASSWORD}".encode()).decode()})
        self.assertEqual(accepted.status, 200)

    def found(self, command_lines=b""):
        """Where a secret stands, in any of its forms; the answers that made them are not among the answers."""
        found = []
        secrets = {**{f"token {n}": t for n, t in enumerate(self.tokens)}, "password": PASSWORD, "cookie": self.session}
        for what, secret in secrets.items():
            forms = [secret.encode(), secret[:52].encode(), base64.b64encode(secret.encode()).rstrip(b"=")[:-2]]
            for path in [self.server.log, *(p for p in self.server.data.rglob("*") if p.is_file())]:
                text = path.read_bytes()
                found += [f"{what} in {path.name}" for form in forms if form in text]
            found += [f"{what} in a command line" for form in forms if form in command_lines]
            found += [f"{what} in the answer to {asked}" for asked, text in self.answers
                      if any(form.decode() in text for form in forms)]
        return found

    def test_no_secret_is_anywhere(self):
        for token in self.tokens:
            self.everywhere(token)
            self.server.git("clone", self.server.remote("P", "P", f"{token}:{token}"), "x", check=False)
            self.server.git("clone", self.server.remote("P", "P", f"u:{token}"), "y", check=False)
        self.by_password()
        self.assertGreater(len(self.answers), 200)
        command_lines = b"".join(p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if self.readable(p))
        self.assertEqual(self.found(command_lines), [])
        self.server.kill()  # the write-ahead log stays, and is searched too
        self.assertEqual(self.found(), [])
        self.server.start()

    def test_a_found_text_is_told_of_and_stands_nowhere(self):
        answer = self.server.request("POST", f"/{self.server.organization}/_apis/latchkey/inventory/find",
                                     {"token": self.live["token"]}, cookie=self.cookie)
        self.assertEqual((answer.status, answer.json["id"]), (200, self.live["authorizationId"]))
        self.assertEqual(self.found(), [])

    def test_the_search_finds_what_is_planted(self):
        planted = self.server.data / "planted"
        planted.write_text(f"x{self.tokens[0]}x")
        self.answers.append((("GET", "/"), base64.b64encode(self.session.encode()).decode()))
        found = self.found(PASSWORD.encode())
        planted.unlink()
        self.answers.pop()
        self.assertIn("token 0 in planted", found)
        self.assertIn("cookie in the answer to ('GET', '/')", found)
        self.assertIn("password in a command line", found)

    @staticmethod
    def readable(path):
        try:
            path.read_bytes()
            return True
        except OSError:
            return False


if __name__ == "__main__":
    unittest.main()
