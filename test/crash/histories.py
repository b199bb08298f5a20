"""Histories of verifications and revocations, from outside, and the rule that each must keep (P1).

A verifier asks as a proxy does (`/_auth`, the hot path: from memory alone, on the reactor), with a few requests pipelined
on one connection. A verification starts before its first byte is handed to the kernel, a revocation ends when its answer
has come whole. Everything is on one machine's monotonic clock. The rule: no verification that starts after a revocation's
end may be accepted.
"""
import base64
import http.client
import re
import socket
import threading
import time
from dataclasses import dataclass, field

SETTINGS = """
[server]
trusted_proxies = ["127.0.0.1"]
[[service]]
host = "service.example.com"
[[service.rule]]
path = "/**"
scope = "vso.code"
"""
ANSWER = re.compile(rb"HTTP/1\.1 (\d{3}) .*?\r\n\r\n", re.S)
LENGTH = re.compile(rb"\r\nContent-Length: (\d+)\r\n")


@dataclass
class History:
    """token → what happened to it, each with the instant that counts for the rule."""
    accepted: dict = field(default_factory=dict)   # when the latest accepted verification started
    refused: dict = field(default_factory=dict)    # how many were refused
    revoked: dict = field(default_factory=dict)    # when the revocation's answer had come
    verifications: int = 0

    def broken(self):
        """Tokens that were accepted though their revocation had been answered: by how many microseconds too late."""
        return {token: (self.accepted[token] - answered) * 1e6 for token, answered in self.revoked.items()
                if self.accepted.get(token, 0) > answered}


def joined(histories):
    whole = History()
    for one in histories:
        for token, start in list(one.accepted.items()):
            whole.accepted[token] = max(start, whole.accepted.get(token, 0))
        for token, count in list(one.refused.items()):
            whole.refused[token] = whole.refused.get(token, 0) + count
        whole.revoked.update(one.revoked)
        whole.verifications += one.verifications
    return whole


class Client(threading.Thread):
    """Does `act()` until it is stopped. The server may go away: what was not answered then says nothing. A client that
    ends by itself has checked nothing: `failure` says why."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.history, self.stopped, self.failure = server, History(), False, None

    def run(self):
        try:
            while not self.stopped:
                try:
                    self.act()
                except (OSError, http.client.HTTPException):
                    time.sleep(0.001)  # nobody listens while the server is down
        except BaseException as failure:
            self.failure = failure


class Verifier(Client):
    """Asks about tokens, `depth` requests at a time on one keep-alive connection."""

    def __init__(self, server, tokens, depth):
        super().__init__(server)
        self.tokens, self.depth = tokens, depth
        self.requests = {token: self.request(token) for token in tokens}

    def request(self, text):
        credential = base64.b64encode(f":{text}".encode()).decode()
        return (f"GET /_auth HTTP/1.1\r\nHost: localhost\r\nX-Original-Host: service.example.com\r\nX-Original-URI: /\r\n"
                f"X-Original-Method: GET\r\nAuthorization: Basic {credential}\r\n\r\n").encode()

    def act(self):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=60) as connection:
            self.ask(connection)

    def ask(self, connection):
        turn, rest = 0, b""
        while not self.stopped:
            asked = [self.tokens[(turn + i) % len(self.tokens)] for i in range(self.depth)]
            turn += self.depth
            batch = b"".join(self.requests[token] for token in asked)
            start = time.monotonic()
            connection.sendall(batch)
            for token in asked:
                status, rest = self.answer(connection, rest)
                self.history.verifications += 1
                if status == 200:
                    self.history.accepted[token] = start
                elif status == 401:
                    self.history.refused[token] = self.history.refused.get(token, 0) + 1
                elif status != 503:
                    raise AssertionError(f"a verification was answered {status}")

    @staticmethod
    def answer(connection, rest):
        while True:
            head = ANSWER.match(rest)
            if head:
                length = LENGTH.search(head[0])
                end = head.end() + (int(length[1]) if length else 0)
                if len(rest) >= end:
                    return int(head[1]), rest[end:]
            more = connection.recv(65536)
            if not more:
                raise ConnectionError("the server closed")
            rest += more
