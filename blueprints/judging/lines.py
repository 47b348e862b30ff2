"""How the lines of a sheet are written: what each asks for, what it is worth, what it costs."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from flask_babel import gettext

from blueprints.labels import label
from rules.data import plain
from rules.exact import rounded
from rules.judges import SeatDuty
from rules.scheme_nodes import Aspect, AspectKind, Band, Deduction, Given
from rules.seats import RECORDER, Line, duty_of, order_beside
from rules.sheets import in_seconds, puts_out, worth
from services.sheets import StoredMark

_EXACT_PLACES = 4


def line_kind(line: Line) -> str:
    """Return the kind of an aspect, or "given" or "deduction"."""
    if isinstance(line, Aspect):
        return line.kind.value
    return "given" if isinstance(line, Given) else "deduction"


def seat_name(number: int) -> str:
    """Name a seat of a bench."""
    if number == RECORDER:
        return str(gettext("recorder"))
    duty = duty_of(number)
    if duty is not SeatDuty.MEMBER:
        return f"{label(duty)} {order_beside(number)}"
    return str(gettext("seat %(number)s", number=number))


def seat_short(number: int) -> str:
    """Name a seat of a bench as briefly as a column asks."""
    return str(number) if duty_of(number) is SeatDuty.MEMBER and number else seat_name(number)


def exact_worth(line: Line, value: Decimal | int) -> str:
    """Write what a value is worth as a fraction for the page's script; empty when nothing is."""
    found = worth(line, Decimal(value))
    return "" if found is None else f"{found.numerator}/{found.denominator}"


def shown_worth(line: Line, value: Decimal | int) -> str:
    """Write what a value is worth for people; a number that never ends is cut and says so."""
    found = worth(line, Decimal(value))
    return "" if found is None else shown(found)


def shown(value: Fraction) -> str:
    """Write a fraction as people do."""
    text = plain(rounded(value.as_integer_ratio(), _EXACT_PLACES, "half_up"))
    return text if Fraction(text) == value else f"≈ {text}"


def worth_text(line: Line, value: Decimal) -> str:
    """Say beside a typed value what it means."""
    if puts_out(line, value):
        return str(gettext("So many put the entry out of the contest: it gets no place."))
    said = [clock(value)] if in_seconds(line) else []
    if isinstance(line, Aspect):
        said.append(gettext("worth %(marks)s", marks=shown_worth(line, value)))
    elif isinstance(line, Deduction) and line.effect == "minus" and value:
        said.append(gettext("costs %(marks)s", marks=shown_worth(line, value).replace("-", "−")))
    return " · ".join(said)


def clock(seconds: Decimal) -> str:
    """Write seconds as hours, minutes and seconds."""
    whole, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(int(whole), 60)
    tail = plain(rest)
    tail = f"0{tail}" if rest < 10 else tail
    sign = "−" if seconds < 0 else ""
    return f"{sign}{hours}:{minutes:02}:{tail}" if hours else f"{sign}{minutes}:{tail}"


def mark_text(line: Line, mark: StoredMark | None) -> str:
    """Write a stored mark in the words of its aspect."""
    if mark is None:
        return "–"
    if isinstance(line, Aspect) and line.kind is AspectKind.MEASUREMENT:
        return str(gettext("Met") if mark.value else gettext("Not met"))
    if isinstance(line, Aspect) and line.kind is AspectKind.CHOICE:
        return line.options[int(mark.value)].label
    return plain(mark.value)


def asks(line: Line) -> str:
    """Say in a few words what may be entered."""
    if isinstance(line, Given):
        bounds = {"minimum": plain(line.minimum), "maximum": plain(line.maximum)}
        return str(
            gettext(
                "%(minimum)s to %(maximum)s, steps of %(step)s", step=plain(line.step), **bounds
            )
        )
    if isinstance(line, Deduction):
        return str(gettext("blank: none"))
    return _ASKED[line.kind](line)


