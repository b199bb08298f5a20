"""Rows about the administration of tokens: every filter of the inventory over a million tokens; revoking 100,000."""
import json
import statistics
import string
import time

from rows import Row, say
from server import Server
from store_bench import copy_rows, open_for_filling

TOKENS, OWNERS, ROUNDS = 1_000_000, 20_000, 11
REVOKED = 100_000
BASE62 = string.digits + string.ascii_letters
FILTERS = ("", "full=true", "full=false", "allOrganizations=true", "allOrganizations=false", "neverUsed=true", "neverUsed=false",
           "expiringWithin=7", "expiringWithin=365", "status=expiresSoon", "status=expired", "status=revoked", "status=all",
           "madeBy=client", "madeBy=portal", "scope=vso.code", "scope=vso.wiki", "scope=vso.profile", "owner=u77@example.com",
           "fingerprint=A", "fingerprint=A7", "q=run", "q=backup 77", "q=u77@", "q=nothing at all",
           "full=true&neverUsed=true&madeBy=client", "scope=vso.wiki&expiringWithin=7", "sort=created", "sort=created&descending=true",
           "descending=true", "sort=created&madeBy=client&neverUsed=true", "top=100&full=false")


def fill(path, tokens=TOKENS, owners=OWNERS):
    """Tokens in the image of the one that is there, with 24 kinds of scopes; a tenth for all organizations."""
    database = open_for_filling(path)
    day = 24 * 3600 * 10**6
    database.execute("create temp table people as with recursive n (i) as (select 0 union all select i + 1 from n where i < ? - 1) "
                     "select i, randomblob(16) id from n", [owners])
    database.execute("create temp table made as with recursive n (i) as (select 0 union all select i + 1 from n where i < ? - 1) "
                     "select n.i, time_ordered(n.i) id, people.id owner from n join people on people.rowid = n.i % ? + 1", [tokens, owners])
    administrator = "server_administrator = 1"
    copy_rows(database, "users", "people", administrator, id="people.id", email="'u' || people.i || '@example.com'",
              email_key="'u' || people.i || '@example.com'", display_name="'Person ' || people.i", server_administrator="0", password="null")
    copy_rows(database, "memberships", "people", f"user_id = (select id from users where {administrator})",
              user_id="people.id", role="'contributor'")
    scopes = ("case when made.i % 100 = 7 then 'app_token' when made.i % 1000 = 8 then 'vso.wiki' when made.i % 24 < 8 then 'vso.code' "
              "else 'vso.build vso.packaging_' || (made.i % 24) end")
    name = "case when made.i % 500 = 3 then 'backup ' else 'runner ' end || made.i"
    end = f"the_one.valid_from + (made.i * 7919 % 400 - 30) * {day} + made.i"
    used = f"case when made.i % 9 = 0 then null else the_one.created_at - made.i % 60 * {day} end"
    copy_rows(database, "tokens", "made", "rowid = 1", id="made.id", owner="made.owner", name=name, name_key=name, scopes=scopes,
              valid_to=end, created_at=f"the_one.created_at - ({tokens} - made.i) * {80 * day // tokens}",
              organization="case when made.i % 10 = 0 then null else the_one.organization end", used_at=used,
              ever_used="made.i % 9 <> 0", made_by="case when made.i % 3 = 0 then 'portal' when made.i % 2000 = 1 then 'client' else 'api' end",
              state="case when made.i % 50 = 9 then 'revoked' else 'live' end",
              ended_at="case when made.i % 50 = 9 then the_one.created_at end")
    copy_rows(database, "secrets", "made", "rowid = 1", id="time_ordered(made.i)", token="made.id", digest="randomblob(32)",
              fingerprint=f"substr('{BASE62}', abs(random() % 62) + 1, 1) || hex(randomblob(6))")
    database.commit()
    database.execute("pragma wal_checkpoint(truncate)")
    database.close()


class Asked:
    """A server with many tokens, asked by its administrator."""

    def __init__(self, server, tokens, owners):
        self.server, self.cookie = server, server.sign_in()
        server.create_token("vso.code", self.cookie)
        server.stop()
        say(f"    writing {tokens:,} tokens")
        fill(server.data / "latchkey.db", tokens, owners)
        server.start()
        self.connection = server.connection()
        self.area = f"/{server.organization}/_apis/latchkey/"

    def __call__(self, path, body=None, wanted=200):
        began = time.perf_counter()
        fields = {"Cookie": self.cookie, **({"Content-Type": "application/json"} if body is not None else {})}
        self.connection.request("GET" if body is None else "POST", self.area + path.replace(" ", "%20"),
                                None if body is None else json.dumps(body), fields)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != wanted:
            raise RuntimeError(f"{path}: {answer.status} {text}")
        return (time.perf_counter() - began) * 1000, json.loads(text)


def inventory():
    with Server() as server:
        ask = Asked(server, TOKENS, OWNERS)
        seen = {}
        for query in FILTERS:
            page = ask(f"inventory?{query}")[1]
            seen[query or "the first page"] = statistics.median(ask(f"inventory?{query}")[0] for _ in range(ROUNDS))
            if "next" in page:
                after = f"inventory?{query}&after={page['next']}"
                seen[f"{query}, its second page"] = statistics.median(ask(after)[0] for _ in range(ROUNDS))
        for query in sorted(seen, key=seen.get)[-8:]:
            say(f"    {seen[query]:8.1f} ms  {query}")
        figures = statistics.median(ask("inventory/figures")[0] for _ in range(3))
        slowest = max(seen, key=seen.get)
        yield Row(f"a page of the inventory of {TOKENS:,} tokens: the slowest of {len(seen)} filters, orders and pages",
                  f"{seen[slowest]:.1f} ms ({slowest})", f"the figures: {figures:.0f} ms", f"{seen[slowest]:.1f} ms", "≤ 200 ms",
                  seen[slowest] <= 200)


def revocation():
    with Server() as server:
        ask = Asked(server, REVOKED, 2_000)
        waits = []
        began = time.perf_counter()
        job = ask("revocations", {"match": {}}, 202)[1]
        answered = time.perf_counter() - began
        while job["state"] == "running":
            began_other = time.perf_counter()
            server.create_token("vso.code", ask.cookie)
            waits.append((time.perf_counter() - began_other) * 1000)
            job = ask(f"revocations/{job['id']}")[1]
            time.sleep(0.02)
        took = time.perf_counter() - began
        if job["done"] != job["total"] or job["done"] < REVOKED * 0.8:
            raise RuntimeError(f"not all: {job}")
        per = took * REVOKED / job["done"]
        yield Row(f"revoking {REVOKED:,} tokens in the background ({job['done']:,} live ones, and so on)", f"{per:.1f} s",
                  f"the POST answered after {answered * 1000:.0f} ms; a creation meanwhile: median {statistics.median(waits):.0f} ms, longest {max(waits):.0f} ms",
                  f"{per:.1f} s", "≤ 10 s", per <= 10)


ROWS = {"inventory": inventory, "revoke-100k": revocation}
