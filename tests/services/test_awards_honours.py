"""What one person has won, over all years."""

from models.database import db
from rules.states import CertificateState
from services import awards_honours, certificates, certificates_lists
from services.certificates_lists import Wanted
from tests.builders import Builder
from tests.results_story import Story


def test_honours_come_with_signed_results_and_keep_place_level_and_certificate(
    build: Builder,
) -> None:
    story, person = Story(build), build.person()
    entry = story.entry("90", "90", person=person)
    story.field(["80"])
    story.computed()
    assert awards_honours.list_honours(person.id) == []
    story.issued()
    (won,) = awards_honours.list_honours(person.id)
    assert (won.entry_id, won.year, won.rank) == (entry.id, 2026, 1)
    assert (won.tier, list(won.titles)) == ("First prize", ["Skills Star"])
    assert won.level == 3
    (paper,) = won.papers
    assert paper.state is CertificateState.ISSUED


def test_the_newest_year_comes_first_and_other_contests_stay_unseen(build: Builder) -> None:
    person = build.person()
    old, new = Story(build), Story(build)
    old.contest.year = 2024
    db.session.commit()
    for story in (old, new):
        story.entry("90", "90", person=person)
        story.signed()
    found = awards_honours.list_honours(person.id)
    assert [won.year for won in found] == [2026, 2024]
    (only,) = awards_honours.list_honours(person.id, frozenset({old.contest.id}))
    assert only.year == 2024
    assert awards_honours.list_honours(build.person().id) == []


def test_a_place_without_award_or_level_is_no_honour(build: Builder) -> None:
    story, last = Story(build), build.person()
    story.field(["90", "88", "86", "84", "82", "80", "78"])
    story.entry("20", "20", person=last)
    story.signed()
    assert awards_honours.list_honours(last.id) == []


def test_a_revoked_certificate_is_shown_as_such(build: Builder) -> None:
    story, person = Story(build), build.person()
    story.entry("90", "90", person=person)
    story.issued()
    (made,) = certificates_lists.list_certificates(Wanted(person_id=person.id)).items
    certificates.revoke(story.actor("bureau_staff"), made.id, reason="冒名顶替")
    (won,) = awards_honours.list_honours(person.id)
    assert [paper.state for paper in won.papers] == [CertificateState.REVOKED]
