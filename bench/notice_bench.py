"""Rows about notices: a million tokens that end on one day are planned, and told of."""
import os
import sqlite3
import statistics
import time
from contextlib import closing

from git_transfer import resident
from rows import Row, say
from server import Server
from store_bench import fill, open_for_filling

TOKENS = 1_000_000
HOUR = 3_600_000_000  # microseconds
DAY = 24 * HOUR


def make_due(path, until, days):
    """All end within the day whose end is so many days after `until`, spread over it: that step of each is due. How many there are."""
    database = open_for_filling(path)
    before = days * DAY
    tokens = database.execute("update tokens set valid_to = ? - rowid * 7919000 % ?", [until + before, DAY]).rowcount
    database.execute("delete from ends_to_tell")
    database.execute("insert into ends_to_tell (due_at, owner, token, valid_to) "
                     "select (valid_to - ? + ?) / ? * ?, owner, id, valid_to from tokens order by 1, 2, 3", [before, HOUR - 1, HOUR, HOUR])
    database.commit()
    database.execute("pragma wal_checkpoint(truncate)")
    database.close()
    os.sync()  # or the server's first checkpoint waits for all of that
    return tokens


def gone_through(server, cookie, days, is_told):
    """Seconds from when the server is ready until the step of each was gone through, and what that was to others."""
    until = int(time.time() * 1e6) // HOUR * HOUR
    tokens = make_due(server.data / "latchkey.db", until, days)
    began = time.perf_counter()
    server.start()
    ready = time.perf_counter()
    waits = []
    with closing(sqlite3.connect(f"file:{server.data}/latchkey.db?mode=ro", uri=True)) as database:
        while database.execute("select 1 from ends_to_tell where due_at <= ? limit 1", [until]).fetchone():
            one = time.perf_counter()
            server.create_token("vso.code", cookie)
            waits.append((time.perf_counter() - one) * 1000)
            time.sleep(0.02)
        took = time.perf_counter() - ready
        told = database.execute("select count(*) from notices where kind = 'expiresSoon'").fetchone()[0]
        planned = database.execute("select count(*) from ends_to_tell where due_at > ?", [until]).fetchone()[0]
    if told != (tokens if is_told else 0) or planned < tokens:
        raise RuntimeError(f"{told} were told, {planned} planned")
    said = (f"ready after {ready - began:.1f} s; a creation meanwhile: median {statistics.median(waits):.0f} ms, longest {max(waits):.0f} ms; "
            f"{resident(server.process.pid, 'VmRSS'):.0f} MB resident")
    server.stop()
    return took, said


def ends():
    with Server() as server:
        cookie = server.sign_in()
        server.create_token("vso.code", cookie)
        server.stop()
        say(f"    writing {TOKENS:,} tokens")
        fill(server.data / "latchkey.db", TOKENS)
        took, said = gone_through(server, cookie, 30, False)  # of which nobody wants to hear: 7 is planned
        yield Row(f"planning the notices of {TOKENS:,} tokens that end on one day", f"{took:.1f} s", said, f"{took:.1f} s",
                  "≤ 5 s", took <= 5)
        took, said = gone_through(server, cookie, 7, True)
        yield Row(f"telling of {TOKENS:,} tokens that end on one day", f"{took:.1f} s", said, f"{took:.1f} s", "", None)


ROWS = {"ends": ends}
