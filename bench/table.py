"""The performance table: all rows, or the ones that are named; docs/performance.md says how to read it.

usage: script/bench [ROW…]      without a row all but start-10m, which writes 10 million tokens first (7 GB, minutes)
"""
import os
import sys

import administration_bench
import audit_bench
import clone_bench
import git_transfer
import http_bench
import list_bench
import mail_bench
import notice_bench
import policy_bench
import portal_bench
import store_bench
from rows import say, table

ROWS = {**http_bench.ROWS, **store_bench.ROWS, **list_bench.ROWS, **portal_bench.ROWS, **policy_bench.ROWS, **administration_bench.ROWS,
        **clone_bench.ROWS, **audit_bench.ROWS, **notice_bench.ROWS, **mail_bench.ROWS, "transfer": git_transfer.rows}
UNASKED = [name for name in ROWS if name != "start-10m"]


def main(wanted):
    if {"-h", "--help"} & set(wanted):
        print(f"{__doc__}\nrows: {' '.join(ROWS)}")
        return 0
    if unknown := [name for name in wanted if name not in ROWS]:
        print(f"no such row: {' '.join(unknown)}; there are {' '.join(ROWS)}", file=sys.stderr)
        return 2
    if os.cpu_count() < 2:
        print("server and generator need a core each; this machine has one", file=sys.stderr)
        return 2
    rows = []
    for name in wanted or UNASKED:
        say(name)
        rows += ROWS[name]()
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
