"""The proxies that forward_auth_test.py drives, with the files of packaging/examples as they are but for addresses, and
the service behind them, which records what reaches it. Each has a port and a directory of its own.
"""
import http.server
import os
import socket
import subprocess
import threading
from pathlib import Path

from server import free_port

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "packaging/examples"
HOST = "service.example.com"


def ask(port, method, target, headers=(), body=b""):
    """One request, its bytes as given: (status, header lines in order, body)."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {HOST}", "Connection: close", *headers]
    if body or method in ("POST", "PUT"):
        lines.append(f"Content-Length: {len(body)}")
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    head, _, rest = received.partition(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 100"):
        head, _, rest = rest.partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    return int(status.split(" ")[1]), [tuple(field.split(": ", 1)) for field in fields], rest


class Upstream:
    """Answers 200 to everything, and remembers (method, target, header lines, body length)."""

    def __init__(self):
        self.seen = []
        upstream = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                upstream.seen.append((self.command, self.path, self.headers.items(), len(body)))
                answer = b"reached"
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer)

            def log_message(self, *_):
                pass

            def __getattr__(self, name):
                if name.startswith("do_"):
                    return self.handle_any
                raise AttributeError(name)

        class Listener(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # a proxy ended a connection that it kept

        self.server = Listener(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Program:
    """A program that listens on `port`, in a directory of its own. A subclass writes its files and names its command."""

    def __init__(self, directory):
        self.directory, self.port = Path(directory), free_port()
        self.directory.mkdir()
        self.log = self.directory / "log"
        places = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(self.directory))
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, cwd=self.directory,
                                            env={**os.environ, **places})
        while not self.listens():
            try:
                code = self.process.wait(0.05)
                raise RuntimeError(f"{type(self).__name__} ended with {code}: {self.log.read_text()}")
            except subprocess.TimeoutExpired:
                pass

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def close(self):
        self.process.terminate()
        self.process.wait(30)


class Proxy(Program):
    def __init__(self, directory, latchkey, upstream, host=HOST):
        self.addresses = (("127.0.0.1:8080", f"127.0.0.1:{latchkey}"), ("127.0.0.1:3000", f"127.0.0.1:{upstream}"))
        self.host = host
        super().__init__(directory)

    def example(self, name, *replacements):
        """The example, with this test's addresses; each replacement of its own must be there."""
        text = (EXAMPLES / name).read_text()
        for old, new in replacements:
            if old not in text:
                raise AssertionError(f"{name} has no {old}")
            text = text.replace(old, new)
        for old, new in self.addresses:
            text = text.replace(old, new)
        path = self.directory / name
        path.write_text(text)
        return path


class Nginx(Proxy):
    def command(self):
        example = self.example("nginx.conf", ("listen 80;", f"listen 127.0.0.1:{self.port};"), ("service.example.com", self.host))
        temporary = "\n".join(f"{kind}_temp_path {self.directory}/{kind};"
                              for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        main = self.directory / "main.conf"
        main.write_text(f"daemon off;\nuser root;\npid {self.directory}/pid;\nerror_log stderr;\nevents {{}}\n"
                        f"http {{\naccess_log off;\n{temporary}\ninclude {example};\n}}\n")
        return ["nginx", "-c", str(main), "-p", str(self.directory)]


class Caddy(Proxy):
    def command(self):
        example = self.example("Caddyfile", ("service.example.com {", f"http://{self.host}:{self.port} {{"))
        main = self.directory / "main"
        main.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + example.read_text())
        return ["caddy", "run", "--config", str(main), "--adapter", "caddyfile"]


class Haproxy(Proxy):
    def command(self):
        lua = self.example("haproxy-latchkey.lua")
        main = self.example("haproxy.cfg", ("bind :80 ", f"bind 127.0.0.1:{self.port} "),
                            ("/etc/haproxy/haproxy-latchkey.lua", str(lua)))
        return ["haproxy", "-db", "-f", str(main)]


class Verdaccio(Program):
    """npm's own kind of registry; who stands before it decides who may."""

    def command(self):
        settings = self.directory / "verdaccio.yaml"
        settings.write_text(f"storage: {self.directory}/storage\nweb: {{enable: false}}\n"
                            "packages:\n  '**': {access: $all, publish: $all, unpublish: $all}\n"
                            "log: {type: stdout, format: pretty, level: warn}\n")
        program = Path(__file__).resolve().parent / "node_modules/verdaccio/bin/verdaccio"
        return ["node", str(program), "--config", str(settings), "--listen", f"127.0.0.1:{self.port}"]
