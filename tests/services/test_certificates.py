"""Certificates: issued once, numbered for ever, revoked openly."""

from pathlib import Path

import pytest
from sqlalchemy import select

from models.certificates import Certificate, LayoutVersion
from models.database import db
from models.entries import EntryMember
from models.people import Person
from rules.certificate_designs import A4_BILINGUAL, A4_LANDSCAPE, Design
from rules.numbering import check_number
from rules.plans import EditionRules
from rules.refusals import Missing, Refused
from rules.states import CertificateState
from services import (
    certificates,
    certificates_issuing,
    certificates_layouts,
    certificates_lists,
    certificates_preflight,
)
from services.certificates_issuing import CLEAR
from services.certificates_lists import Wanted
from services.certificates_rendering import facts_text
from tests.builders import Builder
from tests.pdf_checks import facts_in, text_of
from tests.results_story import AFTER, Story

_EDITION = EditionRules(certificate_design=Design.A4_BILINGUAL)


def _all() -> list[Certificate]:
    return list(db.session.scalars(select(Certificate).order_by(Certificate.id)))


def test_every_award_of_a_final_event_gets_one_certificate(build: Builder) -> None:
    story = Story(build, edition=EditionRules(certificate_prefix="CX"))
    story.field(["90", "80", "70"])
    story.issued()
    made = _all()
    assert [one.facts["award"] for one in made] == ["First prize", "Second prize", "Second prize"]
    assert len({one.number for one in made}) == len({one.check_code for one in made}) == 3
    assert all(check_number(one.number) and one.number.startswith("CX-2026-") for one in made)
    assert all(set(one.check_code) <= set(CLEAR) and len(one.check_code) == 16 for one in made)
    assert all(one.digest == certificates_issuing.digest_of(one.facts) for one in made)
    assert made[0].facts["issuers"] == ["慈溪市人力资源和社会保障局", "慈溪市总工会"]
    assert made[0].facts["date"] == "2026-10-15"


def test_no_digit_of_an_identity_number_stands_in_the_facts(build: Builder) -> None:
    story = Story(build)
    person = build.person()
    story.entry("80", "80", person=person)
    story.issued()
    assert person.id_number[6:14] not in str(_all()[0].facts)


