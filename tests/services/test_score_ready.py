"""Ready schemes: all of them can be taken over, said in the language of the edition, published."""

from datetime import date

import pytest

from models.contests import Event
from rules.editions import publication_blockers
from rules.refusals import Missing
from rules.scheme_trees import bare
from rules.states import ContestState, EventState
from services import contests, editions, event_rules
from services.acting import Actor
from services.event_rules import Base, joined_plan
from services.score_ready import FOLDER, READY, TEXTS, ready_rules, said_text
from tests.builders import Builder


def marked(text: str) -> str:
    """Stand in for a translation: what was said can be told from what was not."""
    return f"<{text}>"


def titles(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [
            text for name in ("title", "name", "label") if isinstance(text := value.get(name), str)
        ]
        listed = [text for name in ("ladder", "honours") for text in value.get(name, ())]
        return [*own, *listed, *(text for item in value.values() for text in titles(item))]
    return [text for item in value for text in titles(item)] if isinstance(value, list) else []


def test_there_are_the_seven_kinds_of_the_usual_contests() -> None:
    assert len(READY) == 7
    assert all((FOLDER / f"{one.name}.yaml").exists() for one in READY)
    with pytest.raises(Missing):
        ready_rules("halfpipe", str)


@pytest.mark.parametrize("name", [one.name for one in READY])
def test_every_text_is_said_in_the_language_of_the_edition(name: str) -> None:
    said = titles(bare(ready_rules(name, marked)))
    assert said and all(text.startswith("<") or text == "" for text in said if "%" not in text)


def test_a_number_at_the_end_of_a_title_stays() -> None:
    assert "Module %(n)s" in TEXTS
    assert said_text("Module 2", lambda text: text.replace("Module", "模块")) == "模块 2"
    assert said_text("no title of ours 3", marked) == "no title of ours 3"


@pytest.mark.parametrize("name", [one.name for one in READY])
def test_a_ready_scheme_is_taken_over_and_published(build: Builder, by: Actor, name: str) -> None:
    contest = build.contest(sponsors="慈溪市人力资源和社会保障局")
    event: Event = build.event(contest)
    rules = ready_rules(name, str)
    plan = joined_plan(rules.plan, contests.plan_of(event), rules.scheme)
    base = Base(event.version)
    event_rules.replace_scheme(by, event.id, base, rules.scheme, plan)
    stored = contests.get_event(event.id)
    assert contests.scheme_of(stored).digest() == rules.scheme.digest()
    assert contests.plan_of(stored).tie_breaks == rules.plan.tie_breaks
    outline = editions.outline_of(contests.get_contest(contest.id))
    assert publication_blockers(outline, date(2026, 9, 1)) == []
    editions.publish(by, contest.id)
    assert contests.get_event(event.id).state is EventState.REGISTERING
    assert contests.get_contest(contest.id).state is ContestState.PUBLISHED


def test_a_plan_without_awards_leaves_those_that_are_there(build: Builder) -> None:
    event = build.event()
    rules = ready_rules("five-judges", str)
    plan = joined_plan(rules.plan, contests.plan_of(event), rules.scheme)
    assert plan.awards == contests.plan_of(event).awards
    assert plan.levels is not None and plan.levels.needs == ()
    with_own = ready_rules("worldskills", str)
    assert joined_plan(with_own.plan, plan, with_own.scheme) is with_own.plan
