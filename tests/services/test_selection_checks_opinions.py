"""Opinions of other bodies: asked by one letter, answered, objections dealt with by two people."""

import io
from datetime import date

import pytest
from docx import Document as read_docx

from models.audits import AuditRecord
from models.database import db
from models.selection_checks import SelectionOpinion
from rules.data import InvalidRules
from rules.refusals import Refused
from rules.selection_conditions import Works
from rules.selection_rounds import Opinion
from rules.selections import ApplicationState, OpinionAnswer, OpinionDealing, Post
from services import selection_checks_opinions as opinions
from services import selection_checks_opinions_lists as lists
from services import selection_checks_papers, selection_checks_verdicts, selections
from services.selection_checks_opinions import Letter
from tests.builders import Builder
from tests.selection_checking import ALL, Checking

NUMBER = "慈人社函〔2026〕12号"
LETTER = Letter("police", NUMBER, date(2026, 3, 5), date(2026, 3, 12))
HEADS = (Works(posts=(Post.UNIT_HEAD,)),)


def asked(build: Builder) -> tuple[Checking, list[int]]:
    rules = (
        Opinion(key="police", title="市公安局"),
        Opinion(key="tax", title="市税务局", about=HEADS),
    )
    it = Checking(build, more={"opinions": rules})
    ids = [it.applied(post=Post.UNIT_HEAD), it.applied(), it.applied(post=None)]
    opinions.ask_opinions(it.on(it.staff), it.round_id, LETTER, ids)
    return it, ids


def of(application: int) -> SelectionOpinion:
    db.session.expire_all()
    query = db.select(SelectionOpinion).where(SelectionOpinion.application_id == application)
    return db.session.scalars(query).one()


def test_many_are_asked_about_at_once_and_the_rule_preselects(build: Builder) -> None:
    it, ids = asked(build)
    round_ = selections.get_round(it.round_id)
    assert lists.list_candidates(round_, "police") == []
    tax = lists.list_candidates(round_, "tax")
    assert [one.about for one in tax] == [True, False, None]
    with pytest.raises(Refused, match="asked about one of them already"):
        opinions.ask_opinions(it.on(it.staff), it.round_id, LETTER, ids[:1])
    (line,) = lists.list_letters(round_)
    assert (line.number, line.asked, line.unanswered) == (NUMBER, 3, 3)
    assert line.is_overdue(date(2026, 3, 13)) and not line.is_overdue(date(2026, 3, 12))


def test_one_objection_then_none_for_all_others(build: Builder) -> None:
    it, ids = asked(build)
    record = opinions.record_answer
    by, day = it.on(it.staff, 8), date(2026, 3, 9)
    with pytest.raises(Refused, match="what the body objects to"):
        record(by, of(ids[0]).id, OpinionAnswer.OBJECTION, day)
    record(by, of(ids[0]).id, OpinionAnswer.OBJECTION, day, "行政拘留记录")
    assert opinions.record_rest(by, it.round_id, "police", NUMBER, day) == 2
    answers = [of(one).answer for one in ids]
    assert answers == [OpinionAnswer.OBJECTION, *[OpinionAnswer.NO_OBJECTION] * 2]
    assert selection_checks_verdicts.objected(ids) == {ids[0]}
    assert lists.standing(ids)[ids[0]] == (0, 1)
    with pytest.raises(Refused, match="answered in part"):
        opinions.take_back_letter(by, it.round_id, "police", NUMBER)


def test_an_objection_stops_the_qualification_until_two_people_dealt_with_it(
    build: Builder,
) -> None:
    it, ids = asked(build)
    day = date(2026, 3, 7)
    opinions.record_answer(it.on(it.staff), of(ids[0]).id, OpinionAnswer.OBJECTION, day, "欠税未缴")
    it.passed(it.clerk, ids[0], "county")
    with pytest.raises(InvalidRules) as refusal:
        it.passed(it.staff, ids[0], "bureau", **ALL)
    assert "Another body objects" in str(refusal.value.problems[0])
    key = of(ids[0]).id
    opinions.propose_dealing(it.on(it.staff), key, OpinionDealing.GO_ON, reason="已补缴")
    with pytest.raises(Refused, match="Somebody else"):
        opinions.agree_dealing(it.on(it.staff), key)
    with pytest.raises(Refused, match="being dealt with"):
        opinions.record_answer(it.on(it.staff), key, OpinionAnswer.NO_OBJECTION, day)
    opinions.reject_dealing(it.on(it.second), key)
    assert of(ids[0]).dealing is None
    opinions.propose_dealing(it.on(it.second), key, OpinionDealing.GO_ON, reason="已补缴，附凭证")
    opinions.agree_dealing(it.on(it.staff), key)
    it.passed(it.staff, ids[0], "bureau", **ALL)
    assert it.application(ids[0]).state is ApplicationState.QUALIFIED


def test_a_stop_refuses_the_application(build: Builder) -> None:
    it, ids = asked(build)
    key, day = of(ids[1]).id, date(2026, 3, 7)
    opinions.record_answer(it.on(it.staff), key, OpinionAnswer.OBJECTION, day, "重大事故责任人")
    opinions.propose_dealing(it.on(it.staff), key, OpinionDealing.STOP, reason="属实")
    opinions.agree_dealing(it.on(it.second), key)
    row = it.application(ids[1])
    assert row.state is ApplicationState.REFUSED
    assert row.reason == "征求意见单位（市公安局）提出异议"


def test_the_letter_masks_numbers_unless_they_are_asked_for_with_a_reason(build: Builder) -> None:
    it, ids = asked(build)
    number = it.application(ids[0]).person.id_number
    letter = lists.get_letter(it.round_id, "police", NUMBER, with_ids=True)

    def words(data: bytes) -> str:
        docx = read_docx(io.BytesIO(data))
        cells = [cell.text for row in docx.tables[0].rows for cell in row.cells]
        return "\n".join([*(one.text for one in docx.paragraphs), *cells])

    masked = words(selection_checks_papers.letter_docx(letter))
    assert number not in masked and NUMBER in masked and "2026年03月12日" in masked
    with pytest.raises(Refused, match="reason"):
        selection_checks_papers.export_ids(
            it.on(it.staff), it.round_id, "police", NUMBER, reason=""
        )
    selection_checks_papers.export_ids(
        it.on(it.staff), it.round_id, "police", NUMBER, reason="公安核查须凭证件号"
    )
    assert number in words(selection_checks_papers.letter_docx(letter, full=True))
    record = db.session.scalars(
        db.select(AuditRecord).where(AuditRecord.action == "export_ids")
    ).one()
    assert record.after == {
        "body": "police",
        "letter": NUMBER,
        "reason": "公安核查须凭证件号",
        "number": 3,
    }
    assert selection_checks_papers.letter_pdf(letter).startswith(b"%PDF")


def test_a_letter_that_nobody_answered_is_taken_back(build: Builder) -> None:
    it, ids = asked(build)
    opinions.take_back_letter(it.on(it.staff), it.round_id, "police", NUMBER)
    assert len(lists.list_candidates(selections.get_round(it.round_id), "police")) == len(ids)
