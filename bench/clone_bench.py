"""A clone of 200 MB through Latchkey beside one from the same repository by nginx, fcgiwrap and git http-backend."""
import os
import shutil
import statistics
import time

import peers
from http_bench import closing
from rows import Row, interleaved, spread
from server import Server

MEGABYTES, ROUNDS = 200, 5
BACKEND = """server { listen 127.0.0.1:{port}; location / {
  include /etc/nginx/fastcgi_params;
  fastcgi_pass unix:{socket};
  fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
  fastcgi_param GIT_PROJECT_ROOT {root};
  fastcgi_param GIT_HTTP_EXPORT_ALL "";
  fastcgi_param PATH_INFO $uri;
} }"""


def clone():
    with Server() as server:
        source, token = server.directory / "source", server.token()
        server.git("init", source)
        with open(source / "big", "wb") as file:
            for _ in range(MEGABYTES):
                file.write(os.urandom(1 << 20))
        server.git("add", ".", cwd=source)
        server.git("commit", "-m", "big", cwd=source)
        server.create_project("P", token)
        ours = server.remote("P", "P", f"u:{token}")
        server.git("push", ours, "main", cwd=source)
        [repository] = [head.parent for head in (server.data / "repositories").rglob("HEAD")]
        with closing(peers.Fcgiwrap(server.directory / "fcgiwrap")) as wrap, \
                closing(peers.Nginx(server.directory / "nginx", BACKEND, socket=wrap.socket, root=repository.parent)) as nginx:
            def seconds(url):
                copy, began = server.directory / "copy", time.monotonic()
                server.git("clone", "--bare", url, copy)
                took = time.monotonic() - began
                shutil.rmtree(copy)
                return took
            theirs = f"http://127.0.0.1:{nginx.port}/{repository.name}"
            seen = interleaved(ROUNDS, latchkey=lambda: seconds(ours), nginx=lambda: seconds(theirs))
        ratios = [other / mine for mine, other in zip(seen["latchkey"], seen["nginx"], strict=True)]
        yield Row(f"clone of {MEGABYTES} MB", f"{statistics.median(seen['latchkey']):.2f} s",
                  f"nginx + fcgiwrap + git http-backend: {statistics.median(seen['nginx']):.2f} s", f"{spread(ratios)} ×", "≥ 0.95 ×",
                  statistics.median(ratios) >= 0.95)


ROWS = {"clone": clone}
