"""The marking scheme and the award plan of an event: drafted freely, amended with a reason."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from models.contests import Event
from rules.data import InvalidRules
from rules.editions import FrozenRules, fitted, plan_problems
from rules.plans import EventPlan, default_event_plan, default_scheme
from rules.refusals import Missing, Refused
from rules.scheme_rows import AspectRow, criterion_of
from rules.scheme_trees import bare
from rules.schemes import Aspect, Part, Scheme, Section
from rules.states import EventState
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.contests import check_version, plan_of, rules_of, scheme_of
from services.events import locked_event
from services.rule_versions import freeze, refuse_amendment, refuse_seated
from services.transaction import transaction

Say = Callable[[str], str]


@dataclass(frozen=True)
class Base:
    """On which version a change is based, and why an amendment is made."""

    version: int | None
    reason: str = ""


def usual_scheme(say: Say) -> Scheme:
    """Return the usual scheme with its titles in the language of an edition."""
    scheme = default_scheme()
    parts = tuple(_said(part, say).model_dump() for part in scheme.parts)
    return Scheme.model_validate(scheme.model_dump() | {"parts": parts})


def _said(part: Part, say: Say) -> Part:
    sections = tuple(
        section.model_copy(
            update={
                "title": say(section.title),
                "aspects": tuple(
                    aspect.model_copy(update={"title": say(aspect.title)})
                    for aspect in section.aspects
                ),
            }
        )
        for section in part.sections
    )
    return part.model_copy(update={"title": say(part.title), "sections": sections})


def usual_plan(say: Say) -> EventPlan:
    """Return the usual award plan with its names in the language of an edition."""
    plan = default_event_plan()
    tiers = tuple(
        tier.model_copy(
            update={"name": say(tier.name), "honours": tuple(say(text) for text in tier.honours)}
        )
        for tier in plan.awards.tiers
    )
    return plan.model_copy(update={"awards": plan.awards.model_copy(update={"tiers": tiers})})


@transaction
def edit_plan(
    by: Actor, event_id: int, base: Base, plan: EventPlan, also: Collection[int] = ()
) -> int:
    """Change the award plan of an event, and give it to other events of the edition too."""
    event = locked_event(event_id)
    check_version(event.version, base.version)
    others = [other for other in event.contest.events if other.id in set(also) - {event_id}]
    _store(by, event, scheme_of(event), plan, base)
    for other in others:
        # Another event may have other parts: what the plan says of parts it lacks falls away.
        suited = fitted(plan, scheme_of(other))
        _refuse_unfit(other, suited)
        _store(by, other, scheme_of(other), suited, base)
    return event_id


def _refuse_unfit(event: Event, plan: EventPlan) -> None:
    """Say which of several events a plan does not fit."""
    for problem in plan_problems(scheme_of(event), plan):
        raise Refused(
            N_("%(event)s: the award plan does not fit the marking scheme. %(problem)s"),
            field="also",
            event=event.title,
            problem=problem,
        )


@transaction
def replace_scheme(
    by: Actor, event_id: int, base: Base, scheme: Scheme, plan: EventPlan | None = None
) -> int:
    """Put another marking scheme in place of an event's present one, and its plan if given."""
    event = locked_event(event_id)
    check_version(event.version, base.version)
    _store_scheme(by, event, scheme, base, plan)
    return event_id


def joined_plan(taken: EventPlan, present: EventPlan, scheme: Scheme) -> EventPlan:
    """Return a plan that is taken over; one that awards nothing leaves the present awards."""
    if taken.awards.tiers or taken.levels is not None:
        return taken
    passed = {part.key for part in scheme.parts if part.pass_mark is not None}
    kept = fitted(present, scheme)
    levels = kept.levels
    if levels is not None:
        needs = tuple(key for key in levels.needs if key in passed)
        levels = levels.model_copy(update={"needs": needs})
    return taken.model_copy(update={"awards": kept.awards, "levels": levels})


@dataclass(frozen=True)
class SchemeFrame:
    """A scheme without its criteria: parts as typed, and how results are rounded."""

    parts: Sequence[Part]
    digits: int
    round_parts: bool


@transaction
def edit_parts(by: Actor, event_id: int, base: Base, frame: SchemeFrame, new_task: str) -> int:
    """Change the parts of a scheme; criteria stay, a new part begins with one mark out of 100."""
    event = locked_event(event_id)
    check_version(event.version, base.version)
    data = parts_data(scheme_of(event), frame, new_task)
    _store_scheme(by, event, Scheme.model_validate(data), base)
    return event_id


_PANEL = ("judges", "minimum", "drop_high", "drop_low", "combine_at", "max_spread")
_PART = ("title", "weight", "pass_mark", "entered_by")


def parts_data(old: Scheme, frame: SchemeFrame, new_task: str) -> dict[str, Any]:
    """Return a scheme as plain data with its parts as typed; what was not typed stays."""
    taken = {part.key for part in old.parts} | _section_keys(old)
    present = {part.key: part for part in old.parts}
    parts = []
    for part in frame.parts:
        was = present.get(part.key) or _new_part(_unused("part", taken), new_task, old)
        typed = {name: getattr(part, name) for name in _PART}
        panel = {name: getattr(part.panel, name) for name in _PANEL}
        parts.append(bare(was) | bare(typed) | {"panel": bare(was.panel) | bare(panel)})
    rounding = {"digits": frame.digits, "round_parts": frame.round_parts}
    return {**bare(old), "parts": parts, **rounding}


def _new_part(key: str, task: str, scheme: Scheme) -> Part:
    stage = scheme.stages[-1].key if scheme.stages else ""
    return Part(key=key, title=task, sections=(_one_mark(key, task),), stage=stage)


