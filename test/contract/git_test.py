#!/usr/bin/env python3
"""Stock git against a real server: every way to hand over a token, every refusal, over http, TLS and below /tfs.

Goal: a person with a token and nothing but git clones and pushes; one without is told what to do, by git itself.
"""
import base64
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import Server  # noqa: E402


class GitCase(unittest.TestCase):
    tls = False

    @classmethod
    def setUpClass(cls):
        cls.server = Server(tls=cls.tls).start()
        cls.addClassCleanup(cls.server.__exit__)
        cls.cookie = cls.server.sign_in()
        cls.write = cls.server.create_token("vso.code_write", cls.cookie)["token"]
        cls.read = cls.server.create_token("vso.code", cls.cookie)["token"]
        cls.server.create_project("Website")
        cls.source = cls.server.directory / "source"
        git = cls.server.git
        git("init", cls.source)
        (cls.source / "README").write_text("hello\n")
        git("add", ".", cwd=cls.source)
        git("commit", "-m", "first", cwd=cls.source)
        git("push", cls.server.remote("Website", "Website", f"any:{cls.write}"), "main", cwd=cls.source)

    def setUp(self):
        self.directory = self.server.directory / self.id().rsplit(".", 1)[1]

    def remote(self, credential="", prefix=""):
        return self.server.remote("Website", "Website", credential, prefix)

    def clone(self, *arguments, **more):
        done = self.server.git(*arguments, self.directory, **more)
        self.assertEqual((self.directory / "README").read_text(), "hello\n")
        return done

    def refused(self, *arguments, **more):
        done = self.server.git(*arguments, check=False, **more)
        self.assertNotEqual(done.returncode, 0, done.stderr)
        return done.stderr


class Presenting(GitCase):
    def test_token_as_password_in_the_url(self):
        self.clone("clone", self.remote(f"user:{self.read}"))

    def test_token_as_user_name_in_the_url(self):
        self.clone("clone", self.remote(self.read))

    def test_basic_extra_header(self):
        encoded = base64.b64encode(f":{self.read}".encode()).decode()
        self.clone("-c", f"http.extraHeader=Authorization: Basic {encoded}", "clone", self.remote())

    def test_bearer_extra_header(self):
        self.clone("-c", f"http.extraHeader=Authorization: Bearer {self.read}", "clone", self.remote())

    def test_credential_helper_is_asked_and_told_to_store(self):
        helper = self.server.directory / "helper"
        helper.write_text(f"#!/bin/sh\necho $1 >> {helper}.log\n"
                          f"[ $1 = get ] && printf 'username=me\\npassword={self.read}\\n'\ncat >/dev/null\n")
        helper.chmod(0o700)
        self.clone("-c", f"credential.helper={helper}", "clone", self.remote())
        self.assertEqual(Path(f"{helper}.log").read_text().split(), ["get", "store"])

    def test_below_tfs(self):
        self.clone("clone", self.remote(f"user:{self.read}", prefix="/tfs"))

    def test_with_git_suffix_and_without_project(self):
        self.clone("clone", self.remote(f"user:{self.read}") + ".git")
        short = self.remote(f"user:{self.read}").replace("/Website/_git/", "/_git/")
        self.server.git("ls-remote", short)

    def test_names_match_without_case(self):
        self.clone("clone", self.remote(f"u:{self.read}").replace("/Website", "/wEBSITE"))

    def test_a_user_name_in_latin_1_is_ignored(self):
        encoded = base64.b64encode("jürgen:".encode("latin-1") + self.read.encode()).decode()
        self.clone("-c", f"http.extraHeader=Authorization: Basic {encoded}", "clone", self.remote())


class Pushing(GitCase):
    def test_push_branch_tag_force_and_delete(self):
        remote = self.remote(f"u:{self.write}")
        self.clone("clone", remote)
        git = lambda *a: self.server.git(*a, cwd=self.directory)
        (self.directory / "second").write_text("2\n")
        git("checkout", "-b", "topic")
        git("add", ".")
        git("commit", "-m", "second")
        git("tag", "v1")
        git("push", "origin", "topic", "v1")
        git("commit", "--amend", "-m", "again")
        git("push", "--force", "origin", "topic")
        self.assertIn("refs/heads/topic", git("ls-remote", "origin").stdout)
        git("push", "origin", ":topic", ":v1")
        self.assertNotIn("topic", git("ls-remote", "origin").stdout)

    def test_a_pack_that_git_sends_in_chunks(self):
        remote = self.remote(f"u:{self.write}")
        self.clone("clone", remote)
        (self.directory / "big").write_bytes(base64.b64encode(os.urandom(3_000_000)))
        self.server.git("checkout", "-b", "big", cwd=self.directory)
        self.server.git("add", ".", cwd=self.directory)
        self.server.git("commit", "-m", "big", cwd=self.directory)
        self.server.git("push", "origin", "big", cwd=self.directory)
        again = self.directory.with_name("big-again")
        self.server.git("clone", "-b", "big", remote, again)
        self.assertEqual((again / "big").read_bytes(), (self.directory / "big").read_bytes())

    def test_an_empty_repository_gets_its_first_branch_as_head(self):
        self.server.create_project("Fresh")
        remote = self.server.remote("Fresh", "Fresh", f"u:{self.write}")
        self.server.git("clone", remote, self.directory)
        self.server.git("push", remote, "main:trunk", cwd=self.source)
        self.assertIn("ref: refs/heads/trunk\tHEAD", self.server.git("ls-remote", "--symref", remote, "HEAD").stdout)


