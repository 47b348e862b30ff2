"""The words in which the chain from marks to award is told."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from flask_babel import gettext

from blueprints.web import yuan
from models.awards import AwardHonour, AwardShare
from rules.award_honours import read_reason
from rules.award_shares import ShareKind
from rules.data import plain
from rules.exact import rounded
from rules.explanations import Kind, Step
from rules.ranking import DECISION, EntryStatus, Score
from rules.scheme_nodes import Aspect, AspectKind, Node
from rules.schemes import Scheme
from rules.texts import N_
from services.results_explaining import Explained

PLACES = 6

_NO_TIER = {
    "out_of_competition": N_("None: out of competition"),
    "field_too_small": N_("None: too few competed"),
    "below_every_tier": N_("No award"),
    "not_passed": N_("No award: not every part that is needed was passed"),
}


class Told(NamedTuple):
    """One line of the chain: what it is, its value, and a remark."""

    title: str
    value: str
    remark: str = ""
    strong: bool = False


def exactly(value: Score | None, digits: int | None = None) -> str:
    """Show an exact number; one that never ends is cut and marked as rounded."""
    if value is None:
        return "–"
    if digits is not None:
        return f"{rounded(value.as_integer_ratio(), digits, 'half_up'):f}"
    cut = rounded(value.as_integer_ratio(), PLACES, "half_up")
    return plain(cut) if Fraction(cut) == Fraction(value) else f"≈ {cut:f}"


def mark_text(node: Node, value: Decimal | None) -> str:
    """Say what a judge gave in the words of the aspect."""
    if value is None or not isinstance(node, Aspect):
        return ""
    if node.kind is AspectKind.MEASUREMENT:
        return str(gettext("Met") if value else gettext("Not met"))
    if node.kind is AspectKind.JUDGEMENT:
        return str(gettext("Level %(number)s", number=plain(value)))
    if node.kind is AspectKind.CHOICE:
        return node.options[int(value)].label
    return plain(value)


def note_text(step: Step) -> str:
    """Say how a node's value came about."""
    title, value = _note(step)
    return str(gettext("%(label)s: %(value)s", label=title, value=value))


def _note(step: Step) -> tuple[str, str]:
    value = exactly(step.value)
    if step.kind == "deducted":
        times = "" if step.given is None else f" × {plain(step.given)}"
        return f"{_said(step.title)}{times}", f"−{value}"
    if step.kind == "agreed":
        return _said(step.title), value
    return gettext(_NOTES[step.kind]), value


def _said(title: str) -> str:
    return str(gettext(title)) if title else ""


_NOTES: dict[Kind, str] = {
    "combined": N_("Together"),
    "multiplied": N_("With factor and addition"),
    "value": N_("After limits and rounding"),
    "points": N_("Points for the place"),
}


def ending(it: Explained) -> list[Told]:
    """Tell the steps from the parts to the money."""
    if it.tables is None:
        return []
    teller = _Teller(it)
    return [line for step in it.tables.ending for line in teller.told(step)]


_SHARES = {
    ShareKind.MEMBER: N_("Share of a member"),
    ShareKind.TEAM: N_("Share of the team"),
    ShareKind.COACH: N_("Share of a coach"),
    ShareKind.EMPLOYER: N_("Share of the employer"),
}


def share_lines(it: Explained) -> list[Told]:
    """Tell who shares the money of the award, and which honours go with it, on what conditions."""
    return [*map(_share, it.shares), *map(_honour, it.honours)]


def _share(share: AwardShare) -> Told:
    name = share.person.name if share.person else share.employer.title if share.employer else ""
    remarks = [name]
    if share.amount != share.promised:
        remarks.append(gettext("promised: %(amount)s yuan", amount=yuan(share.promised)))
    remarks.append(gettext(share.reason) if share.reason else "")
    amount = gettext("%(amount)s yuan", amount=yuan(share.amount))
    return Told(gettext(_SHARES[share.kind]), amount, " · ".join(one for one in remarks if one))


def _honour(honour: AwardHonour) -> Told:
    said = [honour.person.name, honour.granted_by, conditions_said(honour.reason)]
    remark = " · ".join(one for one in said if one)
    return Told(gettext("Honour"), gettext(honour.title), remark)


_CONDITIONS = {
    "rank": N_("place %(value)s"),
    "division": N_("division %(value)s"),
    "age": N_("%(value)s years old"),
    "filed": N_("filed with %(value)s"),
}


def conditions_said(reason: str) -> str:
    """Say which conditions of an honour were met."""
    said = []
    for key, value in read_reason(reason):
        if key == "sex":
            said.append(gettext("Female") if value == "F" else gettext("Male"))
        elif key in _CONDITIONS:
            said.append(gettext(_CONDITIONS[key], value=value))
    return str(gettext(", ").join(said))


