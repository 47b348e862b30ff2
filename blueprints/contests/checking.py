"""What the tables of parts and criteria add up to while somebody types; nothing is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.contests.node_tree import Survey, shown
from blueprints.contests.scheme_forms import CriterionForm, PartsForm
from blueprints.contests.views import blueprint
from blueprints.contests.wording import say
from blueprints.web import translated
from rules.acts import Act
from rules.refusals import Missing, Refused
from rules.scheme_rows import is_rich
from rules.scheme_trees import Data, Path, bare, place_of, walk
from rules.schemes import Aspect, Part, Scheme, Section
from rules.texts import N_
from services import contests, event_rules


@dataclass(frozen=True)
class Kept:
    """An aspect that the table only shows, and where its own page is."""

    aspect: Aspect
    place: str


def kept_aspects(scheme: Scheme, criterion: Section | None) -> dict[str, Kept]:
    """Return the aspects of a criterion that have more rules than a row can show, by key."""
    if criterion is None:
        return {}
    places = {str(node["key"]): path for path, node in walk(bare(scheme)) if "key" in node}
    return {
        aspect.key: Kept(aspect, place_of(places[aspect.key]))
        for depth, aspect in _depths(criterion, 0)
        if is_rich(aspect, ("",) * depth)
    }


def _depths(section: Section, depth: int) -> Iterator[tuple[int, Aspect]]:
    for aspect in section.aspects:
        yield depth, aspect
    for below in section.sections:
        yield from _depths(below, depth + 1)


@blueprint.post("/events/<int:event_id>/scheme/edit/check")
@allows(Act.EDIT_CONTEST)
def check_parts(event_id: int) -> ResponseReturnValue:
    """Say what the parts add up to as they are typed."""
    form = PartsForm()
    form.validate()
    scheme = contests.scheme_of(contests.get_event(event_id))
    data = event_rules.parts_data(scheme, form.frame(), say(N_("Practical task")))
    survey = Survey.of(data)
    sums = {f"parts-{n}": shown(survey.sums.highest.get(("parts", n))) for n in range(500)}
    known = {name: text for name, text in sums.items() if text != shown(None)}
    return jsonify(_answer(survey, survey.summary(), form.errors, known))


@blueprint.post("/events/<int:event_id>/scheme/<int:part>/<int:number>/check")
@allows(Act.EDIT_CONTEST)
def check_criterion(event_id: int, part: int, number: int) -> ResponseReturnValue:
    """Say what a criterion adds up to as it is typed; number 0 is a new one."""
    scheme = contests.scheme_of(contests.get_event(event_id))
    if not 1 <= part <= len(scheme.parts) or number > len(scheme.parts[part - 1].sections):
        raise Missing(number)
    form = CriterionForm()
    form.validate()
    there = scheme.parts[part - 1]
    try:
        sections = _sections(scheme, there, number, form)
    except Refused as refused:
        texts = [{"text": translated(refused)}]
        return jsonify({"summary": texts[0]["text"], "sums": {}, "problems": texts})
    survey = Survey.of(_with_sections(scheme, part - 1, sections))
    place = (number or len(sections)) - 1
    return jsonify(_answer(survey, _summary(survey, part - 1, place), form.errors, {}))


def _sections(scheme: Scheme, part: Part, number: int, form: CriterionForm) -> list[Section]:
    key = part.sections[number - 1].key if number else None
    return event_rules.criterion_sections(scheme, part, key, form.title.data or "–", form.rows())


def _with_sections(scheme: Scheme, index: int, sections: list[Section]) -> Data:
    data: Data = bare(scheme)
    data["parts"][index]["sections"] = bare(sections)
    return data


def _summary(survey: Survey, part: int, place: int) -> str:
    here: Path = ("parts", part, "sections", place)
    sums = survey.sums.highest
    texts = (
        gettext("This criterion: %(sum)s.", sum=shown(sums.get(here))),
        gettext("Its part: %(sum)s.", sum=shown(sums.get(here[:2]))),
    )
    return " ".join((*texts, survey.summary()))


def _answer(survey: Survey, summary: str, errors: Any, sums: dict[str, str]) -> dict[str, Any]:
    """Return the sums with every problem: of what was typed, and of the scheme it makes."""
    problems = [{"text": f"{one['node']}: {one['text']}"} for one in survey.problems()]
    return {
        "summary": summary,
        "sums": sums,
        "problems": problems,
        "errors": dict(_flat(errors, "")),
    }


def _flat(errors: Any, prefix: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the messages of fields within rows under the ids of the fields."""
    pairs = errors.items() if isinstance(errors, dict) else enumerate(errors)
    for name, found in pairs:
        inside = f"{prefix}-{name}" if prefix else str(name)
        if isinstance(found, list | tuple) and found and isinstance(found[0], str):
            yield inside, [str(text) for text in found]
        elif isinstance(found, dict | list):
            yield from _flat(found, inside)
