"""A round from the shipped programme to its second amendment, and to the next round."""

from datetime import timedelta

import pytest

from models.database import db
from models.selections import SelectionQuota
from rules.data import InvalidRules
from rules.honours import HonourLevel
from rules.refusals import Missing, Refused
from rules.selection_programmes import shipped_programmes
from rules.selection_rounds import Eligibility
from rules.selections import Channel, RoundState
from services import selections, selections_lists, selections_publishing, selections_rounds
from services.selections import ProgrammeFacts, RoundFacts
from tests.builders import Builder
from tests.selection_story import SelectionStory, plain_rules

CODES = ("SLMJ", "SMXJSNS", "GJNCJJ", "SXJS", "TJJS")


@pytest.fixture
def story(build: Builder) -> SelectionStory:
    return SelectionStory(build)


def taken_over(story: SelectionStory, code: str) -> int:
    one = shipped_programmes()[code]
    facts = ProgrammeFacts(
        one.code,
        one.title,
        one.verb,
        one.level,
        one.organiser,
        one.basis,
        "人社函〔2026〕1号",
        one.cycle_years,
        one.scope,
        one.most_people,
    )
    return selections_rounds.take_over(story.first(), code, facts, 2026)


@pytest.mark.parametrize("code", CODES)
def test_a_shipped_programme_is_taken_over_and_published(story: SelectionStory, code: str) -> None:
    if code == "SXJS":
        taken_over(story, "TJJS")  # its title is asked for
    round_id = taken_over(story, code)
    advice = selections_publishing.advise(round_id, story.first().now)
    assert [*advice.blockers] == []
    selections_publishing.publish(story.second(), round_id)
    row = selections_lists.get_public_round(round_id)
    assert (row.state, [one.number for one in row.amendments]) == (RoundState.OPEN, [0])
    assert row.digest == shipped_programmes()[code].rules_for(2026).digest()


def test_a_title_that_no_programme_gives_blocks_publication(story: SelectionStory) -> None:
    round_id = taken_over(story, "SXJS")
    with pytest.raises(InvalidRules, match="TJJS"):
        selections_publishing.publish(story.second(), round_id)
    with pytest.raises(Missing):
        selections_lists.get_public_round(round_id)


def test_a_draft_is_edited_by_sections_and_never_over_somebody_else(story: SelectionStory) -> None:
    round_id = story.drafted()
    base = story.round.digest
    selections_rounds.edit_rules(story.first(), round_id, base, {"contact": "职建科"})
    with pytest.raises(Refused, match="meanwhile"):
        selections_rounds.edit_rules(story.first(), round_id, base, {"contact": "别处"})
    with pytest.raises(InvalidRules, match="deadline lies before"):
        selections_rounds.edit_rules(
            story.first(), round_id, story.round.digest, {"closes_at": plain_rules().opens_at}
        )
    with pytest.raises(Refused, match="cannot be read"):
        selections_rounds.edit_rules(
            story.first(), round_id, story.round.digest, {"grace_minutes": 999}
        )
    assert selections.rules_of(story.round).contact == "职建科"
    # Whoever wrote last does not publish.
    selections_rounds.edit_rules(story.second(), round_id, story.round.digest, {"contact": "二楼"})
    with pytest.raises(Refused, match="Somebody else"):
        selections_publishing.publish(story.second(), round_id)
    selections_publishing.publish(story.first(), round_id)