class _Teller:
    def __init__(self, it: Explained) -> None:
        self._it, self._scheme = it, it.rules.scheme
        self._titles = _titles(self._scheme)
        self._by_kind: dict[Kind, Callable[[Step], Sequence[Told]]] = {
            "part": self._part,
            "dropped": self._dropped,
            "agreed": self._noted,
            "multiplied": self._noted,
            "deducted": self._noted,
            "value": self._noted,
            "points": self._noted,
            "combined": self._combined,
            "carried": self._carried,
            "stage": self._stage,
            "disqualified": self._disqualified,
            "total": self._total,
            "tie_break": self._tie_break,
            "place": self._place,
            "no_place": self._no_place,
            "scale": self._scale,
            "tier": self._tier,
            "no_tier": self._no_tier,
            "amount": self._amount,
        }

    def told(self, step: Step) -> Sequence[Told]:
        return self._by_kind[step.kind](step)

    def _title(self, key: str) -> str:
        return _said(self._titles.get(key, key))

    def _part(self, step: Step) -> Sequence[Told]:
        value = exactly(step.value)
        if not step.note or step.value is None:
            return [Told(self._title(step.node), value)]
        counted = exactly(Fraction(step.value) * Fraction(step.note) / 100)
        return [Told(self._title(step.node), counted, f"{value} × {step.note} %")]

    def _dropped(self, step: Step) -> Sequence[Told]:
        return [Told(self._title(step.node), exactly(step.value), gettext("does not count"))]

    def _noted(self, step: Step) -> Sequence[Told]:
        return [Told(*_note(step))]

    def _combined(self, step: Step) -> Sequence[Told]:
        return [Told(gettext("Parts together"), exactly(step.value))]

    def _carried(self, step: Step) -> Sequence[Told]:
        title = gettext("Carried over from %(stage)s", stage=self._title(step.node))
        return [Told(title, exactly(step.value), f"× {plain(step.given or Decimal(1))}")]

    def _stage(self, step: Step) -> Sequence[Told]:
        title = gettext("Total of %(stage)s", stage=self._title(step.node))
        return [Told(title, exactly(step.value, self._scheme.digits), strong=True)]

    def _disqualified(self, step: Step) -> Sequence[Told]:
        return [Told(gettext("Excluded"), self._title(step.node), strong=True)]

    def _total(self, step: Step) -> Sequence[Told]:
        # Parts that are rounded before they are added need no word about the end.
        remark = "" if self._scheme.round_parts else gettext("rounded once, at the end")
        value = exactly(step.value, self._scheme.digits)
        return [Told(gettext("Total"), value, remark, strong=True)]

    def _tie_break(self, step: Step) -> Sequence[Told]:
        others = gettext("Others with the same total: %(count)s", count=self._it.same_total)
        if step.node == DECISION:
            return [Told(gettext("Equal totals"), gettext("by decision"), self._decision())]
        value = "" if step.value is None else f": {exactly(step.value)}"
        return [Told(gettext("Equal totals"), f"{self._title(step.node)}{value}", others)]

    def _decision(self) -> str:
        entry = self._it.result.entry_id
        for one in self._it.revision.decisions or ():
            if one["kind"] == "place" and entry in one["order"]:
                return f"{one['decided_by']}: {one['reason']}"
        return ""

    def _place(self, step: Step) -> Sequence[Told]:
        of = gettext("of %(count)s who competed", count=self._it.field_size)
        if step.node == "award":
            return [Told(gettext("Rank for awards"), exactly(step.value))]
        remark = f"{of} · {gettext('shared')}" if step.note else of
        return [Told(gettext("Rank"), exactly(step.value), remark, strong=True)]

    def _no_place(self, step: Step) -> Sequence[Told]:
        why = gettext("No rank: only those who competed are ranked.")
        return [Told(gettext("Rank"), "–", why, strong=True)]

    def _scale(self, step: Step) -> Sequence[Told]:
        return [Told(gettext("Standard scale"), exactly(step.value))]

    def _tier(self, step: Step) -> Sequence[Told]:
        award = self._it.award
        title = self._it.rules.plan.awards.tier(step.node).name
        honours = [gettext(one) for one in award.honours] if award is not None else []
        remark = [*honours, *([gettext("shared")] if step.note else [])]
        return [Told(gettext("Award"), gettext(title), " · ".join(remark), strong=True)]

    def _no_tier(self, step: Step) -> Sequence[Told]:
        if step.note in {status.value for status in EntryStatus}:
            return [Told(gettext("Award"), "–")]
        return [Told(gettext("Award"), gettext(_NO_TIER[step.note]))]

    def _amount(self, step: Step) -> Sequence[Told]:
        basis = gettext("before tax") if step.note == "gross" else gettext("after tax")
        amount = gettext("%(amount)s yuan", amount=f"{step.value:,.2f}".removesuffix(".00"))
        return [Told(gettext("Amount"), amount, basis, strong=True)]


def _titles(scheme: Scheme) -> dict[str, str]:
    """Name everything that a step may point at."""
    named: list[Any] = [*scheme.facts]
    for stage, _ in scheme.levels:
        named += [stage, *stage.agreed, *stage.deductions]
    for part in scheme.parts:
        for node in part.nodes:
            named += [node, *node.agreed, *node.deductions]
    named += scheme.parts  # once more: a section may have the key of its part
    return {one.key: one.title for one in named}


def as_data(it: Explained) -> dict[str, Any]:
    """Write the chain as plain data; numbers are texts, so that none is bent."""
    steps = [] if it.chain is None else it.chain.steps
    return {
        "contest": it.revision.event.contest.title,
        "event": it.revision.event.title,
        "revision": it.revision.number,
        "digest": it.revision.digest,
        "work_code": it.result.entry.code,
        "status": it.result.status.value,
        "steps": [_data(step) for step in steps],
    }


def _data(step: Step) -> dict[str, Any]:
    return {
        "step": step.kind,
        "node": step.node,
        "title": step.title,
        "judge": step.judge,
        "given": None if step.given is None else plain(step.given),
        "value": None if step.value is None else _number(step.value),
        "note": step.note,
    }


def _number(value: Score) -> str:
    exact = Fraction(value)
    cut = rounded(exact.as_integer_ratio(), PLACES, "half_up")
    return plain(cut) if Fraction(cut) == exact else f"{exact.numerator}/{exact.denominator}"
