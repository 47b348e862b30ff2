"""The register of honours: filled when results are final, corrected, revoked, counted."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.certificates import Certificate
from models.database import db
from models.honours import Honour
from models.results import Revision
from rules.appeals import Filer
from rules.honours import Facts, HonourKind, HonourLevel, HonourVia
from rules.refusals import Missing, Refused
from rules.states import CertificateState, EventState, HonourState, RevisionState
from services import appeals, certificates, honours, honours_lists, notices, results
from services.acting import Actor
from services.appeals import Ending
from services.honours_lists import Wanted
from tests.builders import Builder
from tests.results_story import AFTER, NOW, Story
from tests.services.test_appeals import filing

ELSEWHERE = Facts(
    title="浙江省技术能手",
    kind=HonourKind.TITLE,
    level=HonourLevel.PROVINCE,
    granted_by="浙江省人力资源和社会保障厅",
    granted_on=date(2024, 5, 6),
    programme="2024年浙江省职业技能大赛",
    via=HonourVia.CONTEST,
    document="浙人社发〔2024〕15 号",
    of_company=True,
)


@pytest.fixture
def story(build: Builder) -> Story:
    """A final event with three winners, the first the Skills Star."""
    found = Story(build)
    found.field(["95", "85", "75"], employer_id=build.employer().id)
    found.final()
    return found


def staff(story: Story) -> Actor:
    return story.actor("bureau_staff", AFTER)


def rows(**wanted: Any) -> list[Honour]:
    query = select(Honour).filter_by(**wanted).order_by(Honour.id)
    return list(db.session.scalars(query))


def refused(act: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **more)
    return str(caught.value)


def test_the_close_of_a_notice_fills_the_register(story: Story) -> None:
    found = [(one.title, one.kind, one.state) for one in rows()]
    standing = HonourState.STANDING
    assert found == [
        ("First prize", HonourKind.PRIZE, standing),
        ("Second prize", HonourKind.PRIZE, standing),
        ("Second prize", HonourKind.PRIZE, standing),
        ("Skills Star", HonourKind.TITLE, standing),
    ]
    first = rows()[0]
    assert first.granted_by == "慈溪市人力资源和社会保障局、慈溪市总工会"
    assert (first.level, first.via, first.of_company) == ("city", "contest", True)
    assert first.programme == story.contest.title


def test_nothing_is_registered_before_the_notice_is_over(build: Builder) -> None:
    story = Story(build)
    story.field(["95"])
    story.posted()
    assert rows() == []
    assert "everything that final results give" in refused(
        honours.bring_up, staff(story), story.contest.id
    )


def test_bringing_up_twice_adds_nothing(story: Story) -> None:
    assert "everything" in refused(honours.bring_up, staff(story), story.contest.id)
    assert len(rows()) == 4


def test_a_replaced_revision_supersedes_and_the_new_one_counts(story: Story) -> None:
    # A correction of final results comes with objections; here its effect on the register alone.
    story.event.state = EventState.REVIEW
    db.session.commit()
    second = results.compute(story.actor("organizer", AFTER), story.event.id)
    results.sign(story.actor("supervisor", AFTER), second)
    story.event.state = EventState.FINAL
    db.session.commit()
    states = [one.state for one in db.session.scalars(select(Revision).order_by(Revision.id))]
    assert states == [RevisionState.SUPERSEDED, RevisionState.SIGNED]
    honours.bring_up(staff(story), story.contest.id)
    assert len(rows(state=HonourState.SUPERSEDED)) == 4
    assert len(rows(state=HonourState.STANDING)) == 4
    person = rows()[0].person_id
    assert [one.title for one in honours.of_person(person)] == ["Skills Star", "First prize"]


def test_who_has_an_open_appeal_comes_in_later(build: Builder) -> None:
    story = Story(build)
    entries = story.field(["95", "85"])
    appeals.end_event(story.actor("organizer"), story.event.id, Ending(ended_at=NOW))
    notice = story.posted()
    appeal = appeals.file_appeal(story.actor("organizer"), entries[1].id, filing())
    notices.close(staff(story), notice)
    assert {one.entry_id for one in rows()} == {entries[0].id}
    assert honours.waiting_contests(None) == []
    appeals.withdraw(story.actor("organizer"), appeal, Filer.LEADER)
    assert honours.waiting_contests(None) == [(story.contest.id, story.contest.title)]
    honours.bring_up(staff(story), story.contest.id)
    assert {one.entry_id for one in rows()} == {one.id for one in entries}


def test_a_revoked_honour_takes_its_certificate_along(story: Story) -> None:
    certificates.issue(staff(story), story.contest.id)
    first, star = rows()[0], rows(title="Skills Star")[0]
    honours.revoke(staff(story), star.id, reason="冒名顶替", whole=True)
    assert {one.state for one in rows(entry_id=first.entry_id)} == {HonourState.REVOKED}
    states = dict(db.session.execute(select(Certificate.person_id, Certificate.state)).all())
    assert states[first.person_id] is CertificateState.REVOKED
    assert list(states.values()).count(CertificateState.ISSUED) == 2
    found = db.session.scalars(select(Certificate).filter_by(person_id=first.person_id)).one()
    assert found.revoked_reason == "冒名顶替"


def test_a_revoked_honour_does_not_come_back(story: Story) -> None:
    honours.revoke(staff(story), rows()[0].id, reason="材料不实")
    assert "everything" in refused(honours.bring_up, staff(story), story.contest.id)
    assert len(rows(title="First prize")) == 1


def test_one_honour_alone_can_be_revoked(story: Story) -> None:
    honours.revoke(staff(story), rows(title="Skills Star")[0].id, reason="称号撤销")
    assert rows(title="First prize")[0].state is HonourState.STANDING


def test_an_honour_from_elsewhere_needs_a_second_person(story: Story, build: Builder) -> None:
    person, by = build.person(), staff(story)
    key = honours.record_external(by, person.id, ELSEWHERE)
    assert honours.of_person(person.id, standing=True) == []
    assert "Somebody else must confirm" in refused(honours.confirm, by, key)
    honours.confirm(staff(story), key)
    (found,) = honours.of_person(person.id, standing=True)
    assert (found.title, found.document, found.year) == (ELSEWHERE.title, ELSEWHERE.document, 2024)


def test_the_database_itself_holds_the_second_person(story: Story, build: Builder) -> None:
    key = honours.record_external(staff(story), build.person().id, ELSEWHERE)
    row = db.session.get_one(Honour, key)
    row.confirmed_by_id = row.recorded_by_id
    with pytest.raises(Exception, match="second_person"):
        db.session.flush()
    db.session.rollback()


def test_an_unproved_honour_is_rejected(story: Story, build: Builder) -> None:
    person = build.person()
    key = honours.record_external(staff(story), person.id, ELSEWHERE)
    honours.reject(staff(story), key, reason="文号查无此件")
    assert honours.of_person(person.id) == []
    honours.record_external(staff(story), person.id, ELSEWHERE)  # with better proof


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"granted_on": date(2027, 1, 1)}, "future"),
        ({"granted_on": date(1900, 1, 1)}, "Is this day right"),
        ({"document": ""}, "Name the document"),
    ],
)
def test_facts_that_cannot_be_are_refused(
    story: Story, build: Builder, change: dict[str, Any], told: str
) -> None:
    facts = replace(ELSEWHERE, **change)
    assert told in refused(honours.record_external, staff(story), build.person().id, facts)


def test_the_same_honour_of_the_same_day_is_recorded_once(story: Story, build: Builder) -> None:
    person = build.person()
    honours.record_external(staff(story), person.id, ELSEWHERE)
    told = refused(honours.record_external, staff(story), person.id, ELSEWHERE)
    assert "this honour of this day already" in told
    with pytest.raises(Missing):
        honours.record_external(staff(story), 999_999, ELSEWHERE)


def test_persons_and_person_times_are_counted_apart(story: Story) -> None:
    assert honours_lists.totals(Wanted()) == (3, 4, 3, 4)
    assert honours_lists.totals(Wanted(kind=HonourKind.TITLE)) == (1, 1, 1, 1)
    assert honours_lists.totals(Wanted(title="Second prize", of_company=True)) == (2, 2, 2, 2)
    assert honours_lists.totals(Wanted(year=1999)) == (0, 0, 0, 0)
    assert honours_lists.list_honours(Wanted(q=rows()[0].person.name)).total == 2
    assert honours_lists.list_honours(Wanted(within=frozenset())).total == 0


def test_students_are_no_company_staff(build: Builder) -> None:
    story = Story(build)
    story.field(["95"], division=1, employer_id=build.employer().id)
    story.final()
    assert honours_lists.totals(Wanted(kind=HonourKind.PRIZE)) == (1, 1, 0, 0)


def test_holders_of_a_title_are_found_by_level_and_day(story: Story, build: Builder) -> None:
    person = build.person()
    key = honours.record_external(staff(story), person.id, ELSEWHERE)
    assert honours.holders([ELSEWHERE.title]) == set()
    honours.confirm(staff(story), key)
    assert honours.holders([ELSEWHERE.title]) == {person.id}
    assert honours.holders([ELSEWHERE.title], HonourLevel.CITY) == {person.id}
    assert honours.holders([ELSEWHERE.title], HonourLevel.NATIONAL) == set()
    assert honours.holders([ELSEWHERE.title], since=date(2025, 1, 1)) == set()


def test_the_export_is_true_to_names_and_holds_no_identity_number(build: Builder) -> None:
    story = Story(build)
    person = build.person(name="=cmd|A1")
    story.entry("90", "90", person=person)
    story.final()
    made = honours_lists.export(staff(story), Wanted(), str, str)
    book = openpyxl.load_workbook(io.BytesIO(made))
    values = [str(cell.value) for row in book.worksheets[0] for cell in row]
    assert "=cmd|A1" in values and person.id_number not in " ".join(values)
    assert {cell.data_type for row in book.worksheets[0] for cell in row} <= {"s", "n", "d"}
    record = db.session.scalars(select(AuditRecord).filter_by(action="export")).one()
    assert record.after == {"rows": 2}
