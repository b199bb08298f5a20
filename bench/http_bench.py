"""Rows about HTTP: what `/_auth` reaches on one core beside peers on the same core, generator on the other.

The release binary, 1,000 tokens made through the API and asked in turn, a service with one rule; every server gets the same
bytes. All servers run at once and only one is loaded.
"""
import concurrent.futures
import contextlib
import hashlib
import json
import os
import re
import sqlite3
import statistics
import subprocess
import threading
import uuid
from pathlib import Path

import peers
from rows import Rate, Row, interleaved, ratio_row, spread
from server import ROOT, Server

TOKENS, SECONDS, ROUNDS = 1000, 1.5, 7
GENERATOR = ROOT / "build/release/bench/http_load"
ASKED = ["--host", "service.example.com", "--header", "X-Original-Host: service.example.com",
         "--header", "X-Original-URI: /api/things?page=2", "--header", "X-Original-Method: GET"]
SETTINGS = """[server]
trusted_proxies = ["127.0.0.1"]
[[service]]
host = "service.example.com"
organization = "DefaultCollection"
[[service.rule]]
path = "/api/**"
scope = "vso.code"
"""


def generate(port, path="/", *options, seconds=SECONDS):
    """One run of the generator on its core: what it printed."""
    done = subprocess.run(["taskset", "-c", str(peers.LOAD_CORE), GENERATOR, f"127.0.0.1:{port}", path,
                           "--seconds", str(seconds), *map(str, options)], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{done.args}: {done.stderr}")
    return json.loads(done.stdout)


def cpu_seconds(pid):
    """Of a process and its children, all told."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_seconds(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


class House(Server):
    """latchkey on the servers' core, behind which stands one service."""

    def __init__(self, settings=SETTINGS, **how):
        super().__init__(**how)
        (self.data / "latchkey.toml").write_text(settings)

    def __enter__(self):
        self.start(prefix=["taskset", "-c", str(peers.SERVER_CORE)])
        with concurrent.futures.ThreadPoolExecutor(16) as crowd:
            cookie = self.sign_in()
            self.tokens = list(crowd.map(lambda _: self.create_token("vso.code", cookie)["token"], range(TOKENS)))
        self.authorizations = self.directory / "authorizations"
        self.authorizations.write_text("".join(f"Authorization: Bearer {token}\n" for token in self.tokens))
        return self

    def asked(self):
        return [*ASKED, "--each", self.authorizations]

    def rate(self, *options, peer=None, path="/_auth", status=200):
        """A measure: what we, or a peer, reach; which processes' CPU it cost."""
        server = peer or self

        def measure():
            before = cpu_seconds(server.process.pid)
            result = generate(server.port, path, *self.asked(), *options)
            if result["status"] != status:
                raise RuntimeError(f"answered with {result}")
            return Rate(result["rate"], (cpu_seconds(server.process.pid) - before) / result["answers"] * 1e6)
        return measure


def beside_nginx(what, target, *options, rounds=ROUNDS):
    def rows():
        with House() as house, closing(peers.Nginx(house.directory / "nginx", peers.NOTHING)) as nginx:
            seen = interleaved(rounds, latchkey=house.rate(*options), nginx=house.rate(*options, peer=nginx, status=204))
            yield ratio_row(what, seen["latchkey"], seen["nginx"], target, "nginx 204:")
    return rows


class closing:
    def __init__(self, program):
        self.program = program

    def __enter__(self):
        return self.program

    def __exit__(self, *_):
        self.program.close()


def tls():
    with House(tls=True) as house:
        with closing(peers.Nginx(house.directory / "nginx", peers.NOTHING_TLS, certificate=house.certificate,
                                 key=house.data / "tls-key.pem")) as nginx:
            seen = interleaved(ROUNDS, latchkey=house.rate("--tls"), nginx=house.rate("--tls", peer=nginx, status=204))
            yield ratio_row("`/_auth` over TLS, 32 connections", seen["latchkey"], seen["nginx"], 1.2, "nginx 204 over TLS:")


def by_hand():
    with House() as house:
        (house.directory / "tokens").write_text("".join(f"{token}\n" for token in house.tokens))
        users = {hashlib.sha256(token.encode()).hexdigest().upper(): "admin@example.com" for token in house.tokens}
        with closing(peers.Haproxy(house.directory / "haproxy", users)) as haproxy, \
                closing(peers.NginxLua(house.directory / "lua", peers.BY_LUA, user="admin@example.com",
                                       tokens=house.directory / "tokens")) as lua:
            seen = interleaved(ROUNDS, latchkey=house.rate(), haproxy=house.rate(peer=haproxy), lua=house.rate(peer=lua))
            yield ratio_row("`/_auth`, 32 connections", seen["latchkey"], seen["haproxy"], 1.5, "HAProxy, SHA-256 → map file:")
            yield ratio_row("`/_auth`, 32 connections", seen["latchkey"], seen["lua"], 1.5, "nginx + Lua, SHA-256 → shared dictionary:")


def scrape(port, ended):
    while not ended.wait(1):
        subprocess.run(["curl", "-sf", "-o", "/dev/null", f"http://127.0.0.1:{port}/metrics"], check=True)


def metrics():
    """The ledger and the counters are always on; what can be switched is who reads them."""
    port = peers.free_port()
    listening = SETTINGS.replace("[[service]]", f'metrics_listen = "127.0.0.1:{port}"\n[[service]]', 1)
    with House(listening) as watched, House() as alone:
        ended = threading.Event()
        scraper = threading.Thread(target=scrape, args=(port, ended))
        scraper.start()
        try:
            seen = interleaved(ROUNDS, watched=watched.rate(), alone=alone.rate())
        finally:
            ended.set()
            scraper.join()
        yield ratio_row("`/_auth` while metrics are scraped each second", seen["watched"], seen["alone"], 0.97, "nobody scrapes:")


class Churn:
    """So many tokens a second are created and as many others revoked, by generators on the generator's core."""

    SECONDS, CONNECTIONS = 3, 16  # longer than what is measured meanwhile

    def __init__(self, house, rate):
        self.house, self.rate = house, rate
        self.cookie = house.sign_in()
        self.body, self.paths = house.directory / "churn.json", house.directory / "paths"
        self.body.write_text(json.dumps({"displayName": "churn", "scope": "vso.code"}))

    def command(self, *options):
        return [self.house.port, *options, "--host", f"localhost:{self.house.port}", "--header", f"Cookie: {self.cookie}",
                "--connections", self.CONNECTIONS]

    def creations(self, *options):
        return self.command(self.house.pats(), "--method", "POST", "--body", self.body, "--header", "Content-Type: application/json", *options)

    def live(self):
        with contextlib.closing(sqlite3.connect(f"file:{self.house.data}/latchkey.db?mode=ro", uri=True)) as database:
            return [str(uuid.UUID(bytes=row[0])) for row in
                    database.execute("select id from tokens where name = 'churn' and state = 'live'")]

    def __enter__(self):
        while len(ids := self.live()) < 2 * self.rate * self.SECONDS:
            generate(*self.creations(), seconds=1)
        self.paths.write_text("".join(self.house.pats(f"&authorizationId={one}") + "\n" for one in ids))
        revocations = self.command("/", "--method", "DELETE", "--paths", self.paths)
        self.crowd = concurrent.futures.ThreadPoolExecutor(2)
        self.running = [self.crowd.submit(generate, *one, "--rate", self.rate, seconds=self.SECONDS) for one in (self.creations(), revocations)]
        return self

    def __exit__(self, *_):
        self.reached = min(one.result()["rate"] for one in self.running)
        self.crowd.shutdown()


def tail():
    with House() as house:
        half = generate(house.port, "/_auth", *house.asked())["rate"] / 2
        reached = []

        def quiet():
            return generate(house.port, "/_auth", *house.asked(), "--rate", half)["p99_us"]

        def churned():
            with Churn(house, 1000) as churn:
                p99 = quiet()
            reached.append(churn.reached)
            return p99
        seen = interleaved(5, quiet=quiet, churned=churned)
        ratios = [busy / calm for busy, calm in zip(seen["churned"], seen["quiet"], strict=True)]
        yield Row(f"p99 at half of capacity ({half:,.0f}/s, open loop) while tokens are created and revoked (1,000 of each a "
                  f"second wanted, {statistics.median(reached):,.0f} reached)", f"{statistics.median(seen['churned']):,.0f} µs",
                  f"without: {statistics.median(seen['quiet']):,.0f} µs", f"{spread(ratios)} ×", "≤ 2 ×",
                  statistics.median(ratios) <= 2)


def batch():
    with House() as house:
        asker = house.token("latchkey.verify")
        body = house.directory / "asked.json"
        body.write_text(json.dumps({"credentials": house.tokens}))
        question = ["--method", "POST", "--body", body, "--connections", 4, "--host", f"localhost:{house.port}",
                    "--header", "Content-Type: application/json", "--header", f"Authorization: Bearer {asker}"]

        def millions():
            return TOKENS * generate(house.port, "/_apis/latchkey/verify", *question)["rate"] / 1e6
        seen = interleaved(ROUNDS, latchkey=millions)["latchkey"]
        yield Row("batch verify, 1,000 credentials a call", f"{statistics.median(seen):.2f} M/s", "", f"{spread(seen)} M/s",
                  "≥ 1 M/s", statistics.median(seen) >= 1)


def auth_request():
    with House() as house, closing(peers.Nginx(house.directory / "floor", peers.NOTHING)) as floor:
        with closing(peers.Nginx(house.directory / "ours", peers.ASKING, verifier=house.port)) as ours, \
                closing(peers.Nginx(house.directory / "theirs", peers.ASKING, verifier=floor.port)) as theirs:
            seen = interleaved(ROUNDS, latchkey=house.rate(peer=ours, path="/api/things", status=204),
                               nothing=house.rate(peer=theirs, path="/api/things", status=204))
            yield ratio_row("nginx → `auth_request` → Latchkey", seen["latchkey"], seen["nothing"], 0.95,
                            "nginx → `auth_request` → nginx 204:")


def system_calls():
    with House() as house:
        trace = house.directory / "strace"
        tracer = subprocess.Popen(["strace", "-c", "-f", "-o", trace, "-p", str(house.process.pid)], stderr=subprocess.PIPE, text=True)
        tracer.stderr.readline()  # attached
        answers = generate(house.port, "/_auth", *house.asked(), seconds=3)["answers"]
        tracer.terminate()
        tracer.wait()
        calls = {name: int(count) for count, name in re.findall(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", trace.read_text(), re.M)}
        calls.pop("total")
        each = sum(calls.values()) / answers
        most = ", ".join(f"{name} {count / answers:.2f}" for name, count in sorted(calls.items(), key=lambda one: -one[1])[:5])
        yield Row("system calls for a verification, 32 connections", f"{each:.2f}", most, f"{each:.2f}", "≤ 2.1", each <= 2.1)


ROWS = {
    "auth": beside_nginx("`/_auth`, 32 connections", 1.25),
    "auth-512": beside_nginx("`/_auth`, 512 connections", 1.2, "--connections", 512),
    "auth-pipelined": beside_nginx("`/_auth`, 16 pipelined, 32 connections", 7, "--depth", 16),
    "auth-tls": tls,
    "auth-reconnect": beside_nginx("`/_auth`, a new connection for each request", 0.9, "--reconnect"),
    "by-hand": by_hand,
    "metrics": metrics,
    "tail": tail,
    "batch": batch,
    "auth-request": auth_request,
    "system-calls": system_calls,
}
