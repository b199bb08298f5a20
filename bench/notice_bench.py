"""Rows about notices: telling of a million tokens that end on one day."""
import sqlite3
import statistics
import time
from contextlib import closing

from git_transfer import resident
from rows import Row, say
from server import Server
from store_bench import fill, open_for_filling

TOKENS = 1_000_000
DAY = 86_400_000_000  # microseconds
SOON = 7 * DAY


def plan_ends(path, until):
    """All end within the day whose end is 7 days after `until`, spread over it; each is due."""
    database = open_for_filling(path)
    database.execute("update tokens set valid_to = ? - rowid * 7919000 % ?", [until + SOON, DAY])
    database.execute("delete from ends_to_tell")
    database.execute("insert into ends_to_tell (due_at, owner, token, valid_to) "
                     "select valid_to - ?, owner, id, valid_to from tokens order by 1, 2, 3", [SOON])
    database.commit()
    database.execute("pragma wal_checkpoint(truncate)")
    database.close()


def ends():
    with Server() as server:
        cookie = server.sign_in()
        server.create_token("vso.code", cookie)
        server.stop()
        say(f"    writing {TOKENS:,} tokens")
        fill(server.data / "latchkey.db", TOKENS)
        until = int(time.time() * 1e6)
        plan_ends(server.data / "latchkey.db", until)
        began = time.perf_counter()
        server.start()
        started = time.perf_counter() - began
        waits = []
        with closing(sqlite3.connect(f"file:{server.data}/latchkey.db?mode=ro", uri=True)) as database:
            while database.execute("select 1 from ends_to_tell where due_at <= ? limit 1", [until]).fetchone():
                one = time.perf_counter()
                server.create_token("vso.code", cookie)
                waits.append((time.perf_counter() - one) * 1000)
                time.sleep(0.02)
            took = time.perf_counter() - began
            told = database.execute("select count(*) from notices where kind = 'expiresSoon'").fetchone()[0]
        if told != TOKENS + 1:
            raise RuntimeError(f"{told} were told")
        yield Row(f"telling of {TOKENS:,} tokens that end on one day, start included", f"{took:.1f} s",
                  f"ready after {started:.1f} s; a creation meanwhile: median {statistics.median(waits):.0f} ms, longest {max(waits):.0f} ms; "
                  f"{resident(server.process.pid, 'VmRSS'):.0f} MB resident", f"{took:.1f} s", "≤ 5 s", took <= 5)


ROWS = {"ends": ends}
