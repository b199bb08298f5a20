"""Rows about policies: what they add to a token's creation, and a dry run over a million tokens."""
import concurrent.futures
import itertools
import json
import statistics
import time

from http_bench import ROUNDS, House, generate
from rows import Row, interleaved, ratio_row, say, spread
from server import PASSWORD, Server
from store_bench import fill, open_for_filling

CLIENTS = 64
DAY = 24 * 3600 * 10**6
SERVER, ORGANIZATION = "/_apis/latchkey/policies/", "/{}/_apis/latchkey/policies/"
# All of them, none in the way of the token that is made here.
ALL = {SERVER: {"restrict-global-tokens": True, "restrict-full-scope": True, "maximum-lifespan-days": 365},
       ORGANIZATION: {"forbidden-scopes": ["vso.build"], "idle-days": 90, "tokens-per-user": 1_000, "source-networks": ["127.0.0.0/8", "::1"]}}


class Ruled(House):
    """A house whose policies can all be set and cleared again."""

    def __enter__(self):
        super().__enter__()
        self.cookie = self.sign_in()
        return self

    def call(self, method, path, value=None):
        answer = self.request(method, path, value, cookie=self.cookie)
        if answer.status not in (200, 201):
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.body}")

    def under_all(self, measure):
        """That measure while all of them are set."""
        def measured():
            for place, policies in ALL.items():
                for name, value in policies.items():
                    self.call("PUT", place.format(self.organization) + name, {"value": value})
            seen = measure()
            for place, policies in ALL.items():
                for name in policies:
                    self.call("DELETE", place.format(self.organization) + name)
            return seen
        return measured


def creation():
    with Ruled() as house:
        body = house.directory / "creation.json"
        body.write_text(json.dumps({"displayName": "bench", "scope": "vso.code", "validTo": "2027-01-31T00:00:00Z"}))
        each = house.directory / "cookies"
        people = itertools.count()

        def sign_up(_):
            person = {"email": f"p{next(people):06}@example.com", "password": PASSWORD, "organization": house.organization}
            house.call("POST", "/_apis/latchkey/users", person)
            return house.sign_in(person["email"])

        def rate():
            # By new people each time, for a second: nobody has more tokens than another, nor many more than people have.
            with concurrent.futures.ThreadPoolExecutor(4) as crowd:
                cookies = list(crowd.map(sign_up, range(CLIENTS)))
            each.write_text("".join(f"Cookie: {own}\n" for own in cookies))
            seen = generate(house.port, house.pats(), "--method", "POST", "--host", f"localhost:{house.port}", "--body", body, "--header",
                            "Content-Type: application/json", "--each", each, "--connections", CLIENTS, seconds=1)["rate"]
            for own in cookies:
                house.create_token("vso.code", own)  # fails where policies refused, whose answers cost little
            return seen

        seen = interleaved(ROUNDS, ruled=house.under_all(rate), free=rate)
        ratios = [ruled / free for ruled, free in zip(seen["ruled"], seen["free"], strict=True)]
        yield Row("creation of tokens under all policies, 64 clients", f"{statistics.median(seen['ruled']):,.0f}/s",
                  f"without any: {statistics.median(seen['free']):,.0f}/s", f"{spread(ratios)} ×", "≥ 0.95 ×", statistics.median(ratios) >= 0.95)
        verified = house.rate()
        seen = interleaved(ROUNDS, ruled=house.under_all(verified), free=verified)
        yield ratio_row("`/_auth` under all policies, 32 connections", seen["ruled"], seen["free"], 0.97, "without any:")


def add_uses(path):
    """A use today of each fifth token."""
    database = open_for_filling(path)
    today = int(time.time()) // 86400
    database.execute("insert into uses (token, day, fingerprint, operation, repository, address, agent, outcome, count, first_at, last_at) "
                     "select id, ?, '', 'vso.project', '', case when rowid % 2 = 0 then '10.0.0.1' else '192.0.2.7' end, 'git', 'accepted', 3, valid_from, "
                     "valid_from from tokens where rowid % 5 = 0", [today])
    database.commit()
    database.close()


def dry_run(tokens=1_000_000):
    with Server() as server:
        cookie = server.sign_in()
        server.create_token("app_token", cookie)
        server.stop()
        say(f"    writing {tokens:,} tokens")
        fill(server.data / "latchkey.db", tokens)
        add_uses(server.data / "latchkey.db")
        server.start()
        organization = ORGANIZATION.format(server.organization)
        later = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() + 30 * 86400))
        asked = {SERVER + "restrict-full-scope": {"value": True, "refuseFrom": later, "revokeFrom": later}, SERVER + "maximum-lifespan-days": {"value": 7},
                 organization + "restrict-creation": {"value": True}, organization + "idle-days": {"value": 30},
                 organization + "source-networks": {"value": ["10.0.0.0/8"]}, organization + "tokens-per-user": {"value": 5}}
        seen = {}
        for path, body in asked.items():
            def once(path=path, body=body):
                began = time.perf_counter()
                answer = server.request("POST", path + "/dryRun", body, cookie=cookie)
                if answer.status != 200:
                    raise RuntimeError(f"{path}: {answer.status} {answer.body}")
                return time.perf_counter() - began
            seen[path.rsplit("/", 1)[1]] = statistics.median(once() for _ in range(3))
        slowest = max(seen, key=seen.get)
        say("    " + ", ".join(f"{name} {took:.2f} s" for name, took in seen.items()))
        yield Row(f"a dry run over {tokens:,} tokens: the slowest of {len(seen)} policies", f"{seen[slowest]:.2f} s ({slowest})", "",
                  f"{seen[slowest]:.2f} s", "≤ 3 s", seen[slowest] <= 3)


ROWS = {"policies": creation, "dry-run": dry_run}
