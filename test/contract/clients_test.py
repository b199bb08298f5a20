#!/usr/bin/env python3
"""The clients that people have, against a real server: curl, azure-devops-node-api, the C# sample of Azure DevOps' own
page (compiled with mono, with only URL and token changed), Python's requests; plain, over TLS and below /tfs.
"""
import json
import shutil
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from server import Server  # noqa: E402

HERE = Path(__file__).resolve().parent


class Clients:
    """Run once for each way to reach the server."""
    tls = False
    prefix = ""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(tls=cls.tls).start()
        cls.addClassCleanup(cls.server.__exit__)
        cls.token = cls.server.token()
        cls.server.create_project("Website", cls.token)
        cls.collection = f"{cls.server.url}{cls.prefix}/{cls.server.organization}"
        cls.trust = {"NODE_EXTRA_CA_CERTS": str(cls.server.certificate)} if cls.tls else {}
        build = cls.server.request("POST", f"/{cls.server.organization}/Website/_apis/build/builds?api-version=5.0",
                                   {"definition": {"name": "nightly"}, "sourceBranch": "refs/heads/main"},
                                   token=cls.token)
        assert build.status == 200, build.body

    def curl(self, *arguments):
        trust = ["--cacert", str(self.server.certificate)] if self.tls else []
        return self.server.run("curl", "-sS", *trust, *arguments).stdout

    def test_the_first_call_of_every_tutorial(self):
        for path in ("/_apis/build/builds?api-version=5.0", "/Website/_apis/build/builds?api-version=5.0"):
            for user in (f":{self.token}", f"anybody:{self.token}", f"{self.token}:"):
                listed = json.loads(self.curl("-u", user, self.collection + path))
                self.assertEqual(listed["count"], 1)
                self.assertEqual(listed["value"][0]["definition"]["name"], "nightly")

    def test_curl_with_a_bearer_token(self):
        projects = json.loads(self.curl("--oauth2-bearer", self.token, f"{self.collection}/_apis/projects"))
        self.assertEqual([project["name"] for project in projects["value"]], ["Website"])

    def test_node_api_with_both_handlers(self):
        for handler in ("getHandlerFromToken", "getPersonalAccessTokenHandler"):
            done = self.server.run("node", HERE / "node_client.js", self.collection, handler, LATCHKEY_TOKEN=self.token,
                                   **self.trust)
            self.assertEqual(done.stdout.strip().splitlines()[-1], "done", done.stdout + done.stderr)

    def test_node_api_manages_agents_under_their_scope_alone(self):
        token = self.server.token("vso.agentpools_manage")
        done = self.server.run("node", HERE / "node_agents.js", self.collection, LATCHKEY_TOKEN=token, **self.trust)
        self.assertEqual(done.stdout.strip().splitlines()[-1], "done", done.stdout + done.stderr)

    def test_requests(self):
        verify = repr(str(self.server.certificate)) if self.tls else "True"
        script = ("import os, requests\n"
                  f"answer = requests.get('{self.collection}/_apis/projects?api-version=7.1', "
                  f"auth=('', os.environ['LATCHKEY_TOKEN']), verify={verify})\n"
                  "answer.raise_for_status()\nprint(answer.json()['value'][0]['name'])\n")
        self.assertEqual(self.server.run("/usr/bin/python3", "-c", script, LATCHKEY_TOKEN=self.token).stdout, "Website\n")

    def test_the_csharp_sample(self):
        source = (HERE / "GetBuilds.cs").read_text()
        source = source.replace("PATFROMWEB", self.token).replace("https://dev.azure.com/{organization}", self.collection)
        program = self.server.directory / f"sample{abs(hash(self.collection))}"
        program.with_suffix(".cs").write_text(source.replace("{project}", "Website"))
        self.server.run("mcs", "-nologo", "-r:System.Net.Http.dll", f"-out:{program}.exe", f"{program}.cs")
        trust = {}
        if self.tls:
            # mono's own way to trust a certificate of one's own
            self.server.run("cert-sync", "--user", self.server.certificate)
        ran = self.server.run("mono", f"{program}.exe", **trust)
        self.assertTrue(ran.stdout.startswith("{"), f"{ran.returncode}: {ran.stdout}{ran.stderr}")
        self.assertEqual(json.loads(ran.stdout)["value"][0]["definition"]["name"], "nightly")


class Plain(Clients, unittest.TestCase):
    pass


class Tfs(Clients, unittest.TestCase):
    prefix = "/tfs"


class Tls(Clients, unittest.TestCase):
    tls = True


class TlsTfs(Clients, unittest.TestCase):
    tls, prefix = True, "/tfs"


if __name__ == "__main__":
    for tool in ("curl", "node", "mcs", "mono"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing: run script/bootstrap")
    unittest.main()