class Refusals(GitCase):
    def test_no_credential(self):
        self.assertIn("could not read Username", self.refused("clone", self.remote(), self.directory))

    def test_wrong_token(self):
        wrong = self.read[:10] + ("b" if self.read[10] == "a" else "a") + self.read[11:]
        self.assertIn("Authentication failed", self.refused("clone", self.remote(f"u:{wrong}"), self.directory))

    def test_revoked_token_is_told_so(self):
        pat = self.server.create_token("vso.code", self.cookie)
        self.assertEqual(self.server.revoke(pat["authorizationId"], self.cookie).status, 204)
        error = self.refused("clone", self.remote(f"u:{pat['token']}"), self.directory)
        self.assertIn("remote: ", error)
        self.assertIn("revoked", error)
        self.assertIn("Authentication failed", error)

    def test_read_only_token_may_not_push_and_is_told_the_scope(self):
        error = self.refused("push", self.remote(f"u:{self.read}"), "main:refs/heads/x", cwd=self.source)
        self.assertIn("vso.code_write", error)
        self.assertIn("403", error)

    def test_token_of_another_scope_may_not_fetch(self):
        build = self.server.create_token("vso.build", self.cookie)["token"]
        self.assertIn("vso.code", self.refused("clone", self.remote(f"u:{build}"), self.directory))

    def test_unknown_repository_project_and_organization(self):
        for remote in (self.server.remote("Website", "Nothing", f"u:{self.read}"),
                       self.server.remote("Nothing", "Nothing", f"u:{self.read}")):
            self.assertIn("not found", self.refused("clone", remote, self.directory))
        elsewhere = self.remote(f"u:{self.read}").replace("DefaultCollection", "Elsewhere")
        self.assertIn("Authentication failed", self.refused("clone", elsewhere, self.directory))

    def test_a_good_credential_is_not_erased_by_a_scope_error(self):
        helper = self.server.directory / "keeper"
        helper.write_text(f"#!/bin/sh\necho $1 >> {helper}.log\n"
                          f"[ $1 = get ] && printf 'username=me\\npassword={self.read}\\n'\ncat >/dev/null\n")
        helper.chmod(0o700)
        self.refused("-c", f"credential.helper={helper}", "push", self.remote(), "main:refs/heads/x", cwd=self.source)
        self.assertNotIn("erase", Path(f"{helper}.log").read_text())

    def test_lfs_is_declined_in_words(self):
        path = f"/{self.server.organization}/Website/_git/Website.git/info/lfs/objects/batch"
        answer = self.server.request("POST", path, {"operation": "download", "objects": []}, token=self.read)
        self.assertEqual(answer.status, 501)
        self.assertIn("message", answer.json)


class OnOneProject(GitCase):
    def test_a_reader_who_contributes_to_one_project_pushes_there_and_only_there(self):
        server, organization = self.server, self.server.organization
        server.create_project("Attic")
        user = server.request("POST", "/_apis/latchkey/users", {
            "email": "ben@example.com", "password": "correct horse battery", "organization": organization,
            "role": "reader"}, cookie=self.cookie).json
        bens = server.create_token("vso.code_write", server.sign_in("ben@example.com", "correct horse battery"))["token"]
        git = lambda project, **more: server.git(
            "push", server.remote(project, project, f"any:{bens}"), "main:bens", cwd=self.source, check=False, **more)
        latchkey = f"/{organization}/_apis/latchkey"
        self.assertNotEqual(git("Website").returncode, 0)
        group = server.request("POST", f"{latchkey}/groups", {"name": "Builders"}, cookie=self.cookie).json["id"]
        role = f"{latchkey}/projects/Website/roles/group/{group}"
        self.assertEqual(server.request("PUT", role, {"role": "contributor"}, cookie=self.cookie).status, 200)
        self.assertNotEqual(git("Website").returncode, 0)
        member = f"{latchkey}/groups/{group}/members/{user['id']}"
        self.assertEqual(server.request("PUT", member, {}, cookie=self.cookie).status, 204)
        self.assertEqual(git("Website").returncode, 0)
        refused = git("Attic")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("role of a contributor", refused.stderr)
        self.assertEqual(server.request("DELETE", member, cookie=self.cookie).status, 204)
        self.assertNotEqual(git("Website").returncode, 0)


class OverTls(GitCase):
    tls = True

    def test_clone_and_push(self):
        self.clone("clone", self.remote(f"u:{self.write}"))
        self.server.git("push", self.remote(self.write), "main:tls", cwd=self.source)

    def test_clone_below_tfs(self):
        self.clone("clone", self.remote(f"u:{self.read}", prefix="/tfs"))


class Expired(GitCase):
    def test_an_expired_token_is_told_when_it_ended(self):
        import datetime
        import time
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
        text = end.strftime("%Y-%m-%dT%H:%M:%SZ")
        pat = self.server.create_token("vso.code", self.cookie, validTo=text)
        remote = self.remote(f"u:{pat['token']}")
        self.server.git("ls-remote", remote)
        deadline = time.monotonic() + 30
        while self.server.git("ls-remote", remote, check=False).returncode == 0:
            self.assertLess(time.monotonic(), deadline, "the token goes on after its end")
        error = self.refused("ls-remote", remote)
        self.assertIn("expired", error)
        self.assertIn(text[:10], error)


del GitCase
if __name__ == "__main__":
    unittest.main()
