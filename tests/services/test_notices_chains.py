"""The chain of notices from signed results to final ones, with proofs kept as files (R3.07)."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from models.audits import AuditRecord
from models.contests import Event
from models.database import db
from models.notices import NoticeProof
from rules.data import InvalidRules
from rules.notice_chains import NoticeLevel, Span, Standing
from rules.objections import Channel, Filing
from rules.plans import EditionRules
from rules.refusals import Missing, Refused
from rules.states import ContestState, EventState
from services import (
    contests,
    contests_notices,
    files,
    honours_lists,
    jobs,
    notices,
    notices_chains,
    notices_proofs,
    objections,
)
from services.attachments import Upload
from services.notices_chains import Place
from services.notices_proofs import Proof
from tests.builders import Builder
from tests.results_story import NOW, TODAY, Story

UNIT = NoticeLevel(code="unit", title="本单位公示", posted="outside", proof="employer")
TOWN = NoticeLevel(code="town", title="属地公示", posted="outside", proof="district")
COUNTY = NoticeLevel(code="county", title="县级公示", working_days=3)
CITY = NoticeLevel(code="city", title="市级公示")
WEEK = Span(date(2026, 9, 1), date(2026, 9, 8))
SCAN = Upload("证明.pdf", b"%PDF-1.7 a proof")


def story_of(build: Builder, *levels: NoticeLevel, employers: int = 2) -> Story:
    story = Story(build, edition=EditionRules(notice_levels=levels))
    for place in range(employers):
        employer = build.employer(district=f"第{place}街道")
        story.entry(str(90 - place), str(90 - place), employer_id=employer.id)
    story.entry("60", "60")  # without an employer: nobody to ask
    return story


def post(story: Story, revision_id: int, starts_on: date = TODAY, **more: Any) -> int:
    now = NOW + (starts_on - TODAY)
    return notices.post(
        story.actor("bureau_staff", now),
        story.contest.id,
        revision_ids=[revision_id],
        title="公示",
        body="现予公示。",
        contact="0574-63912345",
        starts_on=starts_on,
        **more,
    )


def prove(
    story: Story,
    revision_id: int,
    place: Place,
    folder: Path,
    level: str = "unit",
    span: Span = WEEK,
    upload: Upload = SCAN,
) -> int:
    proof = Proof(level, place, frozenset({revision_id}), span)
    actor = story.actor("bureau_staff")
    return notices_proofs.record_proof(actor, story.contest.id, proof, upload, folder)


def steps(story: Story, revision_id: int) -> list[Standing]:
    levels = contests.rules_of(story.contest).notice_levels
    return [one.standing for one in notices_chains.chains_of(levels, [revision_id])[revision_id]]


def places(story: Story, revision_id: int, number: int = 0) -> list[Place]:
    levels = contests.rules_of(story.contest).notice_levels
    chain = notices_chains.chains_of(levels, [revision_id])[revision_id]
    return [Place.read(key) for key in chain[number].owed]


def problems(refused: pytest.ExceptionInfo[InvalidRules]) -> list[str]:
    return [str(problem) for problem in refused.value.problems]


def test_an_edition_without_a_chain_works_as_ever(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    notice = notices.get_notice(story.posted())
    assert (notice.level, notice.working_days, notices.is_final(notice)) == ("", 5, True)


def test_a_list_goes_from_proofs_to_the_county_and_the_city(build: Builder, tmp_path: Path) -> None:
    story = story_of(build, UNIT, COUNTY, CITY)
    revision_id = story.signed()
    owing = places(story, revision_id)
    assert len(owing) == 2
    with pytest.raises(InvalidRules) as refused:
        post(story, revision_id)
    (only,) = problems(refused)
    assert only.startswith(story.event.title) and "proof is missing" in only
    for place in owing:
        prove(story, revision_id, place, tmp_path)
    county = notices.get_notice(post(story, revision_id))
    assert (county.level, county.working_days, county.ends_on) == ("county", 3, date(2026, 9, 18))
    assert not notices.is_final(county)
    after = NOW + timedelta(days=4)
    notices.close(story.actor("bureau_staff", after), county.id)
    assert db.session.get_one(Event, story.event.id).state is EventState.SIGNED
    assert honours_lists.list_honours(honours_lists.Wanted()).total == 0
    city = notices.get_notice(post(story, revision_id, date(2026, 9, 21)))
    assert (city.level, city.working_days) == ("city", 5) and notices.is_final(city)
    assert steps(story, revision_id) == [Standing.DONE, Standing.DONE, Standing.RUNNING]
    notices.close(story.actor("bureau_staff", NOW + timedelta(days=30)), city.id)
    assert db.session.get_one(Event, story.event.id).state is EventState.FINAL
    assert steps(story, revision_id) == [Standing.DONE] * 3


def test_an_open_objection_of_one_level_keeps_the_next_one_back(build: Builder) -> None:
    story = story_of(build, COUNTY, CITY)
    revision_id = story.signed()
    county = post(story, revision_id)
    filing = Filing("王建国", "138 0000 0000", "获奖者并非本市职工，参赛时仍为在校学生。")
    staff = story.actor("bureau_staff")
    filed = objections.record_objection(staff, county, filing, Channel.LETTER, NOW)
    after = NOW + timedelta(days=4)
    notices.close(story.actor("bureau_staff", after), county)
    with pytest.raises(InvalidRules) as refused:
        post(story, revision_id, date(2026, 9, 21))
    assert "these objections are open: 1" in problems(refused)[0]
    objections.withdraw(staff, filed.code)
    assert post(story, revision_id, date(2026, 9, 21)) != county


def test_the_next_level_starts_after_the_one_before(build: Builder) -> None:
    story = story_of(build, COUNTY, CITY)
    revision_id = story.signed()
    county = post(story, revision_id)
    with pytest.raises(Refused, match="no other notice"):
        post(story, revision_id)
    notices.withdraw(story.actor("bureau_staff"), county, reason="名单有误")
    assert steps(story, revision_id) == [Standing.WAITING, Standing.WAITING]
    again = post(story, revision_id)
    assert notices.get_notice(again).level == "county"


def test_events_at_different_levels_are_posted_apart(build: Builder) -> None:
    story = story_of(build, COUNTY, CITY)
    first = story.signed()
    notices.close(story.actor("bureau_staff", NOW + timedelta(days=4)), post(story, first))
    rules = EditionRules(notice_levels=(COUNTY, CITY))
    other = Story(build, edition=rules, contest=story.contest)
    other.field(["80"])
    second = other.signed()
    day = date(2026, 9, 21)
    found = notices.list_postable(story.contest.id)
    assert notices_chains.ready((COUNTY, CITY), found, day) == [second]
    with pytest.raises(Refused, match="different levels"):
        notices.post(
            story.actor("bureau_staff", NOW + timedelta(days=6)),
            story.contest.id,
            revision_ids=[first, second],
            title="公示",
            body="现予公示。",
            contact="0574-63912345",
            starts_on=day,
        )


def test_a_proof_is_refused_with_every_reason(build: Builder, tmp_path: Path) -> None:
    story = story_of(build, UNIT, CITY)
    revision_id = story.signed()
    place = places(story, revision_id)[0]
    short, running = Span(WEEK.starts_on, date(2026, 9, 7)), Span(WEEK.starts_on, TODAY)
    for span, message in ((short, "until 2026-09-08"), (running, "after its last day")):
        with pytest.raises(InvalidRules) as refused:
            prove(story, revision_id, place, tmp_path, span=span)
        assert message in problems(refused)[0]
    with pytest.raises(InvalidRules) as refused:
        prove(story, revision_id, Place(999_999), tmp_path, span=short)
    assert [problem.field for problem in refused.value.problems] == ["revision_ids", "ends_on"]
    with pytest.raises(Refused, match="not proven by a document"):
        prove(story, revision_id, place, tmp_path, level="city")
    with pytest.raises(Refused, match="PDF"):
        prove(story, revision_id, place, tmp_path, upload=Upload("a.exe", b"MZ"))
    with pytest.raises(Refused, match="at least one"):
        prove(story, 999_999, place, tmp_path)
    with pytest.raises(InvalidRules) as refused:
        prove(story, revision_id, place, tmp_path, span=Span(date(2019, 1, 2), date(2019, 1, 20)))
    assert problems(refused) == ["There is no holiday table for 2019 yet."]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert notices_proofs.list_proofs(story.contest.id) == []


def test_one_file_proves_once_for_the_same_list(build: Builder, tmp_path: Path) -> None:
    story = story_of(build, UNIT, CITY)
    revision_id = story.signed()
    first, second = places(story, revision_id)
    prove(story, revision_id, first, tmp_path)
    with pytest.raises(Refused, match="there already"):
        prove(story, revision_id, first, tmp_path)
    prove(story, revision_id, second, tmp_path)
    assert steps(story, revision_id)[0] is Standing.DONE


def test_districts_prove_in_their_own_names(build: Builder, tmp_path: Path) -> None:
    story = story_of(build, UNIT, TOWN, CITY, employers=1)
    revision_id = story.signed()
    prove(story, revision_id, places(story, revision_id)[0], tmp_path)
    (town,) = places(story, revision_id, 1)
    assert town == Place(district="第0街道") and Place.read(town.key) == town
    early = Span(date(2026, 9, 8), date(2026, 9, 15) - timedelta(days=1))
    with pytest.raises(InvalidRules) as refused:
        prove(story, revision_id, town, tmp_path, "town", early)
    assert any("ended on 2026-09-08 only" in text for text in problems(refused))
    assert Place.read("nix:1") == Place.read("") == Place()


def test_a_proof_counts_for_the_lists_that_it_names_only(build: Builder, tmp_path: Path) -> None:
    """So a corrected list, being another revision, needs a new one."""
    story = story_of(build, UNIT, CITY, employers=1)
    first = story.signed()
    (place,) = places(story, first)
    rules = EditionRules(notice_levels=(UNIT, CITY))
    other = Story(build, edition=rules, contest=story.contest)
    other.entry("80", "80", employer_id=place.employer_id)
    second = other.signed()
    prove(story, first, place, tmp_path)
    assert (steps(story, first)[0], steps(story, second)[0]) == (Standing.DONE, Standing.PROOFS)
    both = Proof("unit", place, frozenset({first, second}), WEEK)
    upload = Upload("另一份.pdf", b"%PDF-1.7 another")
    notices_proofs.record_proof(
        story.actor("bureau_staff"), story.contest.id, both, upload, tmp_path
    )
    assert (steps(story, first)[0], steps(story, second)[0]) == (Standing.DONE, Standing.DONE)
    stages = notices_chains.list_stages(story.contest.id, rules.notice_levels)
    assert [stage.revision.id for stage in stages] == [first, second]


def test_a_proof_is_kept_sealed_opened_on_record_and_never_swept(
    app: Flask, build: Builder, tmp_path: Path
) -> None:
    story = story_of(build, UNIT, CITY)
    revision_id = story.signed()
    proof_id = prove(story, revision_id, places(story, revision_id)[0], tmp_path)
    row = db.session.get_one(NoticeProof, proof_id)
    (kept,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert SCAN.data not in kept.read_bytes()
    jobs.sweep_files(tmp_path, NOW + timedelta(days=400))
    opened = notices_proofs.open_proof(story.actor("bureau_staff"), proof_id, tmp_path)
    assert (opened.title, opened.mimetype, opened.data) == (
        "证明.pdf",
        "application/pdf",
        SCAN.data,
    )
    last = db.session.scalars(db.select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert last is not None and (last.action, last.subject) == ("download", "notice_proof")
    assert files.read(tmp_path, row.file_key, row.file_sha256) == SCAN.data
    with pytest.raises(Missing):
        notices_proofs.open_proof(story.actor("bureau_staff"), 999_999, tmp_path)


def test_a_chain_is_edited_frozen_amended_and_copied(build: Builder) -> None:
    draft = build.contest(ContestState.DRAFT)
    by = build.actor()
    edit = contests_notices.edit_notice_levels
    with pytest.raises(InvalidRules):
        edit(by, draft.id, draft.version, [UNIT])
    edit(by, draft.id, draft.version, [UNIT, CITY])
    db.session.expire_all()
    rules = contests.rules_of(draft)
    assert rules.notice_levels == (UNIT, CITY)
    with pytest.raises(Refused, match="changed"):
        edit(by, draft.id, 1, [CITY])
    facts = contests.ContestFacts(
        "NEXT", "下一届", 2027, "city",
        date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1), date(2027, 3, 2),
    )  # fmt: skip
    copied = contests.get_contest(contests.copy_edition(by, draft.id, facts, rules))
    assert contests.rules_of(copied).notice_levels == (UNIT, CITY)
    story = story_of(build, COUNTY, CITY)
    story.event.state = EventState.REGISTERING
    db.session.commit()
    with pytest.raises(Refused):
        edit(by, story.contest.id, story.contest.version, [CITY])
    edit(by, story.contest.id, story.contest.version, [CITY], reason="主办单位决定")
    frozen = contests.present_rule_version(story.event.id)
    assert frozen is not None and frozen.number == 2
    assert [one["code"] for one in frozen.edition["notice_levels"]] == ["city"]
