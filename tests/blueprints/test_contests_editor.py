"""The editor of a whole scheme: nothing is lost, everything can be said, all is saved at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient

from blueprints.contests.node_boxes import BOXES, MODELS
from blueprints.contests.node_places import BESIDE
from blueprints.contests.node_specs import Group, Rows, Spec
from models.contests import Event
from models.database import db
from rules.regulations import Regulations
from rules.scheme_trees import bare, place_of, walk
from rules.schemes import Scheme
from rules.states import EventState
from services import contests, rule_versions
from services.score_files import read_regulations
from tests.builders import Builder, sign_in
from tests.typed import sent

SCHEMES = sorted((Path(__file__).parents[2] / "docs/schemes").glob("*.yaml"))
# Kept in the tree itself, or in two lists of one box.
ELSEWHERE = {"stages", "parts", "sections", "aspects", "rounds", "ladder", "awards", "top"}


@pytest.fixture
def organizer(client: FlaskClient, build: Builder) -> FlaskClient:
    """An organizer of everything, signed in."""
    return sign_in(client, build.account("organizer"))


def event_with(build: Builder, rules: Regulations | None = None) -> Event:
    """A draft event, with the rules of a scheme file."""
    event: Event = build.event(build.contest())
    if rules is not None:
        event.scheme = rules.scheme.model_dump(mode="json")
        event.plan = rules.plan.model_dump(mode="json")
        db.session.commit()
    return event


def fresh(event: Event) -> Scheme:
    return contests.scheme_of(contests.get_event(event.id))


def address(event: Event) -> str:
    return f"/events/{event.id}/scheme/nodes"


class Editing:
    """Somebody in front of the editor, without JavaScript."""

    def __init__(self, client: FlaskClient, event: Event) -> None:
        self._client, self._url = client, address(event)
        self.page = client.get(self._url).text
        self.status = 200

    def press(self, go: str, **typed: str) -> "Editing":
        """Type something and press a button of the page."""
        data = sent(self.page, "wide", **typed) | {"go": go}
        reply = self._client.post(self._url, data=data)
        self.page, self.status = reply.text, reply.status_code
        return self

    def check(self, **typed: str) -> Any:
        """Ask what the draft adds up to."""
        data = sent(self.page, "wide", **typed)
        return self._client.post(f"{self._url}/check", data=data).get_json()


@pytest.mark.parametrize("kind", BOXES)
def test_every_field_of_every_node_can_be_edited(kind: Any) -> None:
    shown = {
        (item.under if isinstance(item, Rows) and item.under else item.name)
        for box in BOXES[kind]
        for item in box.items
    }
    assert set(MODELS[kind].model_fields) - ELSEWHERE - {"key"} <= shown
    assert "key" in shown or kind == "scheme"
    for item in (item for box in BOXES[kind] for item in box.items):
        if isinstance(item, Group | Rows):
            fields = {spec.name for spec in item.specs}
            assert set(item.model.model_fields) - fields <= {"tie_breaks"}, item.name


@pytest.mark.parametrize("kind", BOXES)
def test_no_field_stands_twice_on_a_page(kind: Any) -> None:
    names = [item.name for box in BOXES[kind] for item in box.items]
    assert len(names) == len(set(names))


def specs() -> Iterator[tuple[Any, Spec]]:
    """Yield every single field with the rules that it belongs to."""
    for kind, boxes in BOXES.items():
        for item in (item for box in boxes for item in box.items):
            if isinstance(item, Spec):
                yield MODELS[kind], item
            elif isinstance(item, Group | Rows):
                yield from ((item.model, spec) for spec in item.specs)


def test_every_choice_of_a_field_is_offered() -> None:
    for model, spec in specs():
        if spec.typed == "choice" and not spec.offer:
            known = model.model_fields[spec.name].annotation
            wanted = set(known) if isinstance(known, type) else set(get_args(known))
            assert {code for code, _ in spec.choices} == wanted, spec.name


@pytest.mark.parametrize("file", SCHEMES, ids=lambda file: file.stem)
def test_looking_at_every_node_and_saving_changes_nothing(
    organizer: FlaskClient, build: Builder, file: Path
) -> None:
    rules = read_regulations(file)
    event = event_with(build, rules)
    editing = Editing(organizer, event)
    for path, _ in list(walk(bare(rules.scheme)))[:40]:
        editing.press(f"open:{place_of(path)}")
        assert editing.status == 200
    assert editing.press("save").status == 303
    assert fresh(event).digest() == rules.scheme.digest()
    assert contests.get_event(event.id).version == event.version


def test_parts_criteria_and_aspects_are_added_moved_and_removed(
    organizer: FlaskClient, build: Builder
) -> None:
    event = event_with(build)
    editing = Editing(organizer, event).press("add:parts:")
    assert 'name="node" value="p2"' in editing.page
    editing.press("open:p1", n_title="答辩").press("add:sections:p2", n_weight="70")
    editing.press("add:aspects:p2-s1", n_title="表达")
    editing.press("up", n_title="条理", n_maximum="20").press("open:p2-s0").press("remove")
    assert fresh(event) == contests.scheme_of(event)
    assert editing.press("save").status == 303
    part = fresh(event).parts[2]
    assert part.title == "答辩" and [one.title for one in part.sections] == ["表达"]
    assert [str(one.maximum) for one in part.aspects] == ["20", "10"]
    assert part.aspects[0].title == "条理"


def test_a_heat_and_a_final_are_made_in_the_editor(organizer: FlaskClient, build: Builder) -> None:
    event = event_with(build)
    editing = Editing(organizer, event).press("add:stages:")
    editing.press("open:g0", n_title="理论预赛", n_advance="y", n_advance_top="24")
    editing.press("open:").press("add:stages:").press("open:p0", n_title="实操决赛", n_factor="0.8")
    keys = [key for key in ("stage1", "stage2") if f'value="{key}"' in editing.page]
    assert keys == ["stage1", "stage2"]
    editing.press("open:g1", n_stage="stage1", n_weight="100")
    editing.press("more:carry", n_advance_share="")
    editing.press("open:p1", n_carry_0_stage="stage1", n_carry_0_factor="0.2")
    assert editing.press("save", n_stage="stage2", n_weight="100").status == 303
    scheme = fresh(event)
    heat, final = scheme.stages
    assert heat.advance is not None and heat.advance.top == 24 and str(final.factor) == "0.8"
    assert [(carry.stage, str(carry.factor)) for carry in final.carry] == [("stage1", "0.2")]
    assert [part.stage for part in scheme.parts] == ["stage1", "stage2"]


def aspect_page(organizer: FlaskClient, event: Event, kind: str) -> Editing:
    editing = Editing(organizer, event).press("open:p1-s0-a0")
    return editing.press("show", n_kind=kind)


def test_each_kind_of_aspect_is_made_with_its_own_fields(
    organizer: FlaskClient, build: Builder
) -> None:
    event = event_with(build)
    editing = aspect_page(organizer, event, "deviation")
    editing.press("show", n_target="50", n_tolerance="0.02", n_difference="0.01", n_deduction="5")
    assert editing.press("save", n_counted="started", n_reading_step="0.01").status == 303
    (aspect,) = fresh(event).parts[1].aspects
    assert (aspect.kind, str(aspect.tolerance), aspect.counted) == ("deviation", "0.02", "started")

    editing = aspect_page(organizer, event, "choice").press("more:options").press("more:options")
    typed = {"n_options_0_label": "合格", "n_options_0_award": "100", "n_options_1_label": "不合格"}
    assert editing.press("save", **typed, n_options_1_award="0").status == 303
    (aspect,) = fresh(event).parts[1].aspects
    assert [option.label for option in aspect.options] == ["合格", "不合格"]
    assert aspect.tolerance == 0 and aspect.reading_step is None

    editing = (
        aspect_page(organizer, event, "bands")
        .press("more:bands")
        .press("show", n_bands_0_up_to="900", n_bands_0_award="100")
        .press("more:bands")
    )
    assert editing.press("save", n_bands_1_above="900", n_bands_1_award="0").status == 303
    assert len(fresh(event).parts[1].aspects[0].bands) == 2

    editing = aspect_page(organizer, event, "judgement").press("more:ladder")
    typed = {f"n_ladder_{n}_text": text for n, text in enumerate("甲乙丙丁戊")}
    awards = {f"n_ladder_{n}_award": str(n * 25) for n in range(5)}
    assert editing.press("save", **typed, **awards).status == 303
    (aspect,) = fresh(event).parts[1].aspects
    assert (aspect.top, len(aspect.ladder), aspect.bands) == (4, 5, ())
    assert [str(award) for award in aspect.awards] == ["0", "25", "50", "75", "100"]
    editing = Editing(organizer, event).press("open:p1-s0-a0").press("less:ladder:4")
    assert editing.press("save").status == 303
    assert fresh(event).parts[1].aspects[0].top == 3


def test_everything_that_is_done_with_a_value_can_be_typed(
    organizer: FlaskClient, build: Builder
) -> None:
    event = event_with(build)
    editing = Editing(organizer, event).press("open:p1")
    editing.press("open:p1-s0", n_panel_combine_at="aspect").press("more:deductions")
    editing.press(
        "show",
        n_deductions_0_title="违规",
        n_deductions_0_each="5",
        n_deductions_0_limit="15",
        n_deductions_0_disqualifies_at="4",
        n_times_title="难度系数",
        n_times_maximum="３．５",
        n_factor="1,000",
        n_rounds_combined_digits="1",
        n_rounds_result_digits="2",
        n_rounds_result_mode="half_even",
        n_cap="90",
        n_panel="y",
        n_panel_judges="3",
        n_panel_combine="median",
        n_panel_zero_is_absent="y",
    )
    editing.press("show", n_points_points="12、10, 8", n_points_best="lowest", n_points_ties="mean")
    assert editing.press("save").status == 303
    node = fresh(event).parts[1].sections[0]
    assert node.times is not None and (node.times.key, str(node.times.maximum)) == ("times1", "3.5")
    assert node.deductions[0].key == "d1" and node.deductions[0].disqualifies_at == 4
    assert [(r.at, r.digits, r.mode) for r in node.rounds][1] == ("result", 2, "half_even")
    assert node.panel is not None and (node.panel.judges, node.panel.combine) == (3, "median")
    assert node.panel.zero_is_absent and node.factor == 1000 and node.cap == 90
    assert node.points is not None and [str(p) for p in node.points.points] == ["12", "10", "8"]


def test_all_problems_are_shown_at_once_each_at_its_node(
    organizer: FlaskClient, build: Builder
) -> None:
    event = event_with(build)
    editing = Editing(organizer, event).press("open:p0").press("open:p1", n_weight="viele")
    editing.press("open:p1-s0-a0", n_panel_drop_low="7").press("open:p0", n_maximum="-3")
    assert editing.press("save").status == 422
    assert 'id="n-weight-error"' in editing.page and "请输入数字" in editing.page
    answer = editing.check()
    assert {one["place"] for one in answer["problems"]} >= {"p0", "p1", "p1-s0-a0"}
    assert answer["counts"]["p1"] == 1 and answer["errors"]["n-weight"]
    assert fresh(event) == contests.scheme_of(event)


def test_sums_are_told_while_somebody_types_and_nothing_is_kept(
    organizer: FlaskClient, build: Builder
) -> None:
    event = event_with(build)
    editing = Editing(organizer, event).press("add:aspects:p1-s0")
    answer = editing.check(n_maximum="25")
    assert answer["sums"]["p1"] == answer["sums"]["p1-s0"] == "125"
    assert answer["sums"]["p1-s0-a1"] == "25" and answer["problems"] == []
    editing.press("open:p1", n_maximum="25")
    answer = editing.check(n_weight="90")
    assert "110" in answer["summary"] and answer["problems"][0]["place"] == ""
    assert fresh(event) == contests.scheme_of(event)


def test_a_draft_that_was_tampered_with_is_refused(organizer: FlaskClient, build: Builder) -> None:
    event = event_with(build)
    page = organizer.get(address(event)).text
    for draft in ("", "x", sent(page, "wide")["draft"][0][:-3] + "abc"):
        data = {"draft": draft, "node": "", "go": "save"}
        assert organizer.post(address(event), data=data).status_code == 400
    for place in ("p9", "x", "p0-a0", "p0-s9-a1"):
        assert organizer.get(f"{address(event)}?node={place}").status_code == 404


def test_a_published_scheme_is_saved_with_a_reason_only(
    organizer: FlaskClient, build: Builder
) -> None:
    event: Event = build.event(state=EventState.REGISTERING)
    editing = Editing(organizer, event).press("open:p1", n_digits="3")
    assert editing.press("save").status == 422 and 'id="reason-error"' in editing.page
    assert editing.press("save", reason="专家组意见").status == 303
    (version,) = rule_versions.list_versions(event.id)
    assert version.reason == "专家组意见" and fresh(event).digits == 3


def test_every_problem_that_has_a_field_is_one_of_the_rules() -> None:
    root = Path(__file__).parents[2]
    text = "".join(
        (root / "rules" / name).read_text(encoding="utf-8")
        for name in ("scheme_problems.py", "aspect_problems.py")
    )
    for message, names in BESIDE.items():
        assert f'N_("{message}")' in text, message
        known = {item.name for boxes in BOXES.values() for box in boxes for item in box.items}
        assert names[0] in known


def test_a_problem_of_the_rules_stands_beside_its_field(
    organizer: FlaskClient, build: Builder
) -> None:
    event = event_with(build)
    editing = Editing(organizer, event).press("open:p1")
    answer = editing.check(n_panel_drop_low="9", n_pass_mark="170", n_declared_maximum="7")
    assert set(answer["errors"]) == {"n-panel-drop_high", "n-pass_mark", "n-declared_maximum"}
    editing.press("show", n_factor="0")
    assert 'id="n-factor-error"' in editing.page and 'aria-invalid="true"' in editing.page


def test_a_panel_of_one_judge_is_shown_and_an_agreed_value_that_is_not_there_is_not(
    organizer: FlaskClient, build: Builder
) -> None:
    event = event_with(build, read_regulations(next(f for f in SCHEMES if f.stem == "time-bands")))
    fields = sent(Editing(organizer, event).press("open:p0").page, "wide")
    assert fields["n-panel-judges"] == fields["n-panel-minimum"] == ["1"]
    assert fields["n-times-title"] == fields["n-times-step"] == [""]
