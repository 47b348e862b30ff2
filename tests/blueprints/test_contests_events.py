"""Pages of events, award plans and marking schemes."""

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from models.contests import Event
from rules.plans import default_scheme
from rules.states import ContestState, EventState
from services import contests, rule_versions
from services.scheme_workbooks import write_scheme
from tests.builders import Builder, sign_in

EVENT = {
    "code": "01",
    "title": "钳工",
    "occupation": "钳工",
    "standard_level": "3",
    "team_size": "1",
    "divisions": ["staff", "student"],
    "start_from": "0",
}


@pytest.fixture
def organizer(client: FlaskClient, build: Builder) -> FlaskClient:
    """An organizer of everything, signed in."""
    return sign_in(client, build.account("organizer"))


@pytest.fixture
def event(build: Builder) -> Event:
    """A draft event of a draft edition."""
    drafted: Event = build.event(build.contest())
    return drafted


def fresh(event: Event) -> Event:
    return contests.get_event(event.id)


def plan_of(tiers: list[dict[str, str]], **more: str) -> dict[str, Any]:
    """Return the form of an award plan as a browser sends it."""
    typed: dict[str, Any] = {
        "ties": "extend",
        "share_rounding": "floor",
        "amount_basis": "gross",
        "minimum_entrants": "8",
        "tie_breaks-0-step": "part:theory",
        "tie_breaks-1-step": "",
        "has_levels": "y",
        "base_level": "3",
        "top_level": "2",
        "top_places": "3",
        "top_share": "10",
        "needs": ["theory", "practical"],
        "if_already_held": "none",
        "cap": "2",
    }
    for index, tier in enumerate(tiers):
        typed |= {f"tiers-{index}-{name}": value for name, value in tier.items()}
    return typed | more


def test_an_event_begins_with_the_usual_rules_in_chinese(
    organizer: FlaskClient, build: Builder
) -> None:
    contest = build.contest()
    organizer.post("/language", data={"language": "en"})
    reply = organizer.post(f"/contests/{contest.id}/events/new", data=EVENT)
    assert reply.status_code == 303
    (made,) = contests.get_contest(contest.id).events
    assert [d.title for d in made.divisions] == ["职工组", "学生组"]
    assert contests.scheme_of(made).parts[0].title == "理论知识"
    assert contests.plan_of(made).awards.tiers[0].name == "一等奖"
    page = organizer.get(reply.headers["Location"])
    assert page.status_code == 200 and "一等奖" in page.text


def test_an_event_can_begin_like_another(organizer: FlaskClient, event: Event) -> None:
    typed = EVENT | {"start_from": str(event.id), "own_divisions": "教师组\n\n 教师组 "}
    organizer.post(f"/contests/{event.contest_id}/events/new", data=typed)
    made = contests.get_contest(event.contest_id).events[-1]
    assert contests.plan_of(made) == contests.plan_of(event)
    assert [d.title for d in made.divisions] == ["职工组", "学生组", "教师组"]


def test_a_refused_event_keeps_what_was_typed(organizer: FlaskClient, event: Event) -> None:
    address = f"/contests/{event.contest_id}/events/new"
    for wrong in (
        {"code": event.code},
        {"title": ""},
        {"divisions": []},
        {"team_size": "77"},
        {"own_divisions": "x" * 41},
        {"held_on": "2026-13-01"},
    ):
        reply = organizer.post(address, data=EVENT | {"venue": "技师学院"} | wrong)
        assert reply.status_code == 422 and "技师学院" in reply.text
    assert len(contests.get_contest(event.contest_id).events) == 1


def test_several_usual_events_are_added_at_once(organizer: FlaskClient, build: Builder) -> None:
    contest = build.contest()
    address = f"/contests/{contest.id}/events/add"
    assert "养老护理员" in organizer.get(address).text
    typed = EVENT | {"occupations": ["钳工", "焊工"], "others": "越窑青瓷工\n焊工"}
    assert organizer.post(address, data=typed).status_code == 303
    titles = [event.title for event in contests.get_contest(contest.id).events]
    assert titles == ["钳工", "焊工", "越窑青瓷工"]
    again = organizer.post(address, data=typed)
    assert again.status_code == 422 and "越窑青瓷工" in again.text
    assert organizer.post(address, data=EVENT).status_code == 422


def test_an_event_is_edited(organizer: FlaskClient, event: Event) -> None:
    address = f"/events/{event.id}/edit"
    typed = EVENT | {"code": event.code, "held_on": "2026-10-16", "version": str(event.version)}
    assert organizer.post(address, data=typed).status_code == 303
    assert fresh(event).title == "钳工"
    assert organizer.post(address, data=typed | {"venue": "甲"}).status_code == 422


