"""Rows about mail: how fast the outbox drains to a server on this machine, and what mail adds to a token's creation."""
import json
import socket
import statistics
import threading
import time

from http_bench import SETTINGS, House, generate
from rows import Row, interleaved, say, spread
from server import Server

CLIENTS, DRAINED = 64, 3_000


class Sink:
    """An SMTP server that takes everything and keeps when. One connection at a time, as mail has one."""

    def __init__(self, port=0):
        self.times = []
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb", buffering=1 << 16) as wire:
                self.talk(wire)

    def talk(self, wire):
        def say_back(line):
            wire.write(line + b"\r\n")
            wire.flush()

        say_back(b"220 sink")
        while command := wire.readline():
            if not command.startswith(b"DATA"):
                say_back(b"250 OK")
                continue
            say_back(b"354 go on")
            while wire.readline() not in (b".\r\n", b""):
                pass
            say_back(b"250 taken")
            self.times.append(time.perf_counter())

    def stop(self):
        self.listener.close()


def mailing(port):
    return f'{SETTINGS}\n[mail]\nsmtp = "smtp://127.0.0.1:{port}"\nfrom = "latchkey@example.com"\ntls = "never"\n'


def create(house, cookie, *options, **how):
    body = house.directory / "creation.json"
    body.write_text(json.dumps({"displayName": "bench", "scope": "vso.code", "validTo": "2027-01-31T00:00:00Z"}))
    return generate(house.port, house.pats(), "--method", "POST", "--host", f"localhost:{house.port}", "--body", body,
                    "--header", "Content-Type: application/json", "--header", f"Cookie: {cookie}", "--connections", CLIENTS, *options, **how)


def drain():
    sink = Sink()
    sink.stop()
    with Server() as server:
        server.stop()
        (server.data / "latchkey.toml").write_text(mailing(sink.port))
        server.start()
        cookie = server.sign_in()
        create(server, cookie, seconds=2)
        queued = server.request("GET", "/_apis/latchkey/mail", cookie=cookie).json["queued"]
        say(f"    {queued:,} mails are queued")
        sink = Sink(sink.port)
        server.request("POST", "/_apis/latchkey/mail/retry", {"all": True}, cookie=cookie)
        until = min(queued, DRAINED)
        while len(sink.times) < until:
            time.sleep(0.05)
        sink.stop()
        rate = (until - 1) / (sink.times[until - 1] - sink.times[0])
        yield Row(f"the outbox drains to a server on this machine, {until:,} mails", f"{rate:,.0f} mails/s", "", f"{rate:,.0f}/s", "≥ 200/s", rate >= 200)


def creation():
    sink = Sink()
    with House(mailing(sink.port)) as mailed, House() as silent:
        cookies = {house: house.sign_in() for house in (mailed, silent)}
        seen = interleaved(5, mailed=lambda: create(mailed, cookies[mailed])["rate"], silent=lambda: create(silent, cookies[silent])["rate"])
        ratios = [on / off for on, off in zip(seen["mailed"], seen["silent"], strict=True)]
        say(f"    {len(sink.times):,} mails were sent meanwhile")
        yield Row(f"creation of tokens with mail on, {CLIENTS} clients", f"{statistics.median(seen['mailed']):,.0f}/s",
                  f"without: {statistics.median(seen['silent']):,.0f}/s", f"{spread(ratios)} ×", "≥ 0.95 ×", statistics.median(ratios) >= 0.95)
    sink.stop()


def rows():
    yield from drain()
    yield from creation()


ROWS = {"mail": rows}
