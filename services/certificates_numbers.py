"""Numbers of certificates: given out in order, each once for ever, every one in the register."""

import re
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError

from models.certificates import Certificate
from models.contests import Contest, Event
from models.database import db
from models.issuing import SerialCounter, TakenNumber
from rules.numbering_schemes import LONGEST, NumberFacts, NumberScheme
from rules.plans import EditionRules
from rules.refusals import Missing
from rules.states import NumberState
from services.acting import Actor

NUMBER_LENGTH = LONGEST
HONOUR_SIGN = "H"


class Series(NamedTuple):
    """Certificates that are numbered together: of a contest, an event and a group within it.

    Papers of no event, such as those for employers, have 00 in its place. A group is the order of
    a tier, or the sign of another kind of paper.
    """

    contest: Contest
    event: Event | None
    group: str


def take_part(by: Actor, wanted: Sequence[Series], run_id: int | None = None) -> list[str]:
    """Part: take a number for each out of its series, and enter them all in the register.

    A series is locked until the act ends, so nobody else takes from it meanwhile; an act that
    fails gives nothing out. What stands in the register is passed over, whoever put it there.
    """
    named = [(scheme_of(one.contest), facts_of(one)) for one in wanted]
    places = defaultdict[str, list[int]](list)
    for place, (scheme, facts) in enumerate(named):
        places[scheme.series(facts)].append(place)
    found = dict[int, str]()
    for series in sorted(places):  # always in the same order, so that no two acts wait in a ring
        mine = places[series]
        found |= zip(mine, _free(series, [named[place] for place in mine]), strict=True)
    numbers = [found[place] for place in range(len(wanted))]
    db.session.add_all(
        TakenNumber(
            number=number,
            contest_id=one.contest.id,
            run_id=run_id,
            state=NumberState.ISSUED,
            taken_at=by.now,
        )
        for number, one in zip(numbers, wanted, strict=True)
    )
    db.session.flush()
    return numbers


def void_part(by: Actor, number: str, reason: str) -> None:
    """Part: mark a number as void; it stays in the register and is never given out again."""
    row = db.session.scalar(select(TakenNumber).where(TakenNumber.number == number))
    if row is None:
        raise Missing(number)
    row.state, row.reason = NumberState.VOID, reason
    row.voided_at, row.voided_by_id = by.now, by.account_id


def is_void() -> ColumnElement[bool]:
    """Return the condition that the number of a certificate is void."""
    void = select(TakenNumber.id).where(
        TakenNumber.number == Certificate.number, TakenNumber.state == NumberState.VOID
    )
    return void.correlate(Certificate).exists()


def scheme_of(contest: Contest) -> NumberScheme:
    """Return how the certificates of a contest are numbered."""
    return EditionRules.model_validate(contest.rules).certificate_numbers


def facts_of(series: Series) -> NumberFacts:
    """Return the codes of a number: those of contest and event, letters and figures only."""
    contest, event, group = series
    return NumberFacts(
        organisation=EditionRules.model_validate(contest.rules).certificate_prefix,
        year=contest.year,
        contest=contest_code(contest),
        kind=group if group.isalpha() else HONOUR_SIGN,
        event="00" if event is None else _code(event.code, 8) or str(event.id),
        tier=group,
    )


def contest_code(contest: Contest) -> str:
    """Return the code of a contest as numbers show it: without the year, which they show apart."""
    return _code(contest.code.replace(str(contest.year), ""), 6) or str(contest.id)


def _code(text: str, longest: int) -> str:
    return "".join(re.findall("[0-9A-Z]", text.upper()))[:longest]


def _free(series: str, named: Sequence[tuple[NumberScheme, NumberFacts]]) -> list[str]:
    """Return the next free number of a series for each; its counter stands behind the last."""
    counter = _locked(series)
    start = counter.last
    made = [scheme.number(facts, start + n) for n, (scheme, facts) in enumerate(named, 1)]
    if not _taken(made):
        counter.last += len(made)
        return made
    found = []
    for scheme, facts in named:
        number = ""
        while not number or _taken([number]):
            counter.last += 1
            number = scheme.number(facts, counter.last)
        found.append(number)
    return found


def _taken(numbers: Sequence[str]) -> bool:
    query = select(TakenNumber.id).where(TakenNumber.number.in_(numbers))
    return db.session.scalar(query.limit(1)) is not None


def _locked(series: str) -> SerialCounter:
    query = select(SerialCounter).where(SerialCounter.series == series).with_for_update()
    query = query.execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is not None:
        return found
    # Another act may begin the series in this very moment.
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.add(SerialCounter(series=series, last=0))
    return db.session.scalars(query).one()
