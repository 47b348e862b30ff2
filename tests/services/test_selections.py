"""Programmes and rounds: codes and names are taken once, and two people publish."""

import pytest

from models.database import db
from models.selections import SelectionAmendment
from rules.refusals import Refused
from rules.selections import RoundState
from services import selections, selections_publishing
from tests.builders import Builder
from tests.selection_story import SelectionStory, plain_rules


def test_a_round_is_written_by_one_and_published_by_another(build: Builder) -> None:
    story = SelectionStory(build)
    round_id = story.drafted()
    with pytest.raises(Refused, match="Somebody else"):
        selections_publishing.publish(story.first(), round_id)
    selections_publishing.publish(story.second(), round_id)
    assert story.round.state is RoundState.OPEN
    (first,) = story.round.amendments
    assert (first.number, first.digest) == (0, plain_rules().digest())
    assert selections.rules_of(story.round) == plain_rules()
    assert selections.read_rules(first.rules) == plain_rules()
    assert db.session.query(SelectionAmendment).count() == 1


def test_codes_names_and_rounds_are_taken_once(build: Builder) -> None:
    story = SelectionStory(build)
    programme = story.programme(code="SLMJ", title="上林名匠")
    with pytest.raises(Refused, match="code"):
        story.programme(code="SLMJ")
    with pytest.raises(Refused, match="name"):
        story.programme(title="上林名匠")
    story.drafted(programme_id=programme, code="SLMJ2026", title="第十届")
    with pytest.raises(Refused, match="code"):
        story.drafted(programme_id=programme, code="SLMJ2026")
    with pytest.raises(Refused, match="year and name"):
        story.drafted(programme_id=programme, title="第十届")
    selections.end_programme(story.first(), programme)
    with pytest.raises(Refused, match="ended"):
        story.drafted(programme_id=programme)
