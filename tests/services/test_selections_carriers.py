"""The list of a selection goes through notice, objections, money and certificates of contests."""

import base64
import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from models.certificates import Certificate
from models.contests import Contest
from models.database import db
from models.honours import Honour
from models.selection_holders import SelectionHolder
from rules.badges import Site
from rules.certificate_kinds import sentence_of
from rules.data import InvalidRules
from rules.editions import ContestKind
from rules.honours import HonourKind, HonourVia
from rules.notice_chains import NoticeLevel, Span
from rules.objections import Remedy
from rules.payouts import Obstacle
from rules.refusals import Refused
from rules.selections import HolderState, RoundState, UnitKind
from rules.states import CertificateState, EventState, HonourState, RevisionState
from services import (
    awards,
    certificates,
    certificates_archives,
    certificates_layouts,
    certificates_lists,
    certificates_preflight,
    contests,
    desks_counts,
    entries_lists,
    honours,
    notices,
    notices_chains,
    notices_lists,
    notices_proofs,
    objections_outcomes,
    results,
    selections_carriers,
    statements,
    statements_badges,
)
from services.attachments import Upload
from services.notices_chains import Place
from services.notices_proofs import Proof
from services.objections_outcomes import Order
from services.payouts_dues import read_dues
from tests.builders import Builder
from tests.payout_story import lines_of
from tests.pdf_checks import text_of
from tests.selection_lists import AFTER, DOCUMENT, EDITION, NOW, ListStory


@pytest.fixture
def story(build: Builder) -> ListStory:
    return ListStory(build)


def test_a_proposal_becomes_a_signed_list_and_the_edition_is_no_contest(story: ListStory) -> None:
    gold, craftsman, left = (story.applied(name) for name in ("王金匠", "李工匠", "赵落选"))
    revision = story.proposed((gold, "gold"), (craftsman, "craftsman"), (left, ""))
    contest = story.contest
    assert (contest.kind, contest.title, contest.year) == (
        ContestKind.SELECTION, story.round.title, 2026,
    )  # fmt: skip
    assert (revision.number, revision.state) == (1, RevisionState.SIGNED)
    assert results.is_intact(revision)
    listed = notices_lists.revision_lists([revision.id], notices.Ordering.AWARD)
    assert [(one.event, one.division) for one in listed] == [("上林名匠", "2026年度")]
    assert [(one.name, one.award, one.honours) for one in listed[0].winners] == [
        ("王金匠", "上林金匠", ()),
        ("李工匠", "上林工匠", ()),
    ]
    own = entries_lists.list_for_person(gold.person_id)
    assert contests.list_contests().items == contests.public_contests() == list(own) == []
    assert selections_carriers.round_of(contest.id) == story.round.id


def test_who_is_chosen_bears_a_title_and_is_paid(story: ListStory) -> None:
    gold = story.applied("王金匠")
    craftsman = story.applied("李工匠", UnitKind.SCHOOL)
    story.proposed((gold, "gold"), (craftsman, "craftsman"))
    story.final()
    assert list(db.session.scalars(select(Honour))) == []
    assert {one.obstacle for one in read_dues(story.contest.id)} == {Obstacle.UNDECIDED}
    assert awards.list_payments(None).page.items == certificates_lists.count_waiting() == []
    story.decide()
    rows = db.session.scalars(select(Honour).order_by(Honour.id)).all()
    assert [(one.title, one.kind, one.via, one.of_company) for one in rows] == [
        ("上林金匠", HonourKind.TITLE, HonourVia.SELECTION, True),
        ("上林工匠", HonourKind.TITLE, HonourVia.SELECTION, False),
    ]
    assert {(one.granted_by, one.document, one.granted_on) for one in rows} == {
        ("慈溪市人力资源和社会保障局", DOCUMENT, AFTER.date())
    }
    assert notices.list_public_contests() == [story.contest]
    lines = lines_of(story.approved_order())
    assert [(one.gross, one.tax, one.net) for one in lines] == [
        (Decimal(20000), Decimal(4000), Decimal(16000)),
        (Decimal(5000), Decimal(1000), Decimal(4000)),
    ]
    assert {one.claim.contest_id for one in lines} == {story.contest.id}
    honours.revoke(story.staff(AFTER), rows[0].id, reason="申报材料造假")
    db.session.expire_all()
    assert [line.state.value for line in lines_of(lines[0].order_id)] == ["stopped", "ordered"]


