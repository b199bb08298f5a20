#!/usr/bin/env python3
"""The command line as a person uses it, against a real server: sign in, make, list, edit, end; what it prints, its exit
codes, and that nothing secret is asked for on a command line.
"""
import json
import re
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import ADMIN, BINARY, PASSWORD, Server  # noqa: E402

TOKEN = re.compile(r"^[A-Za-z0-9]{52}JQQJ99[A-Z][A-L][A-Za-z0-9]{12}AAAALTCH[A-Za-z0-9]{4}\n$")


class CommandLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()
        cls.addClassCleanup(cls.server.__exit__)

    def setUp(self):
        self.latchkey("login", "--server", self.server.url, "--organization", "DefaultCollection", "--user", ADMIN,
                      "--password-stdin", input=PASSWORD + "\n")

    def latchkey(self, *arguments, code=0, input=None):
        done = self.server.latchkey(*arguments, input=input, check=False)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}{done.stderr}")
        return done

    def json(self, *arguments):
        return json.loads(self.latchkey(*arguments, "--json").stdout)

    def test_a_tokens_life(self):
        text = self.latchkey("token", "create", "--name", "laptop", "--scope", "vso.code_write").stdout
        self.assertRegex(text, TOKEN)
        listed = [t for t in self.json("token", "list")["patTokens"] if t["displayName"] == "laptop"]
        self.assertEqual(len(listed), 1)
        self.assertIsNone(listed[0]["token"])
        token = listed[0]["authorizationId"]
        self.assertIn("laptop", self.latchkey("token", "list").stdout)
        self.assertIn("vso.code_write", self.latchkey("token", "show", token).stdout)
        self.latchkey("token", "verify", input=text)
        self.latchkey("token", "edit", token, "--name", "desktop", "--scope", "vso.code")
        self.assertIn("desktop", self.latchkey("token", "show", token).stdout)
        renewed = self.latchkey("token", "regenerate", token, "--expires", "60d").stdout
        self.assertRegex(renewed, TOKEN)
        self.assertIn("replaced", "".join(self.refused_text("token", "verify", input=text)))
        self.latchkey("token", "verify", input=renewed)
        self.latchkey("token", "revoke", token)
        self.latchkey("token", "revoke", token)
        self.assertIn("revoked", "".join(self.refused_text("token", "verify", input=renewed)))
        self.assertIn("desktop", self.latchkey("token", "list", "--filter", "revoked").stdout)
        self.latchkey("token", "edit", token, "--name", "again", code=1)

    def refused_text(self, *arguments, input=None):
        done = self.latchkey(*arguments, input=input, code=1)
        return done.stdout, done.stderr

    def test_a_grace_keeps_the_old_secret(self):
        created = self.json("token", "create", "--name", "grace", "--scope", "vso.code")["patToken"]
        self.latchkey("token", "regenerate", created["authorizationId"], "--grace", "3600")
        self.latchkey("token", "verify", input=created["token"] + "\n")

    def test_projects_and_repositories(self):
        self.latchkey("project", "create", "Tools")
        self.latchkey("repository", "create", "--project", "Tools", "hammer")
        self.assertIn("hammer", self.latchkey("repository", "list", "--project", "Tools").stdout)
        self.latchkey("repository", "rename", "--project", "Tools", "hammer", "mallet")
        self.latchkey("repository", "delete", "--project", "Tools", "mallet")
        self.latchkey("project", "rename", "Tools", "Instruments")
        self.assertIn("Instruments", [p["name"] for p in self.json("project", "list")["value"]])
        self.latchkey("project", "create", "Instruments", code=1)
        self.latchkey("project", "delete", "Instruments")
        self.latchkey("project", "delete", "Instruments", code=1)

    def test_users_and_whose_a_token_is(self):
        link = self.latchkey("user", "create", "ada@example.com", "--name", "Ada", "--organization", "DefaultCollection").stdout
        self.assertRegex(link, r"^http\S+/_invitation#\S+\n$")
        self.assertIn("Ada", self.latchkey("user", "list", "--search", "ada").stdout)
        self.assertNotEqual(self.latchkey("user", "invite", "ada@example.com").stdout, link)
        shown = self.json("user", "show", "ada@example.com")
        self.assertEqual(shown["state"], "invited")
        self.latchkey("user", "disable", shown["id"])
        self.assertEqual(self.json("user", "show", "ada@example.com")["state"], "disabled")
        self.latchkey("user", "enable", "ada@example.com")
        self.latchkey("user", "remove", "ada@example.com")
        self.latchkey("user", "show", "ada@example.com", code=1)
        self.latchkey("user", "remove", ADMIN, code=1)
        made = self.json("token", "create", "--name", "lost", "--scope", "vso.code")["patToken"]
        self.assertIn("lost", self.latchkey("token", "find", input=f"{made['token']}\n").stdout)
        found = self.json("token", "find", "--fingerprint", made["fingerprint"], "--all")
        self.assertEqual((found["id"], found["owner"]["email"]), (made["authorizationId"], ADMIN))
        self.latchkey("token", "find", input="nonsense\n", code=1)

    def test_groups(self):
        self.latchkey("group", "create", "Builders", "--description", "who build")
        self.latchkey("group", "create", "builders", code=1)
        self.latchkey("group", "add", "builders", ADMIN)
        self.latchkey("group", "add", "builders", ADMIN)
        self.latchkey("group", "add", "builders", "nobody@example.com", code=1)
        self.assertIn(ADMIN, self.latchkey("group", "members", "Builders").stdout)
        self.assertEqual([(g["name"], g["members"]) for g in self.json("group", "list")["value"]], [("Builders", 1)])
        self.latchkey("group", "rename", "Builders", "Makers")
        self.latchkey("group", "remove", "Makers", ADMIN)
        self.latchkey("group", "remove", "Makers", ADMIN, code=1)
        self.assertEqual(self.json("group", "members", "Makers")["count"], 0)
        self.assertEqual(self.json("group", "list", "--of-server")["count"], 0)
        self.latchkey("group", "create", "Everywhere", "--of-server")
        self.latchkey("group", "add", "Everywhere", ADMIN, "--of-server")
        self.assertIn(ADMIN, self.latchkey("group", "members", "Everywhere", "--of-server").stdout)
        self.latchkey("group", "delete", "Makers")
        self.latchkey("group", "delete", "Makers", code=1)

    def test_exit_codes(self):
        self.latchkey("token", "create", "--name", "x", "--scope", "vso.nothing", code=1)
        self.latchkey("token", "create", "--name", "x", code=2)
        self.latchkey("nonsense", code=2)
        self.latchkey("token", "verify", input="not a token\n", code=1)
        self.latchkey("login", "--server", "http://localhost:1", "--user", "x", "--password-stdin", input="x\n", code=3)
        self.latchkey("login", "--server", self.server.url, "--user", ADMIN, "--password-stdin", input="wrong\n", code=3)
        self.latchkey("logout")
        self.latchkey("token", "list", code=3)

    def test_who_am_i(self):
        self.assertIn(ADMIN, self.latchkey("whoami").stdout)
        self.assertEqual((self.server.home / ".config/latchkey/session.json").stat().st_mode & 0o777, 0o600)

    def test_every_command_helps_with_an_example(self):
        for command in (["init"], ["serve"], ["login"], ["logout"], ["whoami"],
                        *(["token", c] for c in ("create", "list", "show", "edit", "regenerate", "revoke", "verify")),
                        *([what, c] for what in ("project", "repository") for c in ("create", "list", "rename", "delete"))):
            text = self.latchkey(*command, "--help").stdout
            self.assertRegex(text, r"(?i)example", command)
            self.assertIn("latchkey " + " ".join(command), text)
            self.assertNotRegex(text, r"--password[ =]|--token[ =]", "a secret on a command line")


