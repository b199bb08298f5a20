"""A real latchkey in a directory of its own on a free port, for tests that drive it from outside.

    with Server() as server:
        token = server.token("vso.code_write")
        server.git("clone", server.remote("P", "R", token), ...)

The binary is build/debug/latchkey, or what LATCHKEY_BINARY names. Nothing here waits for a time: start() waits for
the line `listening on URL`, stop() for the end of the process.
"""
import base64
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = os.environ.get("LATCHKEY_BINARY", str(ROOT / "build/debug/latchkey"))
PASSWORD = "correct horse battery staple"
ADMIN = "admin@example.com"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.02)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    def __init__(self, organization="DefaultCollection", tls=False, arguments=()):
        self.directory = Path(tempfile.mkdtemp(prefix="latchkey-test-"))
        self.data = self.directory / "data"
        self.home = self.directory / "home"
        self.home.mkdir()
        self.organization, self.tls, self.arguments = organization, tls, list(arguments)
        self.process, self.port = None, 0
        self.log = self.directory / "server.log"
        init = ["init", "--data", str(self.data), "--organization", organization, "--admin", ADMIN, "--password-stdin"]
        self.latchkey(*init, *(["--self-signed"] if tls else []), input=PASSWORD + "\n")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        try:
            if self.process:
                self.stop()
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)

    # ---- the process ----
    def environment(self, **more):
        names = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LANG")
        kept = {name: os.environ[name] for name in names if name in os.environ}
        return {**kept, "HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / ".config"),
                "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1", **more}

    def command(self):
        command = [BINARY, "serve", "--data", str(self.data), "--listen", f"localhost:{self.port}"]
        if self.tls:
            command += ["--tls-certificate", str(self.certificate), "--tls-key", str(self.data / "tls-key.pem")]
        return [*command, *self.arguments]

    def start(self, prefix=()):
        """Starts (again, on the same port) and returns once it listens. `prefix`: a command to run it under."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*prefix, *self.command()], stdout=subprocess.PIPE, stderr=log,
                                            env=self.environment())
        line = self.process.stdout.readline().decode()
        if not line.startswith("listening on "):
            raise RuntimeError(f"latchkey did not start: {line}{self.log.read_text()}")
        self.url = line.removeprefix("listening on ").strip()
        self.port = urllib.parse.urlsplit(self.url).port
        return self

    def stop(self):
        """Ends it gracefully; a server that does not exit with 0, or that a sanitizer complained of, is a failure."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.process.stdout.close()
        self.process = None
        log = self.log.read_text(errors="replace")
        if code != 0 or "ERROR: AddressSanitizer" in log or "runtime error:" in log:
            raise AssertionError(f"latchkey exited with {code}:\n{log[-4000:]}")

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process = None

    # ---- speaking to it ----
    @property
    def certificate(self):
        return self.data / "tls-certificate.pem"

    def connection(self):
        if self.tls:
            context = ssl.create_default_context(cafile=str(self.certificate))
            return http.client.HTTPSConnection("localhost", self.port, timeout=60, context=context)
        return http.client.HTTPConnection("localhost", self.port, timeout=60)

    def request(self, method, path, body=None, headers=None, token=None, cookie=None):
        """One request on a connection of its own. `body`: a value (sent as JSON) or bytes."""
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        if token:
            headers["Authorization"] = "Basic " + base64.b64encode(f":{token}".encode()).decode()
        if cookie:
            headers["Cookie"] = cookie
        connection = self.connection()
        try:
            connection.request(method, path, body, headers)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def sign_in(self, user=ADMIN, password=PASSWORD):
        """The cookie of a new session, as the Cookie header wants it."""
        answer = self.request("POST", "/_session", {"user": user, "password": password})
        if answer.status != 200:
            raise AssertionError(f"sign-in: {answer.status} {answer.body!r}")
        return answer.headers["Set-Cookie"].split(";")[0]

    def pats(self, query=""):
        return f"/{self.organization}/_apis/tokens/pats?api-version=7.1-preview.1{query}"

    def create_token(self, scope, cookie=None, **fields):
        """The patToken of a new token, its text included."""
        request = {"displayName": "test", "scope": scope, **fields}
        answer = self.request("POST", self.pats(), request, cookie=cookie or self.sign_in())
        if answer.status != 200 or answer.json["patTokenError"] != "none":
            raise AssertionError(f"creating a token: {answer.status} {answer.body!r}")
        return answer.json["patToken"]

    def token(self, scope="app_token"):
        return self.create_token(scope)["token"]

    def revoke(self, authorization_id, cookie):
        return self.request("DELETE", self.pats(f"&authorizationId={authorization_id}"), cookie=cookie)

    def create_project(self, name, token=None):
        token = token or self.token()
        answer = self.request("POST", f"/{self.organization}/_apis/projects?api-version=7.1",
                              {"name": name, "visibility": "private"}, token=token)
        if answer.status not in (200, 202):
            raise AssertionError(f"creating a project: {answer.status} {answer.body!r}")

    def remote(self, project, repository, credential="", prefix=""):
        """A Git URL; `credential` is what stands before the @."""
        scheme, rest = self.url.split("://")
        at = f"{credential}@" if credential else ""
        return f"{scheme}://{at}{rest}{prefix}/{self.organization}/{project}/_git/{repository}"

    # ---- commands ----
    def latchkey(self, *arguments, input=None, check=True):
        return self.run(BINARY, *arguments, input=input, check=check)

    def git(self, *arguments, check=True, cwd=None, **environment):
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"]
        if self.tls:
            identity += ["-c", f"http.sslCAInfo={self.certificate}"]
        return self.run("git", *identity, *arguments, check=check, cwd=cwd, **environment)

    def run(self, *command, input=None, check=True, cwd=None, **environment):
        done = subprocess.run([str(part) for part in command], input=input, capture_output=True, text=True,
                              errors="replace", cwd=cwd or self.directory, env=self.environment(**environment),
                              timeout=300)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done
