"""What Latchkey is measured beside, each on a port of its own and on core 0: nginx with nothing to do, and what a user
would build by hand to look tokens up: HAProxy with a map file, nginx with Lua; nginx before fcgiwrap for Git."""
import socket

from proxies import Program, free_port

SERVER_CORE, LOAD_CORE = 0, 1


class Nginx(Program):
    """One worker. `servers`: what stands inside http, {port} being our port."""

    modules = ()

    def __init__(self, directory, servers, **names):
        self.servers, self.names = servers, names
        super().__init__(directory)

    def command(self):
        temporary = "\n".join(f"{kind}_temp_path {self.directory}/{kind};"
                              for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        modules = "\n".join(f"load_module /usr/lib/nginx/modules/{name}.so;" for name in self.modules)
        body = self.servers
        for name, value in {"port": self.port, "directory": self.directory, **self.names}.items():
            body = body.replace("{%s}" % name, str(value))
        (self.directory / "nginx.conf").write_text(
            f"{modules}\ndaemon off;\nuser root;\nworker_processes 1;\npid {self.directory}/pid;\nerror_log stderr;\n"
            f"events {{ worker_connections 4096; }}\n"
            f"http {{\naccess_log off;\nkeepalive_requests 1000000000;\n{temporary}\n{body}\n}}\n")
        return ["taskset", "-c", str(SERVER_CORE), "nginx", "-c", str(self.directory / "nginx.conf"), "-p", str(self.directory)]


NOTHING = "server { listen 127.0.0.1:{port} backlog=4096; location / { return 204; } }"
NOTHING_TLS = """server { listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};
location / { return 204; } }"""
ASKING = """upstream verifier { server 127.0.0.1:{verifier}; keepalive 64; keepalive_requests 1000000000; }
server {
  listen 127.0.0.1:{port};
  # `return` answers before auth_request is asked; in a location of its own, after.
  location / { auth_request /_auth; try_files /none @let_through; }
  location @let_through { return 204; }
  location = /_auth {
    internal; proxy_pass http://verifier/_auth; proxy_http_version 1.1; proxy_set_header Connection "";
    proxy_pass_request_body off; proxy_set_header Content-Length "";
    proxy_set_header X-Original-Host $http_host; proxy_set_header X-Original-URI $request_uri;
    proxy_set_header X-Original-Method $request_method; proxy_set_header X-Forwarded-For $remote_addr;
  }
}"""
# SHA-256 of the token, by the library nginx has loaded already, then the shared dictionary.
BY_LUA = """lua_shared_dict tokens 64m;
init_by_lua_block {
  local ffi = require "ffi"
  ffi.cdef "unsigned char *SHA256(const char *d, size_t n, unsigned char *md);"
  crypto, digest = ffi.load("crypto"), ffi.new("unsigned char[32]")
  function digest_of(text) crypto.SHA256(text, #text, digest); return ffi.string(digest, 32) end
  for line in io.lines("{tokens}") do ngx.shared.tokens:set(digest_of(line), "{user}") end
}
server { listen 127.0.0.1:{port}; location / { content_by_lua_block {
  local header = ngx.var.http_authorization
  local user = header and ngx.shared.tokens:get(digest_of(header:sub(8)))
  if not user then return ngx.exit(401) end
  ngx.header["X-User"] = user
  ngx.header["Content-Length"] = 0
  return ngx.exit(200)
} } }"""


class NginxLua(Nginx):
    modules = ("ndk_http_module", "ngx_http_lua_module")


class Haproxy(Program):
    """SHA-256 of the token → map file. `users`: by the digest in hexadecimal capitals."""

    def __init__(self, directory, users):
        self.users = users
        super().__init__(directory)

    def command(self):
        table = self.directory / "tokens.map"
        table.write_text("".join(f"{digest} {user}\n" for digest, user in self.users.items()))
        (self.directory / "haproxy.cfg").write_text(f"""global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout client 60s
frontend tokens
  bind 127.0.0.1:{self.port} backlog 4096
  http-request set-var(txn.user) req.hdr(authorization),word(2,' '),sha2(256),hex,map_str({table})
  http-request deny deny_status 401 unless {{ var(txn.user) -m found }}
  http-request return status 200 hdr X-User %[var(txn.user)]
""")
        return ["taskset", "-c", str(SERVER_CORE), "haproxy", "-db", "-f", str(self.directory / "haproxy.cfg")]


class Fcgiwrap(Program):
    """Listens on a socket in its directory, not on the port."""

    def command(self):
        self.socket = self.directory / "socket"
        # One process, which ends when it is told to; children of a pool would outlive their parent.
        return ["fcgiwrap", "-s", f"unix:{self.socket}"]

    def listens(self):
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0