def test_an_upheld_objection_leads_to_a_second_list(story: ListStory) -> None:
    gold, silver = story.applied("王金匠"), story.applied("李银匠")
    first = story.proposed((gold, "gold"), (silver, "silver"))
    notice = story.noticed()
    key, by = story.upheld(notice, gold.person)
    objections_outcomes.carry_out(by, key, Order("专利不属于本人", Remedy.DISQUALIFIED))
    db.session.expire_all()
    event = story.contest.events[0]
    assert (event.state, first.state) == (EventState.REVIEW, RevisionState.SUPERSEDED)
    assert selections_carriers.kept_out(story.round.id) == {gold.person_id}
    with pytest.raises(Refused, match="upheld objection"):
        story.proposed((gold, "gold"), (silver, "silver"))
    second = story.proposed((silver, "gold"), reason="异议成立，递补")
    assert (second.number, story.contest.events[0].state) == (2, EventState.SIGNED)
    assert objections_outcomes.list_effects(key)[0].revision_id == second.id
    again = notices.get_notice(story.noticed())
    assert [one.base_revision_id for one in again.items] == [first.id]
    with pytest.raises(Refused, match="stands in a notice"):
        story.proposed((silver, "silver"))
    notices.close(story.staff(AFTER), again.id)
    story.decide()
    rows = db.session.scalars(select(Honour).where(Honour.state == HonourState.STANDING)).all()
    assert [(one.person_id, one.title) for one in rows] == [(silver.person_id, "上林金匠")]
    assert [one.rest.gross for one in read_dues(story.contest.id)] == [Decimal(20000)]
    assert [one.name for one in awards.list_payments(None).page.items] == ["李银匠"]


def test_a_list_without_anybody_is_refused(story: ListStory) -> None:
    with pytest.raises(Refused, match="Nobody is proposed"):
        story.proposed((story.applied(), ""))
    assert db.session.scalar(select(Contest)) is None


def test_the_desk_of_staff_knows_lists_that_wait_for_their_notice(story: ListStory) -> None:
    story.proposed((story.applied(), "gold"))
    lines = [one.kind for one in desks_counts._lines()]
    assert lines == [ContestKind.SELECTION]


def test_certificates_say_title_and_word_of_the_programme(story: ListStory, tmp_path: Path) -> None:
    story.proposed((story.applied("王金匠"), "gold"))
    story.decided()
    by = story.staff(AFTER)
    waiting = certificates_lists.count_waiting()
    assert [(one.contest_id, one.number) for one in waiting] == [(story.contest.id, 1)]
    ahead = certificates_preflight.look_ahead(by, story.contest.id)
    assert (ahead.number, ahead.obstacles) == (1, [])
    certificates.issue(by, story.contest.id)
    one = db.session.scalars(select(Certificate)).one()
    said = sentence_of(one.facts)
    assert said == "在2026年慈溪市“上林名匠”遴选中，经遴选，授予“上林金匠”称号。"
    pdf = certificates_layouts.pdf_of(one, "https://example.org/verify", tmp_path)
    text = "".join(text_of(pdf).split())
    assert "经遴选，授予“上林金匠”称号" in text
    assert not any(word in text for word in ("赛项", "竞赛", "荣获"))
    honour = db.session.scalars(select(Honour)).one()
    honours.revoke(story.staff(AFTER), honour.id, reason="申报材料造假")
    db.session.expire_all()
    assert one.state is CertificateState.REVOKED


def test_a_decision_is_taken_back_by_an_objection_and_made_anew(story: ListStory) -> None:
    gold, silver = story.applied("王金匠"), story.applied("李银匠")
    story.proposed((gold, "gold"), (silver, "silver"))
    notice = story.noticed()
    key, by = story.upheld(notice, gold.person)
    with pytest.raises(Refused, match="notice of the list is closed"):
        story.decide()
    with pytest.raises(Refused):
        notices.close(story.staff(AFTER), notice)
    objections_outcomes.carry_out(by, key, Order("荣誉属实，维持", Remedy.NOTE))
    notices.close(story.staff(AFTER), notice)
    story.decide()
    held = {one.person_id: one for one in db.session.scalars(select(SelectionHolder))}
    assert [(held[one.person_id].tier, str(held[one.person_id].ends_on)) for one in (gold, silver)]
    assert str(held[gold.person_id].ends_on) == "2029-09-21"
    order = story.approved_order()
    story.take_back_after_decision(silver.person)
    db.session.expire_all()
    assert story.round.state is RoundState.REVIEW
    story.proposed((gold, "gold"), now=AFTER, reason="异议成立")
    story.noticed(AFTER)
    late = AFTER + timedelta(days=20)
    notices.close(story.staff(late), notices.list_notices(late.date()).items[0].id)
    story.decide(late)
    again = {one.person_id: one for one in db.session.scalars(select(SelectionHolder))}
    assert (again[gold.person_id].id, again[gold.person_id].state) == (
        held[gold.person_id].id, HolderState.RUNNING,
    )  # fmt: skip
    assert again[silver.person_id].state is HolderState.ENDED
    assert [line.state.value for line in lines_of(order)] == ["stopped", "stopped"]


