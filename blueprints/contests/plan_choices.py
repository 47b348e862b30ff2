"""What a plan can name of a marking scheme: its parts, nodes and facts, said in words."""

from collections.abc import Iterable, Iterator

from flask_babel import gettext
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older

from rules.ranking import TieBreak
from rules.scheme_nodes import Node, Part, below
from rules.schemes import Scheme
from rules.texts import N_

WHOLE = N_("the whole result")
LONGEST = 70
# How each kind of tie-break is said of what it names.
STEPS = {
    "part": N_("higher mark in %(part)s"),
    "node": N_("higher exact value of %(part)s"),
    "best_single": N_("best single value in %(part)s, then the next best"),
    "time": N_("shorter time: %(part)s"),
    "age": N_("greater age: %(part)s"),
    "fact": N_("higher value: %(part)s"),
}
TURNED = {
    "part": N_("lower mark in %(part)s"),
    "node": N_("lower exact value of %(part)s"),
    "best_single": N_("lowest single value in %(part)s, then the next lowest"),
    "time": N_("longer time: %(part)s"),
    "age": N_("lower age: %(part)s"),
    "fact": N_("lower value: %(part)s"),
}
GROUPS = {
    "part": N_("Marks of parts"),
    "fact": N_("Facts of an entry"),
    "node": N_("Exact values of any node"),
    "best_single": N_("Best single values"),
}


def node_titles(scheme: Scheme) -> dict[str, str]:
    """Return every stage, part, criterion and aspect with what stands above it, by key."""
    if scheme.stages:
        found = {stage.key: stage.title for stage in scheme.stages}
    else:
        found = {"": gettext(WHOLE)}
    stages = {stage.key: stage.title for stage in scheme.stages}
    for part in scheme.parts:
        found.setdefault(part.key, _under(stages.get(part.stage, ""), part.title))
    for part in scheme.parts:
        for key, title in _below(part):
            found.setdefault(key, title)
    return found


def _below(node: Node) -> Iterator[tuple[str, str]]:
    for child in below(node):
        yield child.key, _under(node.title, child.title)
        yield from _below(child)


def _under(above: str, title: str) -> str:
    text = title if above in ("", title) else f"{above} › {title}"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def fact_titles(scheme: Scheme) -> dict[str, str]:
    """Return what is recorded of an entry, by key."""
    return {fact.key: fact.title for fact in scheme.facts}


def step_choices(scheme: Scheme, present: Iterable[TieBreak]) -> list[SelectChoice]:
    """Offer what can part equal totals; what the plan names otherwise stays on offer."""
    nodes, facts = node_titles(scheme), fact_titles(scheme)
    parts = {part.key: nodes[part.key] for part in scheme.parts}
    offered = [SelectChoice("", gettext("(share the place)"))]
    for kind, titles in _offers(parts, facts, nodes):
        group = gettext(GROUPS["fact" if kind in ("time", "age") else kind])
        offered += [
            SelectChoice(f"{kind}:{key}", gettext(STEPS[kind], part=title), optgroup=group)
            for key, title in titles.items()
        ]
    known = {choice.value for choice in offered}
    strange = [step for step in present if f"{step.kind}:{step.key}" not in known]
    return offered + [SelectChoice(f"{s.kind}:{s.key}", step_said(s, scheme)) for s in strange]


def _offers(
    parts: dict[str, str], facts: dict[str, str], nodes: dict[str, str]
) -> Iterator[tuple[str, dict[str, str]]]:
    yield "part", parts
    for kind in ("time", "age", "fact"):
        yield kind, facts
    yield "node", nodes
    yield "best_single", nodes


def step_said(step: TieBreak, scheme: Scheme) -> str:
    """Say one tie-break in words."""
    titles = fact_titles(scheme) if step.kind in ("time", "age", "fact") else node_titles(scheme)
    usual = TieBreak(kind=step.kind, key=step.key)
    texts = STEPS if step.lower_wins == usual.lower_wins else TURNED
    return str(gettext(texts[step.kind], part=titles.get(step.key, step.key)))


def branch_choices(scheme: Scheme) -> list[tuple[str, str]]:
    """Offer the nodes below which something stands."""
    branches = {"", *(stage.key for stage in scheme.stages)}
    for part in scheme.parts:
        branches |= {node.key for node in _branches(part)}
    return [(key, title) for key, title in node_titles(scheme).items() if key in branches]


def _branches(part: Part) -> Iterator[Node]:
    return (node for node in part.nodes if below(node))