def test_nothing_is_issued_twice_or_before_the_end(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    story.posted()
    by = story.actor("bureau_staff", AFTER)
    with pytest.raises(Refused, match="no award"):
        certificates.issue(by, story.contest.id)
    done = Story(build)
    done.field(["80"])
    done.issued()
    with pytest.raises(Refused, match="no award"):
        certificates.issue(by, done.contest.id)


def test_each_member_of_a_team_gets_a_certificate(build: Builder) -> None:
    story = Story(build)
    entry = story.entry("80", "80")
    mate = build.person()
    db.session.add(
        EntryMember(entry_id=entry.id, event_id=story.event.id, person_id=mate.id, position=2)
    )
    db.session.commit()
    story.issued()
    assert [one.facts["name"] for one in _all()] == [entry.members[0].person.name, mate.name]


def test_two_contests_with_the_same_code_never_share_a_number(build: Builder) -> None:
    for code in ("AB-1", "AB1"):
        story = Story(build)
        story.contest.code = code
        story.event.code = "01"
        db.session.commit()
        story.field(["80"])
        story.issued()
    numbers = [one.number for one in _all()]
    assert [number[:-3] for number in numbers] == [
        "JN-2026-AB1-01-1-0001",
        "JN-2026-AB1-01-1-0002",
    ]


def test_award_names_are_said_in_the_language_of_the_paper(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    story.final()
    words = {"First prize": "一等奖", "Skills Star": "技能之星"}
    certificates.issue(story.actor("bureau_staff", AFTER), story.contest.id, words.__getitem__)
    (one,) = _all()
    assert (one.facts["award"], one.facts["honours"]) == ("一等奖", ["技能之星"])


def test_a_certificate_keeps_the_layout_in_which_it_was_issued(
    build: Builder, tmp_path: Path
) -> None:
    usual, bilingual = Story(build), Story(build, edition=_EDITION)
    for story in (usual, bilingual):
        story.field(["80"])
    usual.issued()
    bilingual.issued()
    kept = db.session.scalars(select(LayoutVersion).order_by(LayoutVersion.id)).all()
    assert [one.digest for one in kept] == [A4_LANDSCAPE.digest(), A4_BILINGUAL.digest()]
    first, *_, last = _all()
    assert (first.layout, last.layout) == (kept[0], kept[1])
    assert "award_english" not in first.facts and last.facts["award_english"] == "First prize"
    made = certificates_layouts.pdf_of(last, "https://x.example/verify/1", tmp_path)
    assert "CERTIFICATEOFHONOUR" in text_of(made)
    assert facts_in(made) == facts_text(last.facts)
    last.layout_id = None  # as those that were issued before layouts were kept
    db.session.commit()
    again = certificates_layouts.pdf_of(last, "https://x.example/verify/1", tmp_path)
    assert "CERTIFICATEOFHONOUR" not in text_of(again) and last.number in text_of(again)


def test_nothing_is_issued_while_a_name_cannot_be_printed(build: Builder) -> None:
    story = Story(build)
    good, bad = build.person(), build.person()
    bad.name = "王\U00031350"
    db.session.commit()
    story.entry("90", "90", person=good)
    story.entry("80", "80", person=bad)
    story.final()
    by = story.actor("bureau_staff", AFTER)
    found = certificates_preflight.look_ahead(by, story.contest.id)
    assert found.number == 2 and len(found.obstacles) == 1
    with pytest.raises(certificates_issuing.NotPrintable, match="\U00031350"):
        certificates.issue(by, story.contest.id)
    assert _all() == []
    db.session.get_one(Person, bad.id).name = "王二"
    db.session.commit()
    assert certificates_preflight.look_ahead(by, story.contest.id).obstacles == []
    assert certificates.issue(by, story.contest.id) == 2
    assert certificates_preflight.look_ahead(by, story.contest.id).number == 0
    with pytest.raises(Missing):
        certificates_preflight.look_ahead(by, 999_999)


def test_a_sample_sheet_says_that_it_is_one_and_issues_nothing(
    build: Builder, tmp_path: Path
) -> None:
    story = Story(build)
    person = build.person()
    story.entry("80", "80", person=person)
    story.final()
    by = story.actor("bureau_staff", AFTER)
    address = "https://x.example/verify"
    made = certificates_preflight.sample_sheet(by, story.contest.id, tmp_path, address, str)
    said = text_of(made)
    assert person.name in said and "证书编号：样张" in said and "样张无效" in said
    assert _all() == []
    certificates.issue(by, story.contest.id)
    with pytest.raises(Missing):
        certificates_preflight.sample_sheet(by, story.contest.id, tmp_path, address, str)


def test_a_layout_that_was_tampered_with_is_not_used(build: Builder, tmp_path: Path) -> None:
    story = Story(build)
    story.field(["80"])
    story.issued()
    (one,) = _all()
    assert one.layout
    one.layout.digest = "0" * 64
    db.session.commit()
    with pytest.raises(RuntimeError, match="not what was stored"):
        certificates_layouts.pdf_of(one, "https://x.example/verify/1", tmp_path)


def test_a_revoked_certificate_stays_and_a_new_one_gets_a_new_number(build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    story.issued()
    (old,) = _all()
    by = story.actor("bureau_staff", AFTER)
    with pytest.raises(Refused, match="Revoke"):
        certificates.reissue(by, old.id)
    certificates.revoke(by, old.id, reason="姓名有误")
    with pytest.raises(Refused, match="no award"):
        certificates.issue(by, story.contest.id)
    new = certificates_lists.get_certificate(certificates.reissue(by, old.id))
    old = certificates_lists.get_certificate(old.id)
    assert (old.state, old.revoked_reason) == (CertificateState.REVOKED, "姓名有误")
    assert (new.state, new.number != old.number) == (CertificateState.ISSUED, True)
    with pytest.raises(Refused, match="valid certificate"):
        certificates.reissue(by, old.id)
    with pytest.raises(Refused):
        certificates.revoke(by, old.id, reason="again")
    with pytest.raises(Missing):
        certificates.revoke(by, 999_999, reason="x")
    with pytest.raises(Missing):
        certificates_lists.get_certificate(999_999)


def test_lists_are_limited_to_contest_person_and_state(build: Builder) -> None:
    story = Story(build)
    story.field(["80", "70"])
    story.issued()
    first = _all()[0]
    assert certificates_lists.list_certificates(Wanted()).total == 2
    own = certificates_lists.list_certificates(Wanted(person_id=first.person_id))
    assert [one.id for one in own.items] == [first.id]
    assert certificates_lists.list_certificates(Wanted(contests=frozenset())).total == 0
    assert certificates_lists.list_certificates(Wanted(state=CertificateState.REVOKED)).total == 0
    assert certificates_lists.list_certificates(Wanted(q=first.number.lower())).total == 1
    assert certificates_lists.list_contests(None) == [(story.contest.id, story.contest.title)]
    assert certificates_lists.list_contests(frozenset()) == []


def test_waiting_awards_are_counted_by_contest(build: Builder) -> None:
    story = Story(build)
    story.field(["80", "70"])
    story.final()
    assert certificates_lists.count_waiting() == [(story.contest.id, story.contest.title, 2)]
    assert certificates_lists.count_waiting(frozenset()) == []
    certificates.issue(story.actor("bureau_staff", AFTER), story.contest.id)
    assert certificates_lists.count_waiting() == []


def test_the_reason_of_a_revocation_names_no_number(build: Builder) -> None:
    """Everybody reads it on the check page (R9.03)."""
    story = Story(build)
    entry = story.entry("90", "90")
    story.issued()
    number = entry.members[0].person.id_number
    (certificate,) = _all()
    by = story.actor("bureau_staff", AFTER)
    with pytest.raises(Refused, match="identity number"):
        certificates.revoke(by, certificate.id, reason=f"冒用{number}参赛")
    certificates.revoke(by, certificate.id, reason="冒名顶替")
