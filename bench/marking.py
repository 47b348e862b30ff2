"""100,000 marks to ranked and explained results, beside a bare NumPy computation in floats."""

import gc
import time
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from resource import RUSAGE_SELF, getrusage
from statistics import median

import numpy

from rules.explanations import explain_all
from rules.live import LiveEvent
from rules.marks import JudgeMarks
from rules.outcomes import outcome
from rules.plans import EventPlan
from rules.ranking import TieBreak
from rules.schemes import Aspect, Panel, Part, Scheme, Section
from rules.stages import Starter
from services.score_running import without_collector

ENTRIES, ASPECTS, JUDGES = 1_000, 20, 5
MARKS, ROUNDS = ENTRIES * ASPECTS * JUDGES, 3
TIE = (TieBreak(kind="part", key="work"),)
PLAN = EventPlan(tie_breaks=TIE)


def run() -> Iterator[str]:
    """Measure both ways of combining judges, the growth, memory, and one changed mark."""
    starters = make_starters(ENTRIES)
    yardstick = min(numpy_seconds(starters) for _ in range(ROUNDS))
    for mode in ("part", "aspect"):
        seconds = min(whole(make_scheme(mode), starters) for _ in range(ROUNDS))
        yield (
            f"marking_{mode} {seconds / yardstick:.0f} times bare NumPy floats "
            f"({seconds:.2f} s for {MARKS} marks, explained; 2 s are allowed)"
        )
    yield live(starters)
    used = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    yield f"marking_memory {used / 300:.2f} of the 300 MB allowed ({used:.0f} MB)"
    del starters
    many = make_starters(10 * ENTRIES)
    larger = min(whole(make_scheme("aspect"), many) for _ in range(2))
    yield f"marking_growth {larger / seconds:.1f} for ten times the marks (11 are allowed)"


def live(starters: list[Starter]) -> str:
    """Measure a changed mark, the new places included."""
    event = LiveEvent(make_scheme("part"), TIE, starters)
    times = []
    for entry in range(0, ENTRIES, 50):
        sheets = [JudgeMarks(s.judge, dict(s.marks)) for s in starters[entry].marks["work"]]
        sheets[0] = JudgeMarks(1, {**sheets[0].marks, "a0": Decimal(0)})
        start = time.process_time()
        event.change(entry, "work", sheets)
        event.places()
        times.append(time.process_time() - start)
    milliseconds = median(times) * 1000
    return f"marking_live {milliseconds / 5:.2f} of the 5 ms allowed ({milliseconds:.2f} ms)"


def make_scheme(mode: str) -> Scheme:
    """Make one part of many aspects that five judges mark."""
    aspects = [Aspect(key=f"a{n}", title=f"Aspect {n}", maximum=Decimal(5)) for n in range(ASPECTS)]
    section = Section(key="all", title="All", aspects=tuple(aspects))
    panel = Panel(judges=JUDGES, minimum=JUDGES, drop_high=1, drop_low=1).model_copy(
        update={"combine_at": mode}
    )
    part = Part(key="work", title="Work", weight=Decimal(100), sections=(section,), panel=panel)
    return Scheme(title="Bench", parts=(part,))


def make_starters(count: int) -> list[Starter]:
    """Make random marks for so many entries."""
    random = Random(1)
    marks = [Decimal(n) / 2 for n in range(11)]
    return [
        Starter(
            entry,
            {
                "work": [
                    JudgeMarks(judge, {f"a{n}": random.choice(marks) for n in range(ASPECTS)})
                    for judge in range(1, JUDGES + 1)
                ]
            },
        )
        for entry in range(count)
    ]


def whole(scheme: Scheme, starters: list[Starter]) -> float:
    """Compute, rank and explain everything; return the seconds."""
    gc.collect()
    start = time.process_time()
    with without_collector():
        explained = explain_all(outcome(scheme, PLAN, starters))
    seconds = time.process_time() - start
    if len(explained) != len(starters):
        raise AssertionError("somebody was forgotten")
    return seconds


def numpy_seconds(starters: list[Starter]) -> float:
    """Compute the same trimmed means in floats from ready arrays; return the seconds."""
    sheets = [[[float(v) for v in s.marks.values()] for s in e.marks["work"]] for e in starters]
    marks = numpy.array(sheets)
    start = time.process_time()
    totals = numpy.sort(marks, axis=1)[:, 1:-1].mean(axis=1).sum(axis=1)
    numpy.argsort(-totals)
    return time.process_time() - start
