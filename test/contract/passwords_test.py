#!/usr/bin/env python3
"""Passwords over Basic, by stock git and curl, against a real server: the policy basic-passwords by the command line.

Goal: where an organization takes them, a person with a password and nothing but git clones and pushes, and tokens work beside
it; what ends the password ends what runs under it, too. Off, which is the default, nothing takes a password.
"""
import os
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from cut_test import BIG, DEADLINE, LATE, Relay, wait_until  # noqa: E402
from server import PASSWORD, Server  # noqa: E402

BEN = "ben%40example.com"  # as a URL has it
POLICY = "basic-passwords"


class PasswordCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("halden").start()
        cls.addClassCleanup(cls.server.__exit__)
        cls.cookie = cls.server.sign_in()
        cls.latchkey = staticmethod(cls.server.latchkey)
        cls.latchkey("login", "--server", cls.server.url, "--organization", "halden", "--user", "admin@example.com",
                     "--password-stdin", input=PASSWORD + "\n")
        cls.server.create_project("Website")
        cls.source = cls.server.directory / "source"
        cls.server.git("init", cls.source)
        (cls.source / "README").write_text("hello\n")
        cls.git("add", ".")
        cls.git("commit", "-m", "first")
        cls.git("push", cls.server.remote("Website", "Website", f"u:{cls.server.token('vso.code_write')}"), "main")

    @classmethod
    def git(cls, *arguments, **more):
        return cls.server.git(*arguments, cwd=cls.source, **more)

    @classmethod
    def add_user(cls, email, password="a password of ours"):
        answer = cls.server.request("POST", "/_apis/latchkey/users", {
            "email": email, "password": password, "organization": "halden", "role": "contributor"}, cookie=cls.cookie)
        assert answer.status == 201, answer.body
        return answer.json["id"]

    def set_enabled(self, user, enabled):
        answer = self.server.request("PATCH", f"/_apis/latchkey/users/{user}",
                                     {"state": "enabled" if enabled else "disabled"}, cookie=self.cookie)
        self.assertEqual(answer.status, 200)

    def remote(self, user, password="a password of ours"):
        return self.server.remote("Website", "Website", f"{user}:{password.replace(' ', '%20')}")

    def turn(self, on):
        if on:
            return self.latchkey("policy", "set", POLICY, "true")
        return self.latchkey("policy", "clear", POLICY)

    def refused(self, *arguments):
        done = self.git(*arguments, check=False)
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def failed_sign_ins(self):
        path = "/_apis/audit/auditlog?api-version=7.1-preview.1&area=Session&batchSize=200"
        log = self.server.request("GET", path, cookie=self.cookie).json["decoratedAuditLogEntries"]
        return sum(entry["actionId"] == "Session.SignInFailed" for entry in log)