def test_an_amendment_has_a_reason_a_second_person_and_a_number(story: SelectionStory) -> None:
    round_id = story.published()
    day = story.start + timedelta(days=3)
    later = plain_rules().closes_at + timedelta(days=7)
    base = story.round.digest
    with pytest.raises(Refused, match="reason"):
        selections_rounds.edit_rules(story.first(day), round_id, base, {"closes_at": later})
    selections_rounds.edit_rules(
        story.first(day), round_id, base, {"closes_at": later}, "报名人数不足"
    )
    assert selections.rules_of(story.round) == plain_rules()  # not in force yet
    waiting = selections_rounds.editable_rules(story.round)
    assert waiting.closes_at == later
    # A second change goes on from the waiting one.
    selections_rounds.edit_rules(story.first(day), round_id, waiting.digest(), {"contact": "二楼"})
    waiting = selections_rounds.editable_rules(story.round)
    with pytest.raises(Refused, match="Somebody else"):
        selections_publishing.agree_amendment(story.first(day), round_id, waiting.digest())
    with pytest.raises(Refused, match="meanwhile"):
        selections_publishing.agree_amendment(story.second(day), round_id, base)
    selections_publishing.agree_amendment(story.second(day), round_id, waiting.digest())
    assert selections.rules_of(story.round) == waiting
    assert story.round.closes_at == later
    versions = selections_lists.list_versions(round_id)
    assert [(one.number, one.reason) for one in versions] == [(1, "报名人数不足"), (0, "")]
    with pytest.raises(Refused, match="No amendment"):
        selections_publishing.discard_amendment(story.first(day), round_id)


def test_a_refused_change_says_why_and_a_discarded_one_leaves_nothing(
    story: SelectionStory,
) -> None:
    round_id = story.published()
    earlier = {"closes_at": plain_rules().closes_at - timedelta(days=1)}
    with pytest.raises(Refused, match="never brought forward"):
        selections_rounds.edit_rules(story.first(), round_id, story.round.digest, earlier, "早")
    free = {"eligibility": Eligibility()}
    selections_rounds.edit_rules(story.first(), round_id, story.round.digest, free, "简化")
    selections_publishing.discard_amendment(story.first(), round_id)
    assert selections_rounds.find_change(round_id) is None
    assert selections.rules_of(story.round) == plain_rules()


def test_the_next_round_has_moved_dates_and_the_quotas_of_bodies(
    story: SelectionStory, build: Builder
) -> None:
    programme = story.programme(cycle_years=2)
    first = story.published(programme_id=programme, title="2026年第三届评选")
    employer = build.employer()
    db.session.add(
        SelectionQuota(round_id=first, channel=Channel.EMPLOYER, employer_id=employer.id, places=3)
    )
    db.session.commit()
    last = selections.get_round(first)
    facts = selections_rounds.next_round(last.programme, last, 2027)
    assert (facts.year, facts.title) == (2028, "2028年第四届评选")
    copy = selections_rounds.copy_round(story.first(), first, facts)
    row = selections.get_round(copy)
    assert row.copied_from_id == first
    assert (row.opens_at.year, row.closes_at.month) == (2028, plain_rules().closes_at.month)
    quotas = db.session.query(SelectionQuota).filter_by(round_id=copy).all()
    assert [(one.employer_id, one.places) for one in quotas] == [(employer.id, 3)]
    early = selections_rounds.copy_round(
        story.first(), first, RoundFacts("EARLY", 2027, "提前评选")
    )
    found = [str(one) for one in selections_publishing.advise(early, story.first().now).warnings]
    assert any("cycle of 2 years" in text for text in found)


def test_a_draft_is_removed_and_a_published_round_cancelled(story: SelectionStory) -> None:
    draft = story.drafted()
    with pytest.raises(Refused, match="never published"):
        selections_rounds.cancel_round(story.first(), draft, "不办")
    selections_rounds.remove_round(story.first(), draft)
    with pytest.raises(Missing):
        selections.get_round(draft)
    published = story.published()
    with pytest.raises(Refused, match="only be cancelled"):
        selections_rounds.remove_round(story.first(), published)
    selections_rounds.cancel_round(story.first(), published, "疫情")
    row = selections.get_round(published)
    assert (row.state, row.reason) == (RoundState.CANCELLED, "疫情")
    base = {"contact": "二楼"}
    with pytest.raises(Refused, match="over"):
        selections_rounds.edit_rules(story.first(), published, row.digest, base, "改")


def test_the_second_commendation_of_a_year_is_warned_of(story: SelectionStory) -> None:
    commend = {"verb": "commend", "level": HonourLevel.COUNTY}
    story.published(programme_id=story.programme(**commend))
    second = story.drafted(programme_id=story.programme(**commend, document=""))
    texts = [str(one) for one in selections_publishing.advise(second, story.first().now).warnings]
    assert any("number 2" in text for text in texts)
    assert any("No document" in text for text in texts)
