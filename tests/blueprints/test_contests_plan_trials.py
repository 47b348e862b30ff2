"""The page of the dry run: the plan as typed goes back and forth, and nothing is saved."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from models.audits import AuditRecord
from models.database import db
from models.results import Revision
from services import contests
from tests.builders import Builder, sign_in
from tests.results_story import Story
from tests.typed import typed_in


@pytest.fixture
def organizer(client: FlaskClient, build: Builder) -> FlaskClient:
    """An organizer of everything, signed in."""
    return sign_in(client, build.account("organizer"))


@pytest.fixture
def story(build: Builder) -> Story:
    """An event with three results."""
    story = Story(build)
    story.field(["90", "80", "70"])
    story.computed()
    return story


def written() -> tuple[int, int]:
    """Count revisions and audit records."""
    tables = (Revision, AuditRecord)
    first, second = (db.session.scalar(select(func.count()).select_from(t)) for t in tables)
    return first or 0, second or 0


def test_the_plan_as_it_stands_changes_nothing(organizer: FlaskClient, story: Story) -> None:
    page = organizer.get(f"/events/{story.event.id}/plan/dry-run")
    assert page.status_code == 200
    assert "没有变化" in page.text
    assert (
        f"/events/{story.event.id}/plan/dry-run" in organizer.get(f"/events/{story.event.id}").text
    )


def test_the_typed_plan_is_tried_kept_and_not_saved(organizer: FlaskClient, story: Story) -> None:
    event_id, before = story.event.id, written()
    plan = contests.plan_of(story.event)
    typed = typed_in(organizer.get(f"/events/{event_id}/plan").text, "minimum_entrants")
    typed["tiers-0-amount"] = "12345"
    page = organizer.post(f"/events/{event_id}/plan/dry-run", data=typed)
    assert page.status_code == 200
    assert "+2,345" in page.text
    kept = typed_in(page.text, "what_code")
    assert kept["tiers-0-amount"] == ["12345"]
    back = organizer.post(f"/events/{event_id}/plan", data=kept | {"change": "none:keep"})
    assert back.status_code == 200 and 'value="12345"' in back.text
    assert contests.plan_of(contests.get_event(event_id)) == plan
    assert written() == before


def test_what_if_a_mark_were_another(organizer: FlaskClient, story: Story) -> None:
    address = f"/events/{story.event.id}/plan/dry-run"
    typed = typed_in(organizer.get(address).text, "what_code")
    typed |= {
        "what_code": "W002",
        "what_mark": "practical|1|practical_mark",
        "what_value": "99",
    }
    page = organizer.post(address, data=typed)
    assert page.status_code == 200
    assert "原为 70" in page.text and "W000" in page.text
    wrong = organizer.post(address, data=typed | {"what_value": "101"})
    assert wrong.status_code == 422 and 'id="what_value-error"' in wrong.text
    nobody = organizer.post(address, data=typed | {"what_code": "X"})
    assert nobody.status_code == 422 and 'id="what_code-error"' in nobody.text
    empty = organizer.post(address, data=typed | {"what_value": ""})
    assert empty.status_code == 422 and 'id="what_value-error"' in empty.text


def test_a_plan_with_mistakes_comes_back_as_its_form(organizer: FlaskClient, story: Story) -> None:
    typed = typed_in(organizer.get(f"/events/{story.event.id}/plan").text, "minimum_entrants")
    typed["tiers-0-name"] = ""
    page = organizer.post(f"/events/{story.event.id}/plan/dry-run", data=typed)
    assert page.status_code == 422 and 'id="tiers-0-name-error"' in page.text


def test_before_the_results_the_fixed_places_are_priced(
    organizer: FlaskClient, build: Builder
) -> None:
    event = build.event(build.contest())
    page = organizer.get(f"/events/{event.id}/plan/dry-run")
    assert page.status_code == 200 and "29,000" in page.text


def test_a_plan_that_costs_too_much_says_so(organizer: FlaskClient, story: Story) -> None:
    typed = typed_in(organizer.get(f"/events/{story.event.id}/plan").text, "minimum_entrants")
    typed["budget"] = "10"
    page = organizer.post(f"/events/{story.event.id}/plan/dry-run", data=typed)
    assert page.status_code == 200 and "10" in page.text and "预算" in page.text
