"""Papers of every kind: who gets one, from when on, what it says, and what becomes of it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.awards import Award, AwardHonour, AwardShare, LevelGrant
from models.certificates import Certificate
from models.database import db
from models.entries import Entry, EntryCoach, EntryMember
from models.judging import Sheet
from models.levels import LevelLine, LevelList
from models.payouts import PayoutClaim
from models.results import Revision
from rules.award_shares import ShareKind
from rules.certificate_kinds import CertificateKind, said_by, sentence_of
from rules.judges import SeatAnswer
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.states import (
    CertificateState,
    EventState,
    LevelListState,
    RevisionState,
    SheetState,
)
from services import (
    certificates,
    certificates_appointments,
    certificates_carried,
    certificates_layouts,
    certificates_lists,
)
from services.certificates_appointments import Call
from services.certificates_issuing import FINDERS, due_of, known_of
from tests.builders import Builder
from tests.pdf_checks import text_of
from tests.results_story import AFTER, NOW, Story

K = CertificateKind


def papers(kind: CertificateKind) -> list[Certificate]:
    query = select(Certificate).where(Certificate.kind == kind).order_by(Certificate.id)
    return list(db.session.scalars(query))


def issue(story: Story, kind: CertificateKind) -> list[Certificate]:
    certificates.issue(story.actor("bureau_staff", AFTER), story.contest.id, str, kind)
    return papers(kind)


def teamed(story: Story, total: str = "90") -> Entry:
    """An entry of two."""
    entry = story.entry(total, total)
    mate = story.build.person()
    row = EntryMember(entry_id=entry.id, event_id=story.event.id, person_id=mate.id, position=2)
    db.session.add(row)
    db.session.commit()
    return entry


def accept(story: Story) -> None:
    """Every judge accepts his seat."""
    for seat in (seat for seats in story.seats.values() for seat in seats):
        seat.answer = SeatAnswer.ACCEPTED
    db.session.commit()


def test_a_team_gets_one_paper_beside_those_of_its_members(build: Builder) -> None:
    story = Story(build)
    entry = teamed(story)
    entry.employer_id = build.employer(title="慈溪电机厂").id
    story.entry("80", "80")
    story.issued()
    (one,) = issue(story, K.TEAM)
    assert one.person_id is None and one.name == "慈溪电机厂代表队"
    assert one.facts["members"] == [member.person.name for member in entry.members]
    assert sentence_of(one.facts).endswith("中荣获团体First prize。")
    counts = {row.kind: row for row in certificates_lists.count_papers(story.contest.id)}
    # three papers of people for two honours, and the team's paper counts no honour anew
    assert (counts[K.HONOUR].number, counts[K.HONOUR].honours) == (3, 2)
    assert (counts[K.TEAM].number, counts[K.TEAM].honours) == (1, 1)
    assert certificates_lists.count_honours(story.contest.id) == 2
    assert counts[K.JUDGE].number == 0


def test_coaches_get_a_paper_when_the_plan_honours_them(build: Builder) -> None:
    story = Story(build)
    entry = story.entry("90", "90")
    coach, other = build.person(), build.person()
    db.session.add_all(
        EntryCoach(entry_id=entry.id, person_id=person.id, position=place)
        for place, person in enumerate((coach, other), start=1)
    )
    db.session.commit()
    story.final()
    assert due_of(story.contest.id, K.COACH) == []
    award = db.session.scalars(select(Award)).one()
    for title in ("优秀指导教师", "金牌教练"):
        db.session.add(
            AwardHonour(award_id=award.id, person_id=coach.id, title=title, granted_by="市总工会")
        )
    db.session.commit()
    (one,) = issue(story, K.COACH)  # one paper for both titles, with the body's own name
    assert one.facts["honours"] == ["优秀指导教师", "金牌教练"]
    assert one.facts["issuers"] == ["市总工会"]
    assert one.facts["trainees"] == [entry.members[0].person.name]
    with pytest.raises(Refused, match="coach"):
        certificates.issue(story.actor("bureau_staff", AFTER), story.contest.id, str, K.COACH)


def test_whoever_competed_gets_a_paper_of_participation_when_results_are_final(
    build: Builder,
) -> None:
    story = Story(build)
    present = story.entry("50", "50")
    story.absent()
    story.absent(EntryStatus.VIOLATION)
    story.posted()
    assert due_of(story.contest.id, K.PARTICIPATION) == []
    story.event.state = EventState.FINAL
    db.session.commit()
    (one,) = issue(story, K.PARTICIPATION)
    assert one.person_id == present.members[0].person_id and "award" not in one.facts
    assert one.number.split("-")[4] == "P"


def test_a_paper_of_participation_falls_with_the_result(build: Builder) -> None:
    story = Story(build)
    story.entry("50", "50")
    story.final()
    (one,) = issue(story, K.PARTICIPATION)
    by = story.actor("bureau_staff", AFTER)
    certificates_carried.carry_over(by, story.contest.id)
    assert one.state is CertificateState.ISSUED
    revision = db.session.scalars(select(Revision)).one()
    revision.results[0].status = EntryStatus.VIOLATION
    db.session.flush()
    certificates_carried.carry_over(by, story.contest.id)
    assert one.state is CertificateState.REVOKED and "更正" in one.revoked_reason


def test_judges_get_a_paper_when_all_their_sheets_are_signed(build: Builder) -> None:
    story = Story(build)
    story.entry("80", "80")
    accept(story)
    seat = story.seats["practical"][0]
    build.account("chief_judge", story.contest.id, story.event.id)
    build.account("chief_judge", story.contest.id)
    assert due_of(story.contest.id, K.JUDGE) == []  # the results are not signed
    story.signed()
    sheet = next(one for one in _sheets() if one.seat_id == seat.id)
    sheet.state = SheetState.OPEN
    db.session.commit()
    assert [one.said["role"] for one in due_of(story.contest.id, K.JUDGE)] == ["Chief judge"] * 2
    sheet.state = SheetState.SIGNED
    db.session.commit()
    made = issue(story, K.JUDGE)
    assert [one.facts["role"] for one in made] == ["Chief judge", "Chief judge", "Judge"]
    # the judge of the theory paper is a clerk; the chief of all has no event
    assert [one.event_id for one in made].count(None) == 1
    (judge,) = [one for one in made if one.account_id == seat.account_id]
    mine = certificates_lists.Wanted(account_id=seat.account_id)
    assert [one.id for one in certificates_lists.list_certificates(mine).items] == [judge.id]


def _sheets() -> list[Sheet]:
    return list(db.session.scalars(select(Sheet)))


def test_judges_are_appointed_when_they_accept_and_others_when_they_are_written_in(
    build: Builder, tmp_path: Path
) -> None:
    story = Story(build)
    seat = story.seats["practical"][0]
    seat.answer = SeatAnswer.ASKED
    db.session.commit()
    assert due_of(story.contest.id, K.APPOINTMENT) == []
    seat.answer, seat.is_leader = SeatAnswer.ACCEPTED, True
    db.session.commit()
    by = story.actor("bureau_staff")
    call = Call("何海平", "技术专家", date(2026, 1, 1), date(2026, 12, 31), "技师学院")
    key = certificates_appointments.appoint(by, story.contest.id, call)
    other = certificates_appointments.appoint(by, story.contest.id, call)
    certificates_appointments.strike_out(by, story.contest.id, other)
    judge, expert = issue(story, K.APPOINTMENT)
    assert judge.facts["role"] == "Head of a judges' group"
    assert expert.appointment_id == key and expert.facts["term"] == "2026年1月1日至2026年12月31日"
    text = text_of(certificates_layouts.pdf_of(expert, "https://x.example/v/1", tmp_path))
    assert "兹聘请" in text and "何海平" in text and "技术专家" in text
    with pytest.raises(Refused, match="letter"):
        certificates_appointments.strike_out(by, story.contest.id, key)
    with pytest.raises(Missing):
        certificates_appointments.strike_out(by, story.contest.id, 999_999)
    backwards = Call("何海平", "专家", date(2026, 2, 1), date(2026, 1, 1))
    with pytest.raises(Refused, match="last day"):
        certificates_appointments.appoint(by, story.contest.id, backwards)


def test_approved_levels_get_a_recommendation(build: Builder) -> None:
    story = Story(build)
    story.entry("90", "90")
    story.final()
    grant = db.session.scalars(select(LevelGrant)).one()
    by = story.account("bureau_staff")
    rows = LevelList(
        contest_id=story.contest.id,
        number=1,
        body="评价中心",
        prepared_at=NOW,
        prepared_by_id=by.id,
    )
    line = LevelLine(
        list=rows, grant=grant, person_id=grant.person_id, occupation="车工", level=3, problems=[]
    )
    db.session.add(line)
    db.session.commit()
    assert due_of(story.contest.id, K.LEVEL) == []
    rows.state = LevelListState.APPROVED
    db.session.commit()
    (one,) = issue(story, K.LEVEL)
    assert (one.facts["occupation"], one.facts["level"]) == ("车工", "三级/高级工")
    assert ("Recommended level", "三级/高级工") in said_by(one.facts)
    assert not certificates_lists.is_replaced(one)
    line.active = False
    db.session.commit()
    assert certificates_lists.is_replaced(one)


def test_employers_get_the_paper_of_a_prize_that_was_given(build: Builder) -> None:
    story = Story(build)
    story.entry("90", "90")
    employer = build.employer(title="慈溪技师学院")
    share = AwardShare(
        contest_id=story.contest.id, kind=ShareKind.EMPLOYER, employer_id=employer.id,
        title="优秀组织奖", promised=0, amount=0,
    )  # fmt: skip
    db.session.add(share)
    db.session.commit()
    assert due_of(story.contest.id, K.PLAQUE) == []  # the event is not over
    story.final()
    (one,) = issue(story, K.PLAQUE)
    assert (one.name, one.facts["award"], one.event_id) == ("慈溪技师学院", "优秀组织奖", None)
    assert one.number.split("-")[3:5] == ["00", "Q"]
    by = story.actor("bureau_staff", AFTER)
    certificates_carried.follow_prizes(by, story.contest.id)
    assert one.state is CertificateState.ISSUED
    db.session.delete(share)
    db.session.flush()
    certificates_carried.follow_prizes(by, story.contest.id)
    assert one.state is CertificateState.REVOKED


def test_only_an_honour_bars_money_when_it_is_revoked(build: Builder) -> None:
    story = Story(build)
    story.entry("90", "90")
    story.issued()
    (one,) = issue(story, K.PARTICIPATION)
    by = story.actor("bureau_staff", AFTER)
    certificates.revoke(by, one.id, reason="姓名有误")
    barred = select(PayoutClaim).where(PayoutClaim.barred_at.is_not(None))
    assert db.session.scalars(barred).all() == []
    again = certificates_lists.get_certificate(certificates.reissue(by, one.id))
    assert again.kind is K.PARTICIPATION and again.number != one.number
    with pytest.raises(Refused, match="valid"):
        certificates.reissue(by, one.id)
    (honour,) = papers(K.HONOUR)
    certificates.revoke(by, honour.id, reason="冒名顶替")
    assert db.session.scalars(barred).all()


def test_what_fell_away_is_not_issued_anew(build: Builder) -> None:
    story = Story(build)
    story.entry("90", "90")
    story.final()
    (one,) = issue(story, K.PARTICIPATION)
    by = story.actor("bureau_staff", AFTER)
    certificates.revoke(by, one.id, reason="姓名有误")
    db.session.scalars(select(Revision)).one().state = RevisionState.SUPERSEDED
    db.session.commit()
    with pytest.raises(Refused, match="no longer stands"):
        certificates.reissue(by, one.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": K.LEVEL},  # a source of another kind
        {"entry_id": 1},  # two sources
        {"award_id": None},  # none
        {"person_id": None},  # of nobody
    ],
)
def test_a_paper_has_exactly_one_source_and_a_holder(build: Builder, wrong: dict[str, Any]) -> None:
    story = Story(build)
    story.entry("90", "90")
    story.issued()
    (one,) = papers(K.HONOUR)
    for name, value in wrong.items():
        setattr(one, name, value)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_no_two_valid_papers_are_for_the_same(build: Builder) -> None:
    story = Story(build)
    teamed(story)
    story.issued()
    (one,) = issue(story, K.TEAM)
    columns = {column.key: getattr(one, column.key) for column in Certificate.__table__.columns}
    fresh = {"id": None, "number": "X-1", "check_code": "X", "status_index": None}
    db.session.add(Certificate(**(columns | fresh)))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_every_kind_is_issued_at_once_and_never_twice(build: Builder) -> None:
    story = Story(build)
    teamed(story)
    accept(story)
    story.final()
    for kind in (K.HONOUR, K.TEAM, K.PARTICIPATION, K.JUDGE, K.APPOINTMENT):
        assert issue(story, kind)
        with pytest.raises(Refused):
            certificates.issue(story.actor("bureau_staff", AFTER), story.contest.id, str, kind)
    numbers = [one.number for one in db.session.scalars(select(Certificate))]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("kind", [K.HONOUR, K.TEAM, K.PARTICIPATION, K.JUDGE, K.APPOINTMENT])
def test_some_papers_are_found_by_their_keys(build: Builder, kind: CertificateKind) -> None:
    story = Story(build)
    teamed(story)
    teamed(story, "80")
    accept(story)
    story.final()
    everything = [one.key for one in FINDERS[kind](story.contest.id, None)]
    wanted = everything[-1]
    found = [one.key for one in FINDERS[kind](story.contest.id, [wanted])]
    assert wanted in found
    assert everything[0] not in found or everything[0] == wanted
    assert list(FINDERS[kind](story.contest.id, [])) == []
    made = issue(story, kind)
    assert len(made) == len(everything) == len(known_of(story.contest.id, kind))
    assert wanted in known_of(story.contest.id, kind, [wanted])
    assert known_of(story.contest.id, K.HONOUR, []) == set()
