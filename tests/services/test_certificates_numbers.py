"""Numbers of certificates: each once for ever, whatever becomes of the rows that bear them."""

import pytest
from sqlalchemy import delete, select

from models.certificates import Certificate
from models.database import db
from models.issuing import SerialCounter, TakenNumber
from rules.numbering_schemes import NumberPart, NumberScheme, SerialScope
from rules.plans import EditionRules
from rules.refusals import Missing
from rules.states import NumberState
from services import certificates_issuing, certificates_numbers, issuing_lists
from services.acting import Actor
from services.issuing_lists import WantedNumbers
from tests.builders import Builder
from tests.results_story import AFTER, Story

BY = Actor(None, AFTER)
_YEAR = NumberScheme(
    parts=(NumberPart.YEAR, NumberPart.SERIAL, NumberPart.CHECK),
    separator="",
    serial_width=6,
    scope=SerialScope.YEAR,
)


def _story(build: Builder, scheme: NumberScheme | None = None) -> Story:
    rules = EditionRules() if scheme is None else EditionRules(certificate_numbers=scheme)
    story = Story(build, edition=rules)
    story.contest.code, story.event.code = "JS2026", "01"
    story.field(["90", "80", "70"])
    story.final()
    return story


def _take(story: Story) -> list[str]:
    due = certificates_issuing.due_of(story.contest.id)
    numbers = certificates_numbers.take_part(BY, [one.series for one in due])
    db.session.commit()
    return [number[:-2] for number in numbers]


def test_numbers_go_on_where_they_were_though_all_rows_are_gone(build: Builder) -> None:
    story = _story(build)
    assert _take(story) == [
        "JN-2026-JS-01-1-0001-",
        "JN-2026-JS-01-2-0001-",
        "JN-2026-JS-01-2-0002-",
    ]
    db.session.execute(delete(TakenNumber))
    db.session.execute(delete(Certificate))
    db.session.commit()
    assert _take(story)[1:] == ["JN-2026-JS-01-2-0003-", "JN-2026-JS-01-2-0004-"]


def test_the_register_alone_keeps_a_number_from_being_given_out_again(build: Builder) -> None:
    story = _story(build)
    first = _take(story)
    db.session.execute(delete(SerialCounter))
    db.session.commit()
    assert _take(story)[0] == "JN-2026-JS-01-1-0002-"
    assert len(first) == 3


def test_a_scheme_of_the_edition_shapes_its_numbers(build: Builder) -> None:
    story = _story(build, _YEAR)
    assert _take(story) == ["2026000001", "2026000002", "2026000003"]


def test_what_an_act_took_that_failed_is_free_again(build: Builder) -> None:
    story = _story(build)
    due = certificates_issuing.due_of(story.contest.id)
    before = certificates_numbers.take_part(BY, [due[0].series])
    db.session.rollback()
    due = certificates_issuing.due_of(story.contest.id)
    assert certificates_numbers.take_part(BY, [due[0].series]) == before


def test_a_void_number_stays_in_the_register_with_its_reason(build: Builder) -> None:
    story = _story(build)
    _take(story)
    number = db.session.scalars(select(TakenNumber.number).order_by(TakenNumber.id)).first() or ""
    certificates_numbers.void_part(BY, number, "纸张损坏")
    db.session.commit()
    (entry,) = issuing_lists.list_numbers(WantedNumbers(state=NumberState.VOID)).items
    assert (entry.taken.number, entry.taken.reason, entry.certificate) == (number, "纸张损坏", None)
    assert issuing_lists.list_numbers(WantedNumbers(q="损坏")).total == 1
    assert issuing_lists.list_numbers(WantedNumbers(contests=frozenset({-1}))).total == 0
    assert len(list(issuing_lists.each_number(WantedNumbers()))) == 3
    with pytest.raises(Missing):
        certificates_numbers.void_part(BY, "JN-1", "纸张损坏")
