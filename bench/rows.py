"""A row of the performance table: what was measured, beside what, against which target.

Peers are measured in turn, round by round, so that a machine which is slow for a while is slow for all of them; what
counts is the ratio inside a round. The table shows the median round and, beside it, the least and the greatest.
"""
import statistics
import sys
from dataclasses import dataclass


@dataclass
class Row:
    what: str
    ours: str
    peer: str = ""
    figure: str = ""     # the ratio or bound, and its spread
    target: str = ""
    met: bool | None = None  # None: no target

    def cells(self):
        verdict = {True: "met", False: "missed", None: ""}[self.met]
        return [self.what, self.ours, self.peer, self.figure, self.target, verdict]


@dataclass(order=True)
class Rate:
    """Requests a second by the wall's clock, and what the server's processes spent on each."""
    per_second: float
    cpu_micros: float

    def __str__(self):
        return f"{self.per_second:,.0f}/s ({self.cpu_micros:.1f} µs)"


HEADINGS = ["what", "Latchkey", "beside", "figure (min–max)", "target", ""]


def table(rows):
    """The rows as a Markdown table."""
    lines = [HEADINGS, ["---"] * len(HEADINGS), *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def say(text):
    print(text, file=sys.stderr, flush=True)


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def interleaved(rounds, **measures):
    """name → its values, of so many rounds; each round begins with another one."""
    values = {name: [] for name in measures}
    names = list(measures)
    for n in range(rounds):
        turn = names[n % len(names):] + names[:n % len(names)]
        for name in turn:
            values[name].append(measures[name]())
        say(f"    round {n + 1}: " + ", ".join(f"{name} {values[name][-1]}" for name in names))
    return values


def ratio_row(what, ours, peer, target, peer_name):
    """Rates: ours ÷ peer's, round by round. The CPU's ratio is less disturbed by what else the machine does."""
    ratios = [mine.per_second / other.per_second for mine, other in zip(ours, peer, strict=True)]
    cheaper = [other.cpu_micros / mine.cpu_micros for mine, other in zip(ours, peer, strict=True)]
    return Row(what, str(statistics.median_high(ours)), f"{peer_name} {statistics.median_high(peer)}",
               f"{spread(ratios)} ×; by CPU {spread(cheaper)} ×", f"≥ {target} ×", statistics.median(ratios) >= target)
