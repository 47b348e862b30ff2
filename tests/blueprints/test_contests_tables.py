"""The quick tables of parts and criteria: they add up as one types, and lose no richer rule."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from models.contests import Event
from models.database import db
from rules.schemes import Scheme
from services import contests
from services.score_files import read_regulations
from tests.builders import Builder, sign_in
from tests.typed import sent

SCHEMES = sorted((Path(__file__).parents[2] / "docs/schemes").glob("*.yaml"))


@pytest.fixture
def organizer(client: FlaskClient, build: Builder) -> FlaskClient:
    """An organizer of everything, signed in."""
    return sign_in(client, build.account("organizer"))


def event_with(build: Builder, file: Path) -> Event:
    event: Event = build.event(build.contest())
    rules = read_regulations(file)
    event.scheme = rules.scheme.model_dump(mode="json")
    event.plan = rules.plan.model_dump(mode="json")
    db.session.commit()
    return event


def fresh(event: Event) -> Scheme:
    return contests.scheme_of(contests.get_event(event.id))


def ready(name: str) -> Path:
    return next(file for file in SCHEMES if file.stem == name)


@pytest.mark.parametrize("file", SCHEMES, ids=lambda file: file.stem)
def test_saving_a_table_as_it_is_changes_nothing(
    organizer: FlaskClient, build: Builder, file: Path
) -> None:
    event = event_with(build, file)
    before = fresh(event).digest()
    address = f"/events/{event.id}/scheme"
    addresses = [f"{address}/edit"]
    for number, part in enumerate(fresh(event).parts[:3], start=1):
        addresses += [f"{address}/{number}/{n + 1}" for n in range(min(len(part.sections), 2))]
    for one in addresses:
        page = organizer.get(one)
        assert page.status_code == 200
        assert organizer.post(one, data=sent(page.text)).status_code == 303, one
        assert fresh(event).digest() == before, one


def test_a_row_that_cannot_show_an_aspect_leads_to_its_own_page(
    organizer: FlaskClient, build: Builder
) -> None:
    event = event_with(build, ready("worldskills"))
    page = organizer.get(f"/events/{event.id}/scheme/1/1").text
    assert "scheme/nodes?node=p0-s0-a1" in page and "scheme/nodes?node=p0-s0-a2" in page
    typed = sent(page, aspects_0_title="长度", aspects_0_maximum="15")
    answer = check(organizer, event, "1/1", page, aspects_0_maximum="15")
    assert answer["problems"] and "60" in answer["problems"][0]["text"]
    assert organizer.post(f"/events/{event.id}/scheme/1/1", data=typed).status_code == 422
    typed = sent(page, aspects_0_title="长度")
    assert organizer.post(f"/events/{event.id}/scheme/1/1", data=typed).status_code == 303
    section = fresh(event).parts[0].sections[0]
    assert section.aspects[0].title == "长度" and section.panel is not None
    assert section.aspects[1].tolerance and section.aspects[2].options


def test_a_part_keeps_what_its_table_does_not_show(organizer: FlaskClient, build: Builder) -> None:
    event = event_with(build, ready("theory-heat"))
    page = organizer.get(f"/events/{event.id}/scheme/edit").text
    typed = sent(page, parts_1_judges="7", parts_1_drop_high="2")
    assert organizer.post(f"/events/{event.id}/scheme/edit", data=typed).status_code == 303
    scheme = fresh(event)
    assert scheme.parts[1].panel.judges == 7 and len(scheme.stages) == 2
    assert [part.stage for part in scheme.parts] == ["heat", "final"]
    more = sent(organizer.get(f"/events/{event.id}/scheme/edit").text)
    added = organizer.post(
        f"/events/{event.id}/scheme/edit", data=more | {"change": "parts:add"}
    ).text
    typed = sent(added, parts_2_title="答辩", parts_2_weight="40", parts_1_weight="60")
    assert organizer.post(f"/events/{event.id}/scheme/edit", data=typed).status_code == 303
    assert fresh(event).parts[2].stage == "final"


def check(client: FlaskClient, event: Event, where: str, page: str, **typed: str) -> Any:
    address = f"/events/{event.id}/scheme/{where}/check"
    return client.post(address, data=sent(page, **typed)).get_json()


def test_weights_and_sums_are_told_while_parts_are_typed(
    organizer: FlaskClient, build: Builder
) -> None:
    event = event_with(build, ready("skills-star"))
    page = organizer.get(f"/events/{event.id}/scheme/edit").text
    good = check(organizer, event, "edit", page)
    assert good["problems"] == [] and "100" in good["summary"]
    bad = check(organizer, event, "edit", page, parts_0_weight="30", parts_1_drop_low="5")
    assert "110" in bad["summary"] and len(bad["problems"]) == 2
    wrong = check(organizer, event, "edit", page, parts_0_weight="viel")
    assert list(wrong["errors"]) == ["parts-0-weight"]
    assert fresh(event) == contests.scheme_of(event)


def test_the_sum_of_a_criterion_is_told_while_it_is_typed(
    organizer: FlaskClient, build: Builder
) -> None:
    event = event_with(build, ready("skills-star"))
    page = organizer.get(f"/events/{event.id}/scheme/2/1").text
    answer = check(organizer, event, "2/1", page, aspects_0_maximum="45.5")
    assert answer["summary"].count("45.5") == 2 and answer["problems"] == []
    new = organizer.get(f"/events/{event.id}/scheme/2/new").text
    answer = check(organizer, event, "2/0", new, aspects_0_title="新", aspects_0_maximum="20")
    assert "20" in answer["summary"] and "120" in answer["summary"]
    answer = check(organizer, event, "2/0", new, aspects_0_title="新", aspects_0_maximum="x")
    assert answer["errors"]["aspects-0-maximum"]
    empty = organizer.post(f"/events/{event.id}/scheme/2/0/check", data={"title": "x"})
    assert empty.get_json()["problems"]
    for place in ("9/1", "2/9", "0/1"):
        assert organizer.post(f"/events/{event.id}/scheme/{place}/check").status_code == 404
