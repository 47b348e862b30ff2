"""Rules that come from a file, another event or a ready scheme; their versions and differences."""

import io
from decimal import Decimal
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient

from blueprints.contests.change_words import _LABELS, _NAMES
from models.contests import Event
from models.database import db
from models.judging import Mark, PanelSeat, Sheet
from rules.allocation import Tier
from rules.data import RuleData
from rules.editions import FrozenRules
from rules.plans import EditionRules, default_scheme
from rules.schemes import Panel, Scheme
from rules.states import EventState
from rules.tables import TeamRule
from services import contests, rule_versions
from services.score_ready import READY
from services.score_schemes import write_json, write_yaml
from tests.builders import Builder, sign_in, work_of
from tests.typed import sent


@pytest.fixture
def organizer(client: FlaskClient, build: Builder) -> FlaskClient:
    """An organizer of everything, signed in."""
    return sign_in(client, build.account("organizer"))


def upload(client: FlaskClient, event: Event, data: bytes, name: str) -> Any:
    version = str(contests.get_event(event.id).version)
    typed = {"version": version, "part": "practical", "workbook": (io.BytesIO(data), name)}
    address = f"/events/{event.id}/scheme/upload"
    return client.post(address, data=typed, content_type="multipart/form-data")


def take(client: FlaskClient, event: Event, page: str, **more: str) -> Any:
    address = f"/events/{event.id}/scheme/take-over"
    return client.post(address, data=sent(page, "take-over", **more))


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_a_downloaded_scheme_file_changes_nothing(
    organizer: FlaskClient, build: Builder, kind: str
) -> None:
    event = build.event()
    reply = organizer.get(f"/events/{event.id}/scheme.{kind}")
    assert reply.headers["Content-Disposition"].endswith(f"-scheme.{kind}")
    page = upload(organizer, event, reply.data, f"x.{kind}")
    assert page.status_code == 200 and page.text.count("没有变化") == 2
    assert take(organizer, event, page.text).status_code == 303
    assert contests.get_event(event.id).version == event.version


def test_a_scheme_file_is_taken_over_only_after_a_look_at_what_changes(
    organizer: FlaskClient, build: Builder
) -> None:
    event = build.event(build.contest())
    new = default_scheme(Decimal(40), Decimal(60))
    data = write_yaml(new, contests.plan_of(event).model_copy(update={"minimum_entrants": 9}))
    page = upload(organizer, event, data, "new.yaml")
    assert page.status_code == 200
    assert "<del>80</del>" in page.text and "<ins>60</ins>" in page.text
    assert contests.scheme_of(contests.get_event(event.id)).parts[0].weight == 20
    assert take(organizer, event, page.text).status_code == 303
    stored = contests.get_event(event.id)
    assert contests.scheme_of(stored) == new and contests.plan_of(stored).minimum_entrants == 9


def test_the_plan_stays_where_only_the_scheme_is_wanted(
    organizer: FlaskClient, build: Builder
) -> None:
    event = build.event(build.contest())
    plan = contests.plan_of(event)
    data = write_json(default_scheme(Decimal(40), Decimal(60)), type(plan)())
    typed = sent(upload(organizer, event, data, "new.json").text, "take-over")
    del typed["with_plan"]
    organizer.post(f"/events/{event.id}/scheme/take-over", data=typed)
    stored = contests.get_event(event.id)
    assert contests.scheme_of(stored).parts[0].weight == 40 and contests.plan_of(stored) == plan


def test_a_wrong_scheme_file_shows_every_problem_with_its_place(
    organizer: FlaskClient, build: Builder
) -> None:
    event = build.event(build.contest())
    raw = write_yaml(default_scheme(), contests.plan_of(event))
    wrong = raw.replace(b"weight: 20", b"weight: 25").replace(b"judges: 5", b"judges: five")
    page = upload(organizer, event, wrong, "wrong.yml")
    assert page.status_code == 422
    assert "105" in page.text and "judges" in page.text and page.text.count("列：") >= 2
    for raw in (b"", b"a: &x 1\nb: *x", b"\xff\xfe", b"["):
        assert upload(organizer, event, raw, "wrong.yaml").status_code == 422
    assert contests.scheme_of(contests.get_event(event.id)) == contests.scheme_of(event)