def test_rows_are_added_moved_and_removed_without_losing_anything(
    organizer: FlaskClient, event: Event
) -> None:
    typed = plan_of([{"name": "一等奖", "amount": "oops"}, {"name": "二等奖"}])
    address = f"/events/{event.id}/plan"
    added = organizer.post(address, data=typed | {"change": "tiers:add"})
    assert added.status_code == 200
    assert "oops" in added.text and 'name="tiers-2-name"' in added.text
    removed = organizer.post(address, data=typed | {"change": "tiers:remove:0"})
    assert "一等奖" not in removed.text and 'name="tiers-1-name"' not in removed.text
    moved = organizer.post(address, data=typed | {"change": "tiers:up:1"}).text
    assert moved.index("二等奖") < moved.index("一等奖")
    odd = organizer.post(address, data=typed | {"change": "tiers:remove:99"})
    assert odd.status_code == 200 and "二等奖" in odd.text
    assert contests.plan_of(fresh(event)) == contests.plan_of(event)


def test_a_plan_is_saved_as_typed(organizer: FlaskClient, event: Event) -> None:
    tiers = [
        {
            "key": "first",
            "name": "特等奖",
            "places": "１",
            "amount": "12,000",
            "honours": "技能之星、能手",
        },
        {"name": "优胜奖", "share": "30", "floor": "60"},
    ]
    typed = plan_of(tiers, version=str(event.version), amount_basis="net")
    assert organizer.post(f"/events/{event.id}/plan", data=typed).status_code == 303
    plan = contests.plan_of(fresh(event))
    first, last = plan.awards.tiers
    assert (first.key, first.places, first.amount) == ("first", 1, Decimal(12000))
    assert first.honours == ("技能之星", "能手")
    assert (last.key, last.share, last.floor, last.places) == ("tier1", 30, 60, None)
    assert (plan.minimum_entrants, plan.awards.minimum_field) == (8, 0)
    assert [step.key for step in plan.tie_breaks] == ["theory"]
    assert plan.levels is not None and plan.levels.needs == ("theory", "practical")


def test_a_plan_with_wrong_numbers_is_refused_at_the_field(
    organizer: FlaskClient, event: Event
) -> None:
    tiers = [{"name": "", "places": "-1", "share": "130", "amount": "1e5", "floor": "NaN"}]
    typed = plan_of(tiers, version=str(event.version))
    reply = organizer.post(f"/events/{event.id}/plan", data=typed)
    assert reply.status_code == 422
    for name in ("name", "places", "share", "amount", "floor"):
        assert f'id="tiers-0-{name}-error"' in reply.text
    assert "This field is required" not in reply.text
    contradiction = plan_of([], version=str(event.version), top_level="5")
    reply = organizer.post(f"/events/{event.id}/plan", data=contradiction)
    assert reply.status_code == 422 and 'id="top_level-error"' in reply.text


def test_a_plan_is_given_to_other_events(organizer: FlaskClient, build: Builder) -> None:
    contest = build.contest()
    one, two = build.event(contest), build.event(contest)
    typed = plan_of([{"name": "一等奖"}], version=str(one.version)) | {"also": [str(two.id)]}
    organizer.post(f"/events/{one.id}/plan", data=typed)
    assert len(contests.plan_of(fresh(two)).awards.tiers) == 1


def test_a_published_plan_asks_for_the_reason(organizer: FlaskClient, build: Builder) -> None:
    event = build.event(state=EventState.REGISTERING)
    typed = plan_of([{"name": "一等奖"}], version=str(event.version))
    address = f"/events/{event.id}/plan"
    refused = organizer.post(address, data=typed)
    assert refused.status_code == 422 and 'id="reason-error"' in refused.text
    assert organizer.post(address, data=typed | {"reason": "预算调整"}).status_code == 303
    assert "预算调整" in organizer.get(f"/events/{event.id}").text
    assert len(rule_versions.list_versions(event.id)) == 1


def parts_of(event: Event, **more: str) -> dict[str, str]:
    """Return the form of a scheme's parts as a browser sends it."""
    typed = {"version": str(event.version), "digits": "2"}
    for index, part in enumerate(contests.scheme_of(event).parts):
        row = {
            "key": part.key,
            "title": part.title,
            "weight": str(part.weight),
            "pass_mark": "60",
            "entered_by": part.entered_by,
            "judges": str(part.panel.judges),
            "minimum": str(part.panel.minimum),
            "drop_high": str(part.panel.drop_high),
            "drop_low": str(part.panel.drop_low),
            "combine_at": "part",
        }
        typed |= {f"parts-{index}-{name}": value for name, value in row.items()}
    return typed | more


def test_weights_and_panels_are_changed(organizer: FlaskClient, event: Event) -> None:
    address = f"/events/{event.id}/scheme/edit"
    assert organizer.get(address).status_code == 200
    typed = parts_of(event) | {"parts-0-weight": "30", "parts-1-weight": "70"}
    assert organizer.post(address, data=typed).status_code == 303
    assert [part.weight for part in contests.scheme_of(fresh(event)).parts] == [30, 70]