class FirstRun(unittest.TestCase):
    def test_a_first_password_is_good_for_one_sign_in_that_replaces_it(self):
        server = Server()
        self.addCleanup(server.__exit__)
        fresh = server.directory / "fresh"
        text = server.latchkey("init", "--data", fresh, "--organization", "Halden", "--admin", "admin@localhost").stdout
        where = fresh / "initial-password"
        self.assertEqual(where.stat().st_mode & 0o777, 0o600)  # no terminal here: the file has it, its place is shown
        self.assertIn(str(where), text)
        server.data = fresh
        server.start()
        login = ("login", "--server", server.url, "--user", "admin@localhost", "--password-stdin")
        first = where.read_text()
        short = server.latchkey(*login, input=first, check=False)
        self.assertEqual((short.returncode, "new password" in short.stderr), (2, True))  # and nothing was used up
        server.latchkey(*login, input=first + "my very own one\n")
        self.assertIn("Halden", server.latchkey("whoami").stdout)
        self.assertEqual(server.latchkey(*login, input=first, check=False).returncode, 3)
        server.latchkey(*login, "--new-password", input="my very own one\nanother of my own\n")
        server.latchkey(*login, input="another of my own\n")
        server.stop()

        # lost: whoever has the host makes another first password
        text = server.latchkey("reset-password", "--data", fresh, "--user", "admin@localhost").stdout
        self.assertIn(str(where), text)
        self.assertNotEqual(where.read_text(), first)
        self.assertNotIn(where.read_text().strip(), text)
        nobody = server.latchkey("reset-password", "--data", fresh, "--user", "nobody@localhost", check=False)
        self.assertEqual(nobody.returncode, 1)


if __name__ == "__main__":
    unittest.main()