def test_taking_over_published_rules_needs_a_reason_and_keeps_the_preview(
    organizer: FlaskClient, build: Builder
) -> None:
    event = build.event(state=EventState.REGISTERING)
    data = write_yaml(default_scheme(Decimal(40), Decimal(60)), contests.plan_of(event))
    page = upload(organizer, event, data, "new.yaml").text
    refused = take(organizer, event, page)
    assert refused.status_code == 422 and 'id="reason-error"' in refused.text
    assert take(organizer, event, refused.text, reason="专家意见").status_code == 303
    assert len(rule_versions.list_versions(event.id)) == 1
    forged = sent(page, "take-over") | {"draft": "forged"}
    assert organizer.post(f"/events/{event.id}/scheme/take-over", data=forged).status_code == 400


@pytest.mark.parametrize("name", [one.name for one in READY])
def test_every_ready_scheme_is_offered_and_taken_over_in_chinese(
    organizer: FlaskClient, build: Builder, name: str
) -> None:
    event = build.event(build.contest())
    offered = organizer.get(f"/events/{event.id}/scheme/sources").text
    assert f"ready={name}" in offered
    page = organizer.get(f"/events/{event.id}/scheme/from?ready={name}")
    assert page.status_code == 200
    assert take(organizer, event, page.text).status_code == 303
    scheme = contests.scheme_of(contests.get_event(event.id))
    for part in scheme.parts:
        assert not part.title.isascii() and not any(a.title.isascii() for a in part.aspects)


def test_the_rules_of_another_event_are_copied(organizer: FlaskClient, build: Builder) -> None:
    contest = build.contest()
    one, two = build.event(contest), build.event(build.contest(year=2025))
    two.scheme = default_scheme(Decimal(35), Decimal(65)).model_dump(mode="json")
    db.session.commit()
    assert two.title in organizer.get(f"/events/{one.id}/scheme/sources").text
    page = organizer.get(f"/events/{one.id}/scheme/from?event={two.id}")
    assert take(organizer, one, page.text).status_code == 303
    assert contests.scheme_of(contests.get_event(one.id)).parts[0].weight == 35


def test_what_the_reader_may_not_see_cannot_be_copied(client: FlaskClient, build: Builder) -> None:
    mine, other = build.contest(), build.contest()
    event, foreign = build.event(mine), build.event(other)
    sign_in(client, build.account("organizer", contest_id=mine.id))
    assert other.title not in client.get(f"/events/{event.id}/scheme/sources").text
    for wanted in (f"event={foreign.id}", "event=999999", "event=x", "ready=nothing", ""):
        assert client.get(f"/events/{event.id}/scheme/from?{wanted}").status_code == 404


def amended(client: FlaskClient, event: Event, weight: int, reason: str) -> None:
    scheme = default_scheme(Decimal(weight), Decimal(100 - weight))
    data = write_yaml(scheme, contests.plan_of(event))
    assert take(client, event, upload(client, event, data, "n.yaml").text, reason=reason)


def test_versions_are_listed_and_any_two_are_compared_in_words(
    organizer: FlaskClient, build: Builder
) -> None:
    event = build.event(state=EventState.REGISTERING)
    address = f"/events/{event.id}/rules"
    assert "尚无版本" in organizer.get(address).text
    for weight, reason in ((30, "专家意见"), (40, "二次修订"), (50, "三次修订")):
        amended(organizer, event, weight, reason)
    page = organizer.get(address).text
    assert all(reason in page for reason in ("专家意见", "二次修订", "三次修订"))
    assert "<del>40</del>" in page and "<ins>50</ins>" in page and "权重" in page
    older = organizer.get(f"{address}?old=1&new=3").text
    assert "<del>30</del>" in older and "<ins>50</ins>" in older
    assert "{" not in older.split("<table")[-1].split("</table>")[0]
    assert "内容相同" in organizer.get(f"{address}?old=2&new=2").text


