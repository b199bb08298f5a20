"""Rows about the database: durable creations, and how soon a server with many tokens is ready."""
import json
import os
import sqlite3
import statistics
import time

from http_bench import House, generate
from rows import Row, interleaved, say, spread
from server import Server

TOKENS_OF_OWNER = 10


def creations():
    with House() as house:
        body = house.directory / "creation.json"
        body.write_text(json.dumps({"displayName": "bench", "scope": "vso.code", "validTo": "2027-01-31T00:00:00Z"}))
        cookie = house.sign_in()

        def rate(clients):
            return generate(house.port, house.pats(), "--method", "POST", "--host", f"localhost:{house.port}", "--body", body, "--header",
                            "Content-Type: application/json", "--header", f"Cookie: {cookie}", "--connections", clients)["rate"]
        seen = interleaved(5, crowd=lambda: rate(64), one=lambda: rate(1))
        ratios = [crowd / one for crowd, one in zip(seen["crowd"], seen["one"], strict=True)]
        yield Row("durable creations of tokens, 64 clients", f"{statistics.median(seen['crowd']):,.0f}/s",
                  f"one client: {statistics.median(seen['one']):,.0f}/s", f"{spread(ratios)} ×", "≥ 10 ×", statistics.median(ratios) >= 10)


def copy_rows(database, table, source, where, **columns):
    """Inserts, for each row of `source`, a copy of the one row of `table` that `where` names, with other columns."""
    names = [row[1] for row in database.execute(f"pragma table_info({table})")]
    values = ", ".join(columns.get(name, f"the_one.{name}") for name in names)
    database.execute(f"insert into {table} ({', '.join(names)}) select {values} from {source}, "
                     f"(select * from {table} where {where}) the_one")


def open_for_filling(path):
    database = sqlite3.connect(path)
    for pragma in ("journal_mode = wal", "synchronous = off", "cache_size = -4000000"):
        database.execute(f"pragma {pragma}")
    database.create_function("time_ordered", 1, time_ordered)
    return database


def time_ordered(number):
    """An id as the server makes them: of the number-th millisecond of a while ago, and random behind."""
    return (1_790_000_000_000 + number).to_bytes(6, "big") + os.urandom(10)


def fill(path, tokens):
    """Rows straight into the database, in the image of the token that is there: owners with ten tokens each."""
    database = open_for_filling(path)
    owners = tokens // TOKENS_OF_OWNER
    database.execute("create temp table owners as with recursive n (i) as (select 0 union all select i + 1 from n where i < ? - 1) "
                     "select i, randomblob(16) id from n", [owners])
    database.execute("create temp table made as with recursive n (i) as (select 0 union all select i + 1 from n where i < ? - 1) "
                     "select time_ordered(n.i) id, owners.id owner from n join owners on owners.rowid = n.i / ? + 1",
                     [tokens, TOKENS_OF_OWNER])
    administrator = "server_administrator = 1"
    copy_rows(database, "users", "owners", administrator, id="owners.id", email="'u' || owners.i || '@example.com'",
              email_key="'u' || owners.i || '@example.com'", server_administrator="0", password="null")
    copy_rows(database, "memberships", "owners", f"user_id = (select id from users where {administrator})",
              user_id="owners.id", role="'contributor'")
    model = database.execute("select hex(id) from tokens").fetchone()[0]
    copy_rows(database, "tokens", "made", f"id = x'{model}'", id="made.id", owner="made.owner")
    # The engine's hexadecimal digits are letters of base62 too.
    copy_rows(database, "secrets", "made", f"token = x'{model}'", id="time_ordered(made.rowid)", token="made.id",
              digest="randomblob(32)", fingerprint="hex(randomblob(6))")
    database.commit()
    database.execute("pragma wal_checkpoint(truncate)")
    database.close()


def start(tokens, seconds, rounds=5):
    def rows():
        with Server() as server:
            known = server.token("vso.project")
            server.stop()
            say(f"    writing {tokens:,} tokens")
            fill(server.data / "latchkey.db", tokens)

            def ready():
                began = time.monotonic()
                server.start()
                while server.request("GET", "/readyz").status != 200:
                    pass
                took = time.monotonic() - began
                path = f"/{server.organization}/_apis/projects?api-version=7.1"
                if server.request("GET", path, token=known).status != 200:
                    raise RuntimeError("ready, but a good token is refused")
                server.stop()
                return took
            took = interleaved(rounds, latchkey=ready)["latchkey"]
            server.start()
            yield Row(f"start with {tokens:,} tokens until `/readyz`", f"{spread(took)} s", "", f"{spread(took)} s",
                      f"≤ {seconds} s", statistics.median(took) <= seconds)
    return rows


ROWS = {"creations": creations, "start": start(1_000_000, 1.0), "start-10m": start(10_000_000, 12, rounds=3)}