def _one_mark(key: str, title: str) -> Section:
    aspect = Aspect.model_validate({"key": f"{key}_mark", "title": title, "maximum": 100})
    return Section(key=f"{key}_task", title=title, aspects=(aspect,))


def _section_keys(scheme: Scheme) -> set[str]:
    return {key for part in scheme.parts for s in part.sections for key in s.flat_keys()}


def _unused(prefix: str, taken: set[str]) -> str:
    key = next(key for key in (f"{prefix}{n}" for n in range(1, 1000)) if key not in taken)
    taken.add(key)
    return key


@transaction
def edit_criterion(
    by: Actor,
    event_id: int,
    base: Base,
    part_key: str,
    section_key: str | None,
    title: str,
    rows: Sequence[AspectRow],
) -> int:
    """Write one criterion with its aspects; without a key, a new one at the end of the part."""
    event = locked_event(event_id)
    check_version(event.version, base.version)
    scheme = scheme_of(event)
    part = find_part(scheme, part_key)
    sections = criterion_sections(scheme, part, section_key, title, rows)
    _store_sections(by, event, part, sections, base)
    return event_id


def criterion_sections(
    scheme: Scheme, part: Part, section_key: str | None, title: str, rows: Sequence[AspectRow]
) -> list[Section]:
    """Return the sections of a part with one criterion as typed; without a key a new one."""
    old = None if section_key is None else find_criterion(part, section_key)
    if not rows:
        raise Refused(N_("A criterion needs at least one aspect."))
    written = criterion_of(title, rows, old, _keys(scheme))
    sections = [written if section is old else section for section in part.sections]
    return sections if old else [*part.sections, written]


@transaction
def remove_criterion(by: Actor, event_id: int, base: Base, part_key: str, section_key: str) -> int:
    """Take one criterion out of a scheme."""
    event = locked_event(event_id)
    check_version(event.version, base.version)
    part = find_part(scheme_of(event), part_key)
    old = find_criterion(part, section_key)
    _store_sections(by, event, part, [one for one in part.sections if one is not old], base)
    return event_id


@transaction
def replace_criteria(
    by: Actor, event_id: int, base: Base, part_key: str, sections: Sequence[Section]
) -> int:
    """Put other criteria into a part, such as those of a workbook."""
    event = locked_event(event_id)
    check_version(event.version, base.version)
    _store_sections(by, event, find_part(scheme_of(event), part_key), sections, base)
    return event_id


def aligned(scheme: Scheme, present: Scheme) -> Scheme:
    """Let parts with the title of a present part take over its key, panel and pass mark."""
    keys = {part.key for part in scheme.parts}
    known = {part.title: part for part in present.parts if part.key not in keys}
    parts = [
        part.model_dump() | _kept(known[part.title]) if part.title in known else part.model_dump()
        for part in scheme.parts
    ]
    return Scheme.model_validate(scheme.model_dump() | {"parts": parts})


def _kept(part: Part) -> dict[str, object]:
    names = ("key", "panel", "pass_mark", "entered_by")
    return {name: value for name, value in part.model_dump().items() if name in names}


def find_part(scheme: Scheme, key: str) -> Part:
    """Return the part with this key; raise Missing."""
    for part in scheme.parts:
        if part.key == key:
            return part
    raise Missing(key)


def find_criterion(part: Part, key: str) -> Section:
    """Return the criterion with this key; raise Missing."""
    for section in part.sections:
        if section.key == key:
            return section
    raise Missing(key)


def _keys(scheme: Scheme) -> frozenset[str]:
    aspects = {aspect.key for part in scheme.parts for aspect in part.aspects}
    return frozenset(aspects | _section_keys(scheme) | {part.key for part in scheme.parts})


def _store_sections(
    by: Actor, event: Event, changed: Part, sections: Sequence[Section], base: Base
) -> None:
    old = scheme_of(event)
    part = Part.model_validate(changed.model_dump() | {"sections": tuple(sections)})
    parts = tuple(part if one.key == part.key else one for one in old.parts)
    _store_scheme(by, event, Scheme.model_validate(old.model_dump() | {"parts": parts}), base)


def _store_scheme(
    by: Actor, event: Event, scheme: Scheme, base: Base, plan: EventPlan | None = None
) -> None:
    old = scheme_of(event)
    gone = {part.key for part in old.parts} - {part.key for part in scheme.parts}
    refuse_seated(event.id, gone)
    plan = fitted(plan_of(event), scheme) if plan is None else plan
    _store(by, event, Scheme.model_validate(scheme.model_dump()), plan, base)


def _store(by: Actor, event: Event, scheme: Scheme, plan: EventPlan, base: Base) -> None:
    """Write the rules of an event; published ones become a numbered amendment."""
    problems = list(plan_problems(scheme, plan))
    if problems:
        raise InvalidRules(problems)
    old = _frozen(event, scheme_of(event), plan_of(event))
    new = _frozen(event, scheme, plan)
    if new.digest() == old.digest():
        return
    is_draft = event.state is EventState.DRAFT
    if not is_draft:
        refuse_amendment([event], base.reason)
    event.scheme, event.plan = scheme.model_dump(mode="json"), plan.model_dump(mode="json")
    number = None if is_draft else freeze(by, event, new.edition, base.reason).number
    after = {"digest": new.digest(), "number": number, "reason": base.reason}
    audits.record(
        by,
        "edit_rules" if is_draft else "amend",
        "event",
        event.id,
        contest_id=event.contest_id,
        before={"digest": old.digest()},
        after=after,
    )


def _frozen(event: Event, scheme: Scheme, plan: EventPlan) -> FrozenRules:
    return FrozenRules(scheme=scheme, plan=plan, edition=rules_of(event.contest))
