"""How the lines of a sheet are written for paper and for keying: what may stand in each box."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from rules.data import plain
from rules.scheme_nodes import Aspect, AspectKind, Deduction, Given
from rules.seats import Line
from rules.sheets import in_seconds
from rules.texts import N_

Say = Callable[[str], str]


@dataclass(frozen=True)
class WrittenLine:
    """One line in words; with options a box stands before each of them, else one for a number."""

    key: str
    title: str
    note: str
    asks: str
    options: tuple[tuple[str, str], ...] = ()


def written(line: Line, say: Say) -> WrittenLine:
    """Put a line into words in the reader's language."""
    title = said(line.title, say)
    if isinstance(line, Given):
        return WrittenLine(
            line.key, said(line.title, say), _time_note(line, say), _steps(line, say)
        )
    if isinstance(line, Deduction):
        return WrittenLine(line.key, said(line.title, say), "", _count(line, say))
    note = " ".join(text for text in (line.requirement, line.detail) if text)
    asks = _ASKS.get(line.kind, _reading)(line, say)
    return WrittenLine(line.key, title, note, asks, _options(line, say))


def said(title: str, say: Say) -> str:
    """Translate a title where it is one of the usual ones (Theory, Practical)."""
    return " · ".join(say(piece) for piece in title.split(" · ")) if title else ""


def _steps(line: Given | Aspect, say: Say) -> str:
    bounds = {"minimum": plain(line.minimum), "maximum": plain(line.maximum)}
    return say(_STEPS) % (bounds | {"step": plain(line.step)})


_STEPS = N_("%(minimum)s to %(maximum)s, steps of %(step)s")


def _time_note(line: Line, say: Say) -> str:
    return say(_TIME) if in_seconds(line) else ""


_TIME = N_("seconds, or minutes and seconds such as 12:30")


def _count(line: Deduction, say: Say) -> str:
    if line.effect != "minus":
        return say(N_("how often; blank: none"))
    return say(N_("how often, %(each)s each; blank: none")) % {"each": plain(line.each)}


def _chosen(_line: Aspect, say: Say) -> str:
    return say(N_("tick one"))


def _reading(line: Aspect, say: Say) -> str:
    if in_seconds(line):
        return say(_TIME)
    if line.reading_step is None:
        return say(N_("the reading"))
    return say(N_("the reading, in steps of %(step)s")) % {"step": plain(line.reading_step)}


_ASKS: dict[AspectKind, Callable[[Aspect, Say], str]] = {
    AspectKind.POINTS: _steps,
    AspectKind.MEASUREMENT: _chosen,
    AspectKind.JUDGEMENT: _chosen,
    AspectKind.CHOICE: _chosen,
}


def _options(line: Aspect, say: Say) -> tuple[tuple[str, str], ...]:
    """Return what can be ticked, by the number that is keyed for it."""
    if line.kind is AspectKind.MEASUREMENT:
        return (("1", say(N_("Met"))), ("0", say(N_("Not met"))))
    if line.kind is AspectKind.JUDGEMENT:
        return tuple((str(number), text) for number, text in enumerate(line.ladder))
    if line.kind is AspectKind.CHOICE:
        return tuple((str(number), one.label) for number, one in enumerate(line.options))
    return ()


def value_text(line: WrittenLine, value: Decimal | None) -> str:
    """Write a value as people read it: an option by its number and words, none as a dash."""
    if value is None:
        return "–"
    shown = plain(value)
    return next((f"{shown} {text}" for number, text in line.options if number == shown), shown)