def test_a_list_goes_from_units_to_the_city(build: Builder, tmp_path: Path) -> None:
    """The chain of notices of contests holds for a selection: proofs of units, then the city."""
    unit = NoticeLevel(code="unit", title="本单位公示", posted="outside", proof="employer")
    city = NoticeLevel(code="city", title="市级公示")
    edition = EDITION.model_copy(update={"notice_levels": (unit, city)})
    story = ListStory(build, edition=edition)
    gold, craftsman = story.applied("王金匠"), story.applied("李工匠")
    revision = story.proposed((gold, "gold"), (craftsman, "craftsman"))
    with pytest.raises(InvalidRules):
        story.noticed()
    chain = notices_chains.chains_of((unit, city), [revision.id])[revision.id]
    week = Span(NOW.date() - timedelta(days=9), NOW.date() - timedelta(days=2))
    for key in chain[0].owed:
        proof = Proof("unit", Place.read(key), frozenset({revision.id}), week)
        upload = Upload("公示证明.pdf", b"%PDF-1.7 " + key.encode())
        notices_proofs.record_proof(story.staff(), story.contest.id, proof, upload, tmp_path)
    notice = notices.get_notice(story.noticed())
    assert (notice.level, notices.is_final(notice)) == ("city", True)
    notices.close(story.staff(AFTER), notice.id)
    story.decide()
    assert len(db.session.scalars(select(Honour)).all()) == 2


@pytest.mark.parametrize("remedy", [Remedy.NO_AWARD, Remedy.CORRECTION])
def test_an_objection_before_the_decision_asks_for_a_corrected_list(
    story: ListStory, remedy: Remedy
) -> None:
    gold, silver = story.applied("王金匠"), story.applied("李银匠")
    story.proposed((gold, "gold"), (silver, "silver"))
    key, by = story.upheld(story.noticed(), gold.person)
    objections_outcomes.carry_out(by, key, Order("材料有误", remedy))
    db.session.expire_all()
    assert story.contest.events[0].state is EventState.REVIEW
    assert story.round.state is RoundState.REVIEW
    out = {gold.person_id} if remedy is Remedy.NO_AWARD else set()
    assert selections_carriers.kept_out(story.round.id) == out
    corrected = ((silver, "gold"),) if out else ((silver, "gold"), (gold, "silver"))
    second = story.proposed(*corrected, reason="异议成立，更正名单")
    assert objections_outcomes.list_effects(key)[0].revision_id == second.id
    notice = story.noticed()
    notices.close(story.staff(AFTER), notice)
    story.decide()
    held = db.session.scalars(select(Honour).order_by(Honour.id)).all()
    titles = {silver.person_id: "上林金匠"} | ({} if out else {gold.person_id: "上林银匠"})
    assert {one.person_id: one.title for one in held} == titles


def test_certificates_reach_their_winners(story: ListStory, tmp_path: Path) -> None:
    """Signed statement, badge and ZIP of a title are those of any certificate."""
    statements.make_key(story.build.actor(now=NOW))
    story.proposed((story.applied("王金匠"), "gold"), (story.applied("李工匠"), "craftsman"))
    story.decided()
    certificates.issue(story.staff(AFTER), story.contest.id)
    rows = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert [one.facts["award"] for one in rows] == ["上林金匠", "上林工匠"]
    site = Site("https://example.org")
    badge = statements_badges.badge_of(rows[0], site, with_name=True)
    body = json.loads(base64.urlsafe_b64decode(badge.split(".")[1] + "=="))
    assert "授予“上林金匠”称号" in json.dumps(body, ensure_ascii=False)
    ids = [one.id for one in rows]
    members = certificates_archives.members(ids, lambda one: one.number.encode(), str)
    data = b"".join(certificates_archives.stream(members, AFTER))
    with zipfile.ZipFile(io.BytesIO(data)) as kept:
        papers = [name for name in kept.namelist() if name.endswith(".pdf")]
    assert ["王金匠" in papers[0], "上林工匠" in papers[1], len(papers)] == [True, True, 2]
