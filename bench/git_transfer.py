"""A 500 MB push and clone: how far the server's memory grows, and what it costs beside Git's own local transport.

Prints rows of the performance table: the server's and its Git processes' peak resident memory, and the wall time as a
ratio to the same transfer over file:// in the same run (medians of three).
"""
import os
import statistics
import threading
import time
from pathlib import Path

from rows import Row, say
from server import Server

MEGABYTES, ROUNDS = 500, 3


def resident(pid, field):
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


class Watch(threading.Thread):
    """Samples the peak of the server's own memory while it runs."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, 0.0, threading.Event()

    def run(self):
        while not self.ended.wait(0.02):
            self.peak = max(self.peak, resident(self.pid, "VmRSS"))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()


def timed(act):
    start = time.monotonic()
    act()
    return time.monotonic() - start


def rows():
    with Server() as server:
        source = server.directory / "source"
        server.git("init", source)
        with open(source / "big", "wb") as file:
            for _ in range(MEGABYTES):
                file.write(os.urandom(1 << 20))
        server.git("config", "core.bigFileThreshold", "1m", cwd=source)
        server.git("add", ".", cwd=source)
        server.git("commit", "-m", "big", cwd=source)
        token = server.token()
        before = resident(server.process.pid, "VmRSS")
        ours, floor = {"push": [], "clone": []}, {"push": [], "clone": []}
        with Watch(server.process.pid) as watch:
            for n in range(ROUNDS):
                say(f"    round {n + 1} of {ROUNDS}: push and clone {MEGABYTES} MB")
                server.create_project(f"P{n}", token)
                remote, bare = server.remote(f"P{n}", f"P{n}", f"u:{token}"), server.directory / f"bare{n}"
                server.git("init", "--bare", bare)
                floor["push"].append(timed(lambda: server.git("push", f"file://{bare}", "main", cwd=source)))
                ours["push"].append(timed(lambda: server.git("push", remote, "main", cwd=source)))
                for kind, url, where in ((floor, f"file://{bare}", "a"), (ours, remote, "b")):
                    copy = server.directory / f"{where}{n}"
                    kind["clone"].append(timed(lambda: server.git("clone", "--bare", url, copy)))
                    server.run("rm", "-rf", copy)
                server.run("rm", "-rf", bare)
        yield Row("server at rest", f"{before:.0f} MB resident")
        yield Row(f"server while {MEGABYTES} MB are pushed and cloned {ROUNDS} times", f"{watch.peak:.0f} MB resident at most")
        for what in ("push", "clone"):
            mine, base = statistics.median(ours[what]), statistics.median(floor[what])
            yield Row(f"{what} of {MEGABYTES} MB", f"{mine:.1f} s", f"Git's own file://: {base:.1f} s", f"{mine / base:.2f} × its time")