class Git(PasswordCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ben = cls.add_user("ben@example.com")

    def setUp(self):
        self.turn(True)

    def test_off_which_is_the_default_nothing_takes_them(self):
        self.turn(False)
        listed = self.latchkey("policy", "list").stdout
        self.assertRegex(listed, rf"{POLICY} +organization +off")
        before = self.failed_sign_ins()
        self.assertIn("Authentication failed", self.refused("ls-remote", self.remote(BEN)))
        curl = self.server.run("curl", "-sS", "-w", "%{http_code}", "-u", "ben@example.com:a password of ours",
                               f"{self.server.url}/halden/_apis/projects?api-version=7.1")
        self.assertTrue(curl.stdout.endswith("401"), curl.stdout)
        self.assertEqual(self.failed_sign_ins(), before)

    def test_a_person_with_a_password_clones_and_pushes(self):
        self.assertRegex(self.latchkey("policy", "list").stdout, rf"{POLICY} +organization +refuse +true")
        clone = self.server.directory / "clone"
        self.server.git("clone", self.remote(BEN), clone)
        self.assertEqual((clone / "README").read_text(), "hello\n")
        self.git("push", self.remote(BEN), "main:bens")
        self.assertIn("refs/heads/bens", self.git("ls-remote", self.remote(BEN)).stdout)

    def test_tokens_work_beside_them_and_a_mistyped_one_is_no_password(self):
        token = self.server.token("vso.project_write")
        path, before = "/halden/_apis/projects?api-version=7.1", self.failed_sign_ins()
        self.assertEqual(self.server.request("GET", path, token=token).status, 200)
        mistyped = ("b" if token[0] == "a" else "a") + token[1:]
        self.assertEqual(self.server.request("GET", path, token=mistyped).status, 401)
        self.assertEqual(self.failed_sign_ins(), before)

    def test_wrong_ones_are_refused_and_audited(self):
        before = self.failed_sign_ins()
        self.assertIn("Authentication failed", self.refused("ls-remote", self.remote(BEN, "another password")))
        self.assertIn("Authentication failed", self.refused("ls-remote", self.remote("nobody%40example.com")))
        self.assertEqual(self.failed_sign_ins(), before + 2)

    def test_what_ends_one_is_seen_by_the_next_request(self):
        user = self.add_user("eve@example.com")
        eve = "eve%40example.com"
        self.git("ls-remote", self.remote(eve))
        self.set_enabled(user, False)
        self.refused("ls-remote", self.remote(eve))
        self.set_enabled(user, True)
        self.git("ls-remote", self.remote(eve))
        changed = self.server.request("POST", "/_session", {
            "user": "eve@example.com", "password": "a password of ours", "newPassword": "the next one of ours"})
        self.assertEqual(changed.status, 200)
        self.refused("ls-remote", self.remote(eve))
        self.git("ls-remote", self.remote(eve, "the next one of ours"))
        member = f"/halden/_apis/latchkey/members/{user}"
        self.assertEqual(self.server.request("DELETE", member, cookie=self.cookie).status, 204)
        self.refused("ls-remote", self.remote(eve, "the next one of ours"))

    def test_they_make_no_tokens(self):
        made = self.server.run("curl", "-sS", "-w", "%{http_code}", "-u", "ben@example.com:a password of ours", "--json",
                               '{"displayName": "t", "scope": "vso.code"}', f"{self.server.url}{self.server.pats()}")
        self.assertTrue(made.stdout.endswith("403"), made.stdout)
        self.assertIn("password that comes with the request", made.stdout)


class Running(PasswordCase):
    """A clone or push that is on its way, over a relay that reads slowly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = 0
        (cls.source / "big").write_bytes(os.urandom(BIG))
        cls.git("add", ".")
        cls.git("commit", "-m", "big")
        cls.git("push", cls.server.remote("Website", "Website", f"u:{cls.server.token('vso.code_write')}"), "main")
        cls.git("checkout", "--orphan", "other")
        (cls.source / "big").write_bytes(os.urandom(BIG))
        cls.git("commit", "-a", "-m", "another big one")

    def cut(self, end, *command):
        self.turn(True)
        Running.users += 1
        email = f"user{self.users}@example.com"
        user = self.add_user(email)
        relay = Relay(self.server)
        self.addCleanup(relay.close)
        host = f"http.extraHeader=Host: localhost:{self.server.port}"
        remote = self.remote(email.replace("@", "%40")).replace(f":{self.server.port}/", f":{relay.port}/")
        with subprocess.Popen(["git", "-c", host, *[remote if part == "REMOTE" else part for part in command]],
                              cwd=self.source, env=self.server.environment(), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as client:
            self.assertTrue(relay.big.wait(DEADLINE))
            before = self.git("ls-remote", self.server.remote("Website", "Website", f"u:{self.server.token('vso.code')}"))
            self.assertIsNone(relay.cut_at)
            end(user, email)
            answered = time.monotonic()
            wait_until(lambda: relay.cut_at, "the server cuts the connection")
            output = client.communicate(timeout=DEADLINE)[0]
            self.assertNotEqual(client.returncode, 0, output)
        self.assertLess(relay.cut_at - answered, LATE)
        after = self.git("ls-remote", self.server.remote("Website", "Website", f"u:{self.server.token('vso.code')}"))
        self.assertEqual(after.stdout, before.stdout)

    def change_password(self, _, email):
        answer = self.server.request("POST", "/_session", {
            "user": email, "password": "a password of ours", "newPassword": "the next one of ours"})
        self.assertEqual(answer.status, 200)

    def clone(self, end):
        self.cut(end, "clone", "--bare", "REMOTE", str(self.server.directory / self.id().rsplit(".", 1)[1]))

    def test_a_clone_is_cut_with_a_change_of_the_password(self):
        self.clone(self.change_password)

    def test_a_clone_is_cut_with_its_user(self):
        self.clone(lambda user, _: self.set_enabled(user, False))

    def test_a_clone_is_cut_with_the_policy(self):
        self.clone(lambda *_: self.turn(False))

    def test_a_push_is_cut_with_a_change_of_the_password(self):
        self.cut(self.change_password, "push", "REMOTE", "other:pushed")

    def test_a_push_is_cut_with_the_membership(self):
        self.cut(lambda user, _: self.server.request("DELETE", f"/halden/_apis/latchkey/members/{user}", cookie=self.cookie),
                 "push", "REMOTE", "other:pushed")


del PasswordCase
if __name__ == "__main__":
    unittest.main()