def _points(aspect: Aspect) -> str:
    if aspect.minimum:
        bounds = {"minimum": plain(aspect.minimum), "maximum": plain(aspect.maximum)}
        return str(gettext("%(minimum)s to %(maximum)s", **bounds))
    return _highest(aspect)


def _highest(aspect: Aspect) -> str:
    return str(gettext("max. %(marks)s", marks=plain(aspect.maximum)))


def target(aspect: Aspect) -> str:
    """Say what should be measured."""
    values = {"target": plain(aspect.target), "tolerance": plain(aspect.tolerance)}
    if not aspect.tolerance:
        return str(gettext("Target %(target)s", **values))
    return str(gettext("Target %(target)s ± %(tolerance)s", **values))


def outside(aspect: Aspect) -> str:
    """Say what a reading outside the tolerance costs."""
    values = {"deduction": plain(aspect.deduction), "difference": plain(aspect.difference)}
    if aspect.counted == "started":
        return str(gettext("outside: −%(deduction)s for each %(difference)s begun", **values))
    if aspect.counted == "full":
        return str(gettext("outside: −%(deduction)s for each full %(difference)s", **values))
    return str(gettext("outside: −%(deduction)s for each %(difference)s, in proportion", **values))


def band_range(band: Band, line: Line) -> str:
    """Write which readings lie in a band."""
    timed = in_seconds(line)
    low, high = _edge(band.above, timed), _edge(band.up_to, timed)
    if band.above is None:
        return f"≤ {high}"
    return f"> {low}" if band.up_to is None else f"> {low} … ≤ {high}"


def _edge(value: Decimal | None, timed: bool) -> str:
    if value is None:
        return ""
    return f"{plain(value)} ({clock(value)})" if timed else plain(value)


def timed(line: Line) -> bool:
    """Say whether a line takes a time such as 12:30."""
    return in_seconds(line)


def below_zero(line: Line) -> bool:
    """Say whether a line may take a number below 0, for which a tablet needs another keyboard."""
    if isinstance(line, Deduction):
        return False
    if isinstance(line, Given) or line.kind is AspectKind.POINTS:
        return line.minimum < 0
    if line.kind is AspectKind.DEVIATION:
        return line.target <= line.tolerance
    return any(band.up_to is not None and band.up_to <= 0 for band in line.bands)


def putting_out(line: Line, value: Decimal) -> bool:
    """Say whether a recorded deduction puts the entry out of the contest."""
    return puts_out(line, value)


def costs(deduction: Deduction) -> list[str]:
    """Say what a recorded deduction does."""
    each = {"each": plain(deduction.each)}
    if deduction.effect == "cap":
        said = [gettext("Once recorded, no more than %(each)s is left.", **each)]
    elif deduction.effect == "zero":
        said = [gettext("Once recorded, nothing is left: 0.")]
    elif deduction.limit is None:
        said = [gettext("−%(each)s each time.", **each)]
    else:
        limit = plain(deduction.limit)
        said = [gettext("−%(each)s each time, at most −%(limit)s together.", limit=limit, **each)]
    if deduction.on == "mark":
        said.append(gettext("Taken from every judge's mark."))
    if deduction.step != 1:
        said.append(gettext("In steps of %(step)s.", step=plain(deduction.step)))
    if deduction.disqualifies_at is not None:
        count = plain(deduction.disqualifies_at)
        said.append(gettext("From %(count)s on: out of the contest, without a place.", count=count))
    return [str(one) for one in said]


_ASKED: dict[AspectKind, Callable[[Aspect], str]] = {
    AspectKind.POINTS: _points,
    AspectKind.MEASUREMENT: lambda _aspect: str(gettext("1 met, 0 not met")),
    AspectKind.JUDGEMENT: lambda aspect: f"0–{aspect.top}",
    AspectKind.DEVIATION: target,
    AspectKind.CHOICE: _highest,
    AspectKind.BANDS: _highest,
}
FILTERS = (
    line_kind,
    seat_name,
    seat_short,
    exact_worth,
    shown_worth,
    worth_text,
    mark_text,
    asks,
    target,
    outside,
    band_range,
    costs,
)
TESTS = (timed, below_zero, putting_out)
