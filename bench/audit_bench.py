"""The row about the audit: a day in 10 million events, of an organization and of the server, with and without filters.

LATCHKEY_BENCH_EVENTS: another number of events, for a machine without the disk or the minutes.
"""
import json
import os
import statistics
import time
import urllib.parse

from rows import Row, say
from server import Server
from store_bench import copy_rows, open_for_filling

EVENTS, DAYS, ROUNDS = int(os.environ.get("LATCHKEY_BENCH_EVENTS", 10_000_000)), 365, 20
ACTIONS = "case made.i % 5 when 0 then 'Git.Push' when 1 then 'Session.SignIn' when 2 then 'Token.PatRevokeEvent' else the_one.action end"
STEP = DAYS * 24 * 3600 * 10**6 // EVENTS


def fill(path):
    """Events in the image of the newest token's, evenly over the year before it, a third of them the server's own. Their digests are
    no chain: nothing here reads them. Returns when that token was made, in seconds."""
    database = open_for_filling(path)
    (last, newest), = database.execute("select position, time from audit_events where action = 'Token.PatCreateEvent' order by position desc limit 1")
    piece = 1_000_000
    for begin in range(0, EVENTS, piece):
        database.execute("drop table if exists made")
        database.execute("create temp table made as with recursive n (i) as (select ? union all select i + 1 from n where i < ? - 1) select i from n",
                         [begin, min(begin + piece, EVENTS)])
        copy_rows(database, "audit_events", "made", f"position = {last}", position=f"{last} + 1 + made.i", time=f"{newest} - ({EVENTS} - made.i) * {STEP}",
                  action=ACTIONS, subject="'subject ' || made.i % 100000", organization="case when made.i % 3 = 0 then null else the_one.organization end")
        database.commit()
        say(f"    {min(begin + piece, EVENTS):,} events")
    database.close()
    return newest / 1e6


def day_before(seconds):
    iso = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds - offset)) for offset in (86400, 0)]
    return urllib.parse.urlencode({"startTime": iso[0], "endTime": iso[1]})


def rows():
    with Server() as server:
        server.create_token("vso.code", server.sign_in())
        server.stop()
        say("    filling")
        end = fill(server.data / "latchkey.db")
        server.start()
        cookie, connection = server.sign_in(), server.connection()

        def ask(path):
            began = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            body = answer.read()
            took = (time.perf_counter() - began) * 1000
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status} {body}")
            return took, json.loads(body)
        seen = {}
        for place, prefix in (("organization", f"/{server.organization}"), ("server", "")):
            for name, filters in (("all", ""), ("area", "&area=Git"), ("category", "&category=remove"), ("text", "&q=revoked")):
                for day, at in (("last day", end), ("a day in the middle", end - DAYS * 43200)):
                    query = f"{day_before(at)}{filters}"
                    first = ask(f"{prefix}/_apis/audit/auditlog?{query}")[1]
                    if len(first["decoratedAuditLogEntries"]) != 200:
                        raise RuntimeError(f"{query}: {len(first['decoratedAuditLogEntries'])} entries")
                    # The next page records nothing: what is measured is the query, not a disk's sync.
                    path = f"{prefix}/_apis/audit/auditlog?{query}&continuationToken={first['continuationToken']}"
                    seen[f"{place}, {name}, {day}"] = statistics.median(ask(path)[0] for _ in range(ROUNDS))
            chart = f"{prefix}/_apis/latchkey/audit/activity?{day_before(end)}&buckets=48"
            seen[f"{place}, the chart of a day"] = statistics.median(ask(chart)[0] for _ in range(ROUNDS))
        slowest = max(seen, key=seen.get)
        yield Row(f"a day in {EVENTS:,} events of the audit: the slowest of {len(seen)} queries", f"{seen[slowest]:.1f} ms ({slowest})",
                  f"the median one: {statistics.median(seen.values()):.1f} ms", f"{seen[slowest]:.1f} ms", "≤ 50 ms", seen[slowest] <= 50)


ROWS = {"audit": rows}
