"""English titles: given after the results, frozen in certificates, copied with an edition."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from rules.certificate_designs import A4_BILINGUAL, Design
from rules.certificate_layouts import CertificateLayout, Part
from rules.data import InvalidRules
from rules.plans import EditionRules
from services import certificates, certificates_layouts, certificates_preflight, contests
from services.certificates_issuing import NotPrintable
from services.certificates_values import values_of
from services.contests import ContestFacts
from services.contests_english import edit_english, titles_of
from tests.builders import Builder
from tests.results_story import AFTER, Story

EDITION = EditionRules(certificate_design=Design.A4_BILINGUAL)


def story_of(build: Builder) -> Story:
    """A final event, its certificates to come out in Chinese and English."""
    story = Story(build, edition=EDITION)
    story.field(["90", "80"])
    story.final()
    return story


def give(story: Story) -> dict[str, str]:
    """Give every title its English."""
    contest = contests.get_contest(story.contest.id)
    event, divisions = contest.events[0], contest.events[0].divisions
    typed = {contest.title: "The 2026 Contest", event.title: "Fitting"}
    typed |= {one.title: f"Division {n}" for n, one in enumerate(divisions)}
    edit_english(story.actor("organizer", AFTER), contest.id, contest.version, typed)
    return typed


def issue(story: Story) -> Certificate:
    certificates.issue(story.actor("bureau_staff", AFTER), story.contest.id)
    return db.session.scalars(select(Certificate)).first()  # type: ignore[return-value]


def test_titles_given_after_the_results_stand_in_the_english_sentence(build: Builder) -> None:
    story = story_of(build)
    by = story.actor("bureau_staff", AFTER)
    division = story.event.divisions[0].title
    before = certificates_preflight.look_ahead(by, story.contest.id)
    assert before.obstacles == []
    assert set(before.untitled) >= {story.contest.title, story.event.title}
    give(story)
    found = certificates_preflight.look_ahead(by, story.contest.id)
    assert (found.obstacles, found.untitled) == ([], [])
    facts = issue(story).facts
    assert facts["division"] == division
    assert facts["place_english"] == "Fitting (Division 0) at the 2026 Contest"


def test_without_titles_the_sentence_shows_no_chinese(build: Builder) -> None:
    facts = issue(story_of(build)).facts
    assert "place_english" not in facts
    assert values_of(facts, "W")["place_english"] == "the skills contest named above"


def _naming_event() -> CertificateLayout:
    """The shipped look with a sentence that names the event alone."""
    texts = [
        text.model_copy(update={"parts": (Part(text="{award_english} of {event_english}"),)})
        if text.key == "sentence_english"
        else text
        for text in A4_BILINGUAL.texts
    ]
    return A4_BILINGUAL.model_copy(update={"texts": tuple(texts)})


def test_a_sentence_that_would_show_chinese_is_refused(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout: Callable[..., CertificateLayout] = lambda *_: _naming_event()  # noqa: E731
    monkeypatch.setattr(certificates_layouts, "layout_for", layout)
    story = story_of(build)
    with pytest.raises(NotPrintable) as refused:
        issue(story)
    problems = [problem.params["problem"] for problem in refused.value.problems]
    assert [problem.params["title"] for problem in problems] == [story.event.title] * 2
    give(story)
    assert issue(story).facts["event_english"] == "Fitting"


def test_a_copy_takes_the_titles_along_but_that_of_the_edition(build: Builder) -> None:
    story = story_of(build)
    given, earlier = give(story), contests.get_contest(story.contest.id)
    names = ContestFacts.__dataclass_fields__
    same = ContestFacts(**{name: getattr(earlier, name) for name in names})
    facts = replace(same, code="NEXT", title="下一届竞赛", year=2027)
    by = story.actor("organizer", AFTER)
    copied = contests.get_contest(contests.copy_edition(by, earlier.id, facts, EDITION))
    assert copied.titles_english == {
        key: text for key, text in given.items() if key != earlier.title
    }
    assert copied.starts_on >= date(2026, 1, 1)


def test_what_is_no_english_is_refused_and_an_empty_one_is_none(build: Builder) -> None:
    contest = contests.get_contest(build.contest().id)
    title = titles_of(contest)[0]
    for wrong in ("慈溪", "A" * 121):
        with pytest.raises(InvalidRules):
            edit_english(build.actor(), contest.id, contest.version, {title: wrong})
    edit_english(build.actor(), contest.id, contest.version, {title: " ", "other": "Other"})
    assert contest.titles_english == {}
