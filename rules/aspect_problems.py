"""What can be wrong with one aspect: its marks, its ladder, its options, its bands."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

from rules.data import plain
from rules.refusals import Refused
from rules.scheme_nodes import Aspect, AspectKind
from rules.texts import N_


def aspect_problems(aspect: Aspect) -> Iterator[Refused]:
    """Yield everything that contradicts itself in one aspect."""
    if aspect.maximum <= aspect.minimum:
        text = N_("The highest mark of %(aspect)s must be above 0.")
        lowest = N_("The lowest mark of %(aspect)s must lie below its highest.")
        yield _refused(aspect, lowest if aspect.minimum else text)
    yield from _KINDS.get(aspect.kind, _nothing)(aspect)


def _refused(aspect: Aspect, text: str, **params: object) -> Refused:
    return Refused(text, field=aspect.key, aspect=aspect.title, **params)


def _nothing(_aspect: Aspect) -> Iterator[Refused]:
    return iter(())


def _points(aspect: Aspect) -> Iterator[Refused]:
    if not _divides(aspect.step, aspect.maximum - aspect.minimum):
        text = N_("The highest mark of %(aspect)s (%(maximum)s) is not a multiple of %(step)s.")
        amounts = {"maximum": plain(aspect.maximum), "step": plain(aspect.step)}
        yield _refused(aspect, text, **amounts)


def _divides(step: Decimal, maximum: Decimal) -> bool:
    return step > 0 and maximum % step == 0


def _ladder(aspect: Aspect) -> Iterator[Refused]:
    levels = aspect.top + 1
    if aspect.top < 1:
        yield _refused(aspect, N_("The ladder of %(aspect)s needs at least two levels."))
    elif len(aspect.ladder) != levels:
        if levels == 4:
            text = N_("%(aspect)s needs four descriptions, one for each of 0, 1, 2 and 3.")
        else:
            text = N_("%(aspect)s needs %(levels)s descriptions, one for each level.")
        yield _refused(aspect, text, levels=levels)
    if aspect.awards and len(aspect.awards) != levels:
        yield _refused(aspect, N_("%(aspect)s needs one award for each level."))
    yield from _award_problems(aspect, aspect.awards)


def _award_problems(aspect: Aspect, awards: tuple[Decimal, ...]) -> Iterator[Refused]:
    if any(not aspect.minimum <= award <= aspect.maximum for award in awards):
        text = N_("An award of %(aspect)s lies outside %(minimum)s and its highest mark.")
        yield _refused(aspect, text, minimum=plain(aspect.minimum))


def _deviation(aspect: Aspect) -> Iterator[Refused]:
    if aspect.difference <= 0 or aspect.tolerance < 0 or aspect.deduction < 0:
        text = N_("%(aspect)s needs a difference above 0, and no tolerance or deduction below 0.")
        yield _refused(aspect, text)
    yield from _reading(aspect)


def _reading(aspect: Aspect) -> Iterator[Refused]:
    if aspect.reading_step is not None and aspect.reading_step <= 0:
        yield _refused(aspect, N_("The step of the readings of %(aspect)s must be above 0."))


def _choice(aspect: Aspect) -> Iterator[Refused]:
    labels = [option.label for option in aspect.options]
    if not labels or len(set(labels)) < len(labels):
        yield _refused(aspect, N_("%(aspect)s needs options, each with its own name."))
    yield from _award_problems(aspect, tuple(option.award for option in aspect.options))


def _bands(aspect: Aspect) -> Iterator[Refused]:
    bands = aspect.bands
    if not bands or bands[0].above is not None or bands[-1].up_to is not None:
        text = N_("The bands of %(aspect)s must begin and end without a limit.")
        yield _refused(aspect, text)
    for one, following in pairwise(bands):
        if one.up_to is None or following.above is None or one.up_to > following.above:
            yield _band_problem(aspect, N_("The bands of %(aspect)s overlap at %(at)s."), one.up_to)
        elif one.up_to < following.above:
            yield _band_problem(
                aspect, N_("The bands of %(aspect)s leave a gap at %(at)s."), one.up_to
            )
    for band in bands:
        if band.above is not None and band.up_to is not None and band.above >= band.up_to:
            text = N_("The bands of %(aspect)s are empty or reversed at %(at)s.")
            yield _band_problem(aspect, text, band.up_to)
    yield from _award_problems(aspect, tuple(band.award for band in bands))
    yield from _reading(aspect)


def _band_problem(aspect: Aspect, text: str, at: Decimal | None) -> Refused:
    return _refused(aspect, text, at="–" if at is None else plain(at))


_KINDS: dict[AspectKind, Callable[[Aspect], Iterator[Refused]]] = {
    AspectKind.POINTS: _points,
    AspectKind.JUDGEMENT: _ladder,
    AspectKind.DEVIATION: _deviation,
    AspectKind.CHOICE: _choice,
    AspectKind.BANDS: _bands,
}
