"""The printout of all marks by work code, as the clerk compares it with the paper (R2.24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.contests import Event
from rules.seats import Bench, Line, bench_of, benches
from rules.sheets import running_total
from rules.signoffs import Chain, Step, step_before
from services import contests
from services.signoffs import read_chain
from services.signoffs_sheets import SheetFacts, read_sheets


@dataclass(frozen=True)
class PrintLine:
    """One sheet on the printout: its code, its seat, its marks and their sum."""

    sheet: SheetFacts
    marks: tuple[tuple[Line, str], ...]
    total: Decimal


@dataclass(frozen=True)
class PrintedBench:
    """The sheets of one part."""

    bench: Bench
    digest: str
    lines: tuple[PrintLine, ...]


@dataclass(frozen=True)
class Printout:
    """All parts that somebody signs for, with the digest of the whole."""

    digest: str
    benches: tuple[PrintedBench, ...]


def get_printout(event: Event, leader_id: int | None = None) -> Printout:
    """Return the marks by code; for the head of a group those of his part only."""
    sheets = read_sheets(event.id)
    found = read_chain(event, sheets)
    scheme = contests.scheme_of(event)
    digests = {one.part: one.digest for one in found.benches}
    led = {one.part for one in found.benches if one.leader == leader_id}
    printed = []
    for bench in benches(scheme):
        own = [one for one in sheets if one.part == bench.key and one.competes]
        if own and (leader_id is None or bench.key in led):
            lines = tuple(_line(bench, one, scheme.digits) for one in own)
            printed.append(PrintedBench(bench, digests[bench.key], lines))
    return Printout(found.digest, tuple(printed))


def _line(bench: Bench, sheet: SheetFacts, digits: int) -> PrintLine:
    layout = bench.layout(sheet.number)
    values = {key: Decimal(text) for key, text in sheet.marks.items()}
    marks = tuple((line, sheet.marks[line.key]) for line in layout.lines if line.key in values)
    return PrintLine(sheet, marks, running_total(layout, values, digits))


def choices_before(
    event: Event, found: Chain, step: Step, part: str
) -> tuple[list[tuple[str, str]], Sequence[int]]:
    """Return the parts and seats that can be chosen where a step is sent back to the marks."""
    steps = found.steps
    if step not in steps[1:] or step_before(steps, step) not in (Step.JUDGE, Step.GROUP):
        return [("", "–")], []  # there is one confirmation before it, and nothing to choose
    scheme = contests.scheme_of(event)
    keys = [one.part for one in found.benches if step is not Step.GROUP or one.part == part]
    titles = {one.part: one.title for one in found.benches}
    numbers = {n for key in keys for n in bench_of(scheme, key).seats}
    return [(key, titles[key]) for key in keys], sorted(numbers)