def test_all_problems_of_the_parts_are_shown_at_once(organizer: FlaskClient, event: Event) -> None:
    typed = parts_of(event) | {"parts-0-weight": "30", "parts-1-drop_high": "5"}
    reply = organizer.post(f"/events/{event.id}/scheme/edit", data=typed)
    assert reply.status_code == 422
    assert "权重合计为 110" in reply.text and "可能没有剩余有效分" in reply.text
    added = organizer.post(f"/events/{event.id}/scheme/edit", data=typed | {"change": "parts:add"})
    assert 'name="parts-2-title"' in added.text and 'value="30"' in added.text


def test_a_criterion_is_written_and_shown_as_a_tree(organizer: FlaskClient, event: Event) -> None:
    typed = {
        "version": str(event.version),
        "title": "A 零件加工",
        "aspects-0-title": "孔距",
        "aspects-0-kind": "points",
        "aspects-0-maximum": "20",
        "aspects-0-step": "0.5",
        "aspects-1-title": "外观",
        "aspects-1-sub": "A2 表面",
        "aspects-1-kind": "judgement",
        "aspects-1-maximum": "10",
    }
    address = f"/events/{event.id}/scheme/2/new"
    assert organizer.get(address).status_code == 200
    refused = organizer.post(address, data=typed)
    assert refused.status_code == 422 and "四档" in refused.text
    typed |= {f"aspects-1-ladder_{n}": text for n, text in enumerate("差中良优")}
    assert organizer.post(address, data=typed).status_code == 303
    page = organizer.get(f"/events/{event.id}/scheme").text
    assert all(text in page for text in ("A 零件加工", "A2 表面", "孔距", "30 分"))
    again = organizer.get(f"/events/{event.id}/scheme/2/2")
    assert "孔距" in again.text and 'value="A2 表面"' in again.text
    remove = f"/events/{event.id}/scheme/2/2/remove"
    organizer.post(remove, data={"version": str(fresh(event).version)})
    assert len(contests.scheme_of(fresh(event)).parts[1].sections) == 1
    for missing in ("9/new", "2/9", "0/1"):
        assert organizer.get(f"/events/{event.id}/scheme/{missing}").status_code == 404


def upload(client: FlaskClient, event: Event, data: bytes, name: str = "scheme.xlsx") -> Any:
    typed = {
        "version": str(fresh(event).version),
        "part": "practical",
        "workbook": (io.BytesIO(data), name),
    }
    address = f"/events/{event.id}/scheme/upload"
    return client.post(address, data=typed, content_type="multipart/form-data")


def test_a_downloaded_scheme_comes_back_the_same(organizer: FlaskClient, event: Event) -> None:
    reply = organizer.get(f"/events/{event.id}/scheme.xlsx")
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert upload(organizer, event, reply.data).status_code == 303
    assert contests.scheme_of(fresh(event)) == contests.scheme_of(event)
    other = default_scheme(Decimal(40), Decimal(60))
    assert upload(organizer, event, write_scheme(other)).status_code == 303
    assert contests.scheme_of(fresh(event)).parts[0].weight == 40


def test_a_wrong_workbook_shows_all_its_problems_and_changes_nothing(
    organizer: FlaskClient, event: Event
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(organizer.get(f"/events/{event.id}/scheme.xlsx").data))
    sheet = book.worksheets[0]
    sheet["H2"], sheet["H3"] = "many", "lots"
    target = io.BytesIO()
    book.save(target)
    reply = upload(organizer, event, target.getvalue())
    assert reply.status_code == 422
    assert "many" in reply.text and "lots" in reply.text
    for nonsense in (b"", b"no workbook at all", b"PK\x03\x04broken"):
        assert upload(organizer, event, nonsense).status_code == 422
    assert contests.scheme_of(fresh(event)) == contests.scheme_of(event)


def test_the_template_is_a_workbook(organizer: FlaskClient) -> None:
    assert organizer.get("/schemes/template.xlsx").data.startswith(b"PK")


def test_an_event_is_published_cancelled_and_removed(
    organizer: FlaskClient, build: Builder
) -> None:
    contest = build.contest(ContestState.PUBLISHED)
    late, gone = build.event(contest, EventState.DRAFT), build.event(contest, EventState.DRAFT)
    organizer.post(f"/events/{late.id}/publish")
    assert fresh(late).state is EventState.REGISTERING
    organizer.post(f"/events/{late.id}/cancel", data={"reason": ""})
    assert fresh(late).state is EventState.REGISTERING
    organizer.post(f"/events/{late.id}/cancel", data={"reason": "人数不足"})
    assert fresh(late).state is EventState.CANCELLED
    assert organizer.get(f"/events/{late.id}").status_code == 200
    address = f"/events/{gone.id}"
    reply = organizer.post(f"{address}/remove")
    assert reply.headers["Location"] == f"/contests/{contest.id}"
    assert organizer.get(address).status_code == 404
