"""A scheme file: the marking scheme of an event together with its plan."""

import copy
from collections.abc import Iterator
from typing import Any

from pydantic import model_validator

from rules.data import RuleData
from rules.plans import EventPlan
from rules.refusals import Refused
from rules.schemes import Scheme
from rules.texts import N_


class Regulations(RuleData):
    """All that is needed to go from marks to places and awards."""

    scheme: Scheme
    plan: EventPlan = EventPlan()

    @model_validator(mode="before")
    @classmethod
    def _bare_scheme(cls, data: Any) -> Any:
        if isinstance(data, dict) and "scheme" not in data and "parts" in data:
            return {"scheme": data}
        return data


def plan_problems(regulations: Regulations) -> Iterator[Refused]:
    """Yield the keys that the plan or a cut line names and nothing has, and what contradicts."""
    scheme, plan = regulations.scheme, regulations.plan
    yield from _key_problems(scheme, plan)
    if plan.scale and plan.awards.scale and plan.scale != plan.awards.scale:
        text = N_("The awards count on the scale %(own)s, but the totals are on %(scale)s.")
        yield Refused(text, field="award_scale", own=plan.awards.scale, scale=plan.scale)
    passed = {part.key for part in scheme.parts if part.pass_mark is not None}
    for key in plan.awards.needs:
        if key not in passed:
            text = N_("The awards need %(key)s to be passed, which is no part with a pass mark.")
            yield Refused(text, field=key, key=key)
    tiers = {tier.key for tier in plan.awards.tiers}
    for key in plan.delegations.tier_points if plan.delegations else ():
        if key not in tiers:
            text = N_("Delegations get points for %(key)s, which is no tier of the plan.")
            yield Refused(text, field=key, key=key)


def known_keys(scheme: Scheme) -> tuple[set[str], set[str]]:
    """Return the keys of all nodes, and those of all facts."""
    nodes = {node.key for part in scheme.parts for node in part.nodes}
    nodes |= {stage.key for stage, _ in scheme.levels}
    return nodes, {fact.key for fact in scheme.facts}


def _key_problems(scheme: Scheme, plan: EventPlan) -> Iterator[Refused]:
    nodes, facts = known_keys(scheme)
    steps = [*plan.tie_breaks]
    for stage in scheme.stages:
        steps += stage.advance.tie_breaks if stage.advance else ()
    for step in steps:
        known = facts if step.kind in ("time", "age", "fact") else nodes
        if step.key not in known:
            text = N_("A tie-break names %(key)s, which is not in the scheme.")
            yield Refused(text, field=step.key, key=step.key)
    for tier in plan.awards.tiers:
        if tier.single is not None and tier.single_below not in nodes:
            text = N_("The tier %(tier)s names %(key)s, which is not in the scheme.")
            yield Refused(text, field=tier.key, tier=tier.name, key=tier.single_below)


MOST_REPEATS = 200


def written_size(data: Any) -> int:
    """Return how many values there are when everything is written out, without doing it."""
    if isinstance(data, list):
        return sum(_times(item) * written_size(item) for item in data)
    if not isinstance(data, dict):
        return 1
    inside = sum(written_size(value) for value in data.values())
    stages = data.get("stages")
    copies = (
        sum("copy_of" in one for one in stages if isinstance(one, dict))
        if isinstance(stages, list)
        else 0
    )
    return 1 + inside * (1 + copies)


def _times(item: Any) -> int:
    """Return how often an item of a list stands there; 1 where `repeat` makes no sense."""
    try:
        count = int(item["repeat"]) if isinstance(item, dict) and "repeat" in item else 1
    except (TypeError, ValueError):
        return 1
    return count if 1 <= count <= MOST_REPEATS else 1


def written_out(data: Any) -> Any:
    """Write out what a scheme file says in short: `repeat` and `copy_of`.

    A node with `repeat: 6` stands for six of it, with {n} in its texts replaced by 1 to 6. A
    stage with `copy_of` has the parts of another stage, with its own key and a dot before keys.
    """
    if isinstance(data, list):
        return [one for item in data for one in _repeated(item)]
    if not isinstance(data, dict):
        return data
    return _with_copies({key: written_out(value) for key, value in data.items()})


def _repeated(item: Any) -> list[Any]:
    if not isinstance(item, dict) or "repeat" not in item:
        return [written_out(item)]
    rest = {key: value for key, value in item.items() if key != "repeat"}
    count = _times(item)
    if count == 1 and str(item["repeat"]) != "1":
        return [item]
    return [written_out(_numbered(copy.deepcopy(rest), str(n))) for n in range(1, count + 1)]


def _numbered(data: Any, number: str) -> Any:
    if isinstance(data, str):
        return data.replace("{n}", number)
    if isinstance(data, list):
        return [_numbered(item, number) for item in data]
    if isinstance(data, dict):
        return {key: _numbered(value, number) for key, value in data.items()}
    return data


def _with_copies(data: dict[str, Any]) -> dict[str, Any]:
    stages, parts = data.get("stages"), data.get("parts")
    if not isinstance(stages, list) or not isinstance(parts, list):
        return data
    added: list[Any] = []
    for stage in stages:
        if isinstance(stage, dict) and "copy_of" in stage:
            source, own = stage["copy_of"], stage.get("key")
            found = [p for p in parts if isinstance(p, dict) and p.get("stage") == source]
            if not found or own == source:
                continue  # left as it is, and refused as not known there
            del stage["copy_of"]
            added += [{**_prefixed(copy.deepcopy(p), str(own)), "stage": own} for p in found]
    return {**data, "parts": [*parts, *added]}


def _prefixed(data: Any, prefix: str) -> Any:
    if isinstance(data, list):
        return [_prefixed(item, prefix) for item in data]
    if not isinstance(data, dict):
        return data
    return {
        key: f"{prefix}.{value}" if key == "key" else _prefixed(value, prefix)
        for key, value in data.items()
    }