def test_rules_stand_from_the_first_mark_on_and_the_page_says_so(
    organizer: FlaskClient, build: Builder
) -> None:
    event = build.event(state=EventState.SCORING)
    address = f"/events/{event.id}/scheme"
    assert "scheme/nodes" in organizer.get(address).text
    seat = PanelSeat(
        event_id=event.id, part="practical", number=1, account_id=build.account("judge").id
    )
    db.session.add(seat)
    entry = build.entry(event, code="AAAA")
    db.session.flush()
    sheet = Sheet(event_id=event.id, work_id=work_of(entry).id, seat_id=seat.id)
    sheet.marks = [Mark(aspect="practical_mark", value=Decimal(80), updated_at=entry.submitted_at)]
    db.session.add(sheet)
    db.session.commit()
    for page in (organizer.get(address).text, organizer.get(f"/events/{event.id}/rules").text):
        assert "已有评分" in page and "scheme/nodes" not in page
    for where in ("nodes", "edit", "2/1", "upload", "sources"):
        assert "已有评分" in organizer.get(f"{address}/{where}").text
    editor = organizer.get(f"{address}/nodes").text
    typed = sent(editor, "wide", reason="改动", n_digits="3") | {"go": "save"}
    refused = organizer.post(f"{address}/nodes", data=typed)
    assert refused.status_code == 422 and "已有评分" in refused.text


def test_a_part_goes_out_as_a_cis_workbook_or_says_why_not(
    organizer: FlaskClient, build: Builder
) -> None:
    event = build.event(build.contest())
    reply = organizer.get(f"/events/{event.id}/scheme/2/cis.xlsx")
    assert reply.data.startswith(b"PK")
    assert organizer.get(f"/events/{event.id}/scheme/3/cis.xlsx").status_code == 404
    page = organizer.get(f"/events/{event.id}/scheme/from?ready=time-bands").text
    take(organizer, event, page)
    reply = organizer.get(f"/events/{event.id}/scheme/1/cis.xlsx")
    assert reply.status_code == 303
    assert "CIS" in organizer.get(reply.headers["Location"]).text


def models(model: type[RuleData], seen: set[type[RuleData]]) -> set[type[RuleData]]:
    """Return a piece of rules and all that stands in its fields."""
    if model not in seen:
        seen.add(model)
        for field in model.model_fields.values():
            for inner in _inside(field.annotation):
                models(inner, seen)
    return seen


def _inside(annotation: Any) -> list[type[RuleData]]:
    if isinstance(annotation, type) and issubclass(annotation, RuleData):
        return [annotation]
    return [found for inner in get_args(annotation) for found in _inside(inner)]


def test_every_field_of_the_rules_has_a_name_for_readers() -> None:
    found = models(FrozenRules, set())
    assert {Scheme, Panel, Tier, TeamRule, EditionRules} <= found
    unnamed = {
        name
        for model in found
        for name in model.model_fields
        if name not in {*_NAMES, *_LABELS, "scheme", "top"}
    }
    assert unnamed == set()


@pytest.mark.parametrize("name", [one.name for one in READY])
def test_the_scheme_says_its_rules_in_words(
    organizer: FlaskClient, build: Builder, name: str
) -> None:
    event = build.event(build.contest())
    take(organizer, event, organizer.get(f"/events/{event.id}/scheme/from?ready={name}").text)
    page = organizer.get(f"/events/{event.id}/scheme").text
    words = {
        "time-bands": ["扣分", "取消资格", "分段", "大于 900"],
        "worldskills": ["公差", "0.02", "选项", "标称满分", "须重新评分"],
        "theory-heat": ["理论预赛", "最多晋级人", "24", "0.2"],
        "two-judges": ["须重新评分"],
    }
    assert [text for text in words.get(name, []) if text not in page] == []
