"""Differences between two versions of rules in words: what changed where, from what to what."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from flask_babel import gettext

from blueprints.contests import day_texts, plan_texts
from blueprints.contests.node_boxes import BOXES
from blueprints.contests.node_fields import MODES, STEPS
from blueprints.contests.node_specs import Group, Rows, Spec
from rules.data import RuleData, plain
from rules.ranking import TieBreak
from rules.regulations import Regulations
from rules.scheme_changes import Change
from rules.scheme_nodes import Advance, Aspect, Node, Part, Section
from rules.scheme_trees import own_fields
from rules.schemes import Scheme
from rules.texts import N_

# What no page of a node shows under its own name.
_NAMES = {
    "stages": N_("Stages"),
    "parts": N_("Parts"),
    "sections": N_("Criteria"),
    "aspects": N_("Aspects"),
    "ladder": N_("Ladder"),
    "awards": N_("Awards"),
    "rounds": N_("Rounding"),
    "at": N_("Rounded at"),
    "digits": N_("Decimal places"),
    "mode": N_("Rounded"),
    "facts": N_("Facts that count only for equal totals"),
    "options": N_("Options"),
    "bands": N_("Bands"),
    "carry": N_("What earlier stages bring in"),
    "deductions": N_("Deductions"),
    "panel": N_("Panel"),
    "advance": N_("Who goes on to the next stage"),
    "times": N_("Times an agreed value"),
    "plus": N_("Plus an agreed value"),
    "points": N_("Points for the place"),
    "plan": N_("Award plan"),
    "tie_breaks": N_("Equal totals"),
    "tiers": N_("Awards of the event"),
    "levels": N_("Skill levels"),
    "cuts": N_("Lines of the rule"),
    "who": N_("Who"),
    "to": N_("Down to place"),
    "rounding": N_("Shares are rounded"),
    "team_size": N_("Only for entries of"),
    "contest_level": N_("Only in contests of"),
    "held": N_("Only for those who hold"),
    "level": N_("Level"),
    "rise": N_("So many steps"),
    "entry": N_("Who holds none gets"),
    "highest": N_("Never above"),
    "minimum_entrants": N_("Smallest field"),
    "minimum_field": N_("Smallest field for awards"),
    "ties": N_("Equal totals at a cut-off"),
    "unplaced": N_("Absent and withdrawn"),
    "scale": N_("Standard scale"),
    "teams": N_("Team table"),
    "delegations": N_("Delegation table"),
    "name": N_("Name"),
    "amount": N_("Amount in yuan"),
    "honours": N_("Titles of honour"),
    "places": N_("Places"),
    "share": N_("Share in percent"),
    "floor": N_("At least"),
    "down_to": N_("Down to this part of the field"),
    "at_most": N_("A tie of more needs a decision"),
    "single": N_("For a single value of"),
    "single_below": N_("of"),
    "share_rounding": N_("Shares are rounded"),
    "split_rounding": N_("Split amounts are rounded"),
    "amount_basis": N_("Amounts are"),
    "tolerance": N_("Tolerance"),
    "highest_only": N_("Only the highest award"),
    "budget": N_("Budget"),
    "over_budget": N_("Above the budget"),
    "paid_to": N_("A team is paid"),
    "coach_amount": N_("Amount for the coaches in yuan"),
    "budget_line": N_("Budget line"),
    "divisions": N_("Divisions"),
    "division": N_("Division"),
    "granted_by": N_("Granted by"),
    "given_to": N_("Given to"),
    "sex": N_("Only for"),
    "oldest": N_("Not older than"),
    "youngest": N_("Not younger than"),
    "filed_with": N_("Filed with"),
    "budget_lines": N_("Budget lines"),
    "code": N_("Code"),
    "ceiling": N_("Ceiling in yuan"),
    "organisation_prizes": N_("Prizes for employers"),
    "measure": N_("Won by"),
    "winners": N_("Winners"),
    "base_level": N_("Level of all who pass"),
    "top_level": N_("Level of the best"),
    "top_places": N_("Number of the best"),
    "top_share": N_("at most so many percent"),
    "needs": N_("Must be passed"),
    "if_already_held": N_("Who holds the level already"),
    "members": N_("Members"),
    "by_time": N_("Equal teams are parted by time"),
    "tier_points": N_("Points for awards"),
    "edition": N_("Rules of the edition"),
    "notice_working_days": N_("Working days of the public notice"),
    "count_first_day": N_("The first day counts"),
    "appeal_minutes": N_("Minutes for appeals"),
    "minimum_age": N_("Lowest age"),
    "maximum_age": N_("Highest age"),
    "age_on": N_("Ages count on"),
    "tax_exempt": N_("Prizes are exempt from tax"),
    "tax_basis": N_("Legal basis"),
    "certificate_prefix": N_("Prefix of certificate numbers"),
    "certificate_design": N_("Look of the certificates"),
    "kind_designs": N_("Look of other papers"),
    "certificate_numbers": N_("Certificate numbers"),
    "separator": N_("Between the parts"),
    "serial_width": N_("Figures of the serial number"),
    "scope": N_("The serial number counts"),
    "sample_by_other": N_("A second person approves the sample sheet"),
    "certificate_templates": N_("Designs of the bureau"),
    "template": N_("Number of the design"),
    "contest_class": N_("Class of the contest"),
    "notice_levels": N_("Chain of notices"),
    "posted": N_("Where it is posted"),
    "working_days": N_("Working days"),
    "proof": N_("Proof if posted elsewhere"),
    "objection_days": N_("Working days to answer an objection"),
    "restart_notice": N_("A list that an objection has changed"),
    "restart_scope": N_("What the new notice shows"),
    "day": N_("Contest day"),
    "code_layers": N_("Sealed layers of codes"),
    "escrow": N_("A second keyholder can open each layer"),
    "late_minutes": N_("Minutes after which a late contestant has forfeited"),
    "running_total": N_("Judges see their own total"),
    "double_keying": N_("Paper sheets are keyed by two clerks"),
    "signoff": N_("Steps of the sign-off"),
    "check_top_percent": N_("Top places that are checked again, in percent"),
    "check_random_percent": N_("Of the rest drawn for a check, in percent"),
    "check_error_percent": N_("Errors above which all are checked, in percent"),
    "check_risk_percent": N_("Risk that the order at the award lines is wrong, in percent"),
    "check_largest_percent": N_("Largest share of a work that one mark may be wrong, in percent"),
    "reopening_people": N_("People needed to open confirmed marks again"),
    "appeal_clock_start": N_("Appeals run from"),
    "appeal_answer_minutes": N_("Minutes to answer an appeal"),
    "board": N_("Live board"),
    "board_freeze_minutes": N_("Minutes at the end in which the board stands still"),
    "arrival_minutes": N_("Contestants come so many minutes before"),
    "draw_among": N_("Stations are drawn among"),
    "conflicts": N_("Judges with own people in an event"),
    "spread_employers": N_("People of one employer do not sit side by side"),
    "screen_names": N_("The screen of the hall shows"),
    "appeal_kinds": N_("Appeals are taken about"),
    "appeal_leader_kinds": N_("Appeals only from the team leader"),
    "appeal_votes": N_("Members of the group who must vote"),
    "appeal_stages": N_("Stages of an appeal"),
    "appeal_second_minutes": N_("Minutes to ask for the second stage"),
    "own_chain": N_("Contestants see how their own result came about"),
    "board_names": N_("The board names people once results are signed"),
    "board_seconds": N_("Seconds between two states of the board"),
}
_FRAMES = frozenset({"scheme", "stages", "parts", "sections", "aspects"})


@dataclass(frozen=True)
class Line:
    """One difference as it is read."""

    where: str
    what: str
    old: str
    new: str
    verb: str


def _specs() -> Iterator[Spec]:
    for boxes in BOXES.values():
        for item in (item for box in boxes for item in box.items):
            if isinstance(item, Spec):
                yield item
            elif isinstance(item, Group | Rows):
                yield from item.specs


_LABELS: dict[str, str] = {}
_CHOICES: dict[str, dict[str, str]] = {
    "mode": dict(MODES),
    "at": dict(STEPS),
    "share_rounding": plan_texts.ROUNDING,
    "rounding": plan_texts.ROUNDING,
    "split_rounding": plan_texts.ROUNDING,
    "amount_basis": plan_texts.BASIS,
    "if_already_held": plan_texts.IF_HELD,
    "over_budget": plan_texts.OVER_BUDGET,
    "paid_to": plan_texts.PAID_TO,
    "given_to": plan_texts.GIVEN_TO,
    "sex": plan_texts.SEXES,
    "measure": plan_texts.MEASURES,
    "unplaced": plan_texts.UNPLACED,
    "posted": plan_texts.NOTICE_POSTED,
    "proof": plan_texts.NOTICE_PROOFS,
    "scale": plan_texts.SCALES,
    **{name: dict(words) for name, words in day_texts.CHOICES.items()},
}
for _spec in _specs():
    _LABELS.setdefault(_spec.name, _spec.label)
    _CHOICES.setdefault(_spec.name, {}).update(_spec.choices)


Titles = Mapping[str, str]


def lines(changes: Iterable[Change], *rules: Regulations) -> list[Line]:
    """Say every difference in the reader's language; keys are said by the titles in `rules`."""
    titles = {key: title for one in rules for key, title in _titles(one.scheme)}
    titles |= {tier.key: tier.name for one in rules for tier in one.plan.all_tiers}
    words = _Words(titles)
    return [words.line(change) for change in changes]


def node_words(scheme: Scheme) -> Callable[[Node | Scheme], list[str]]:
    """Return what says the rules of a node that its line in the tree doesn't show anyway."""
    words = _Words(dict(_titles(scheme)))
    return lambda node: _node_words(node, words)


def _node_words(node: Node | Scheme, words: "_Words") -> list[str]:
    shown = _SHOWN | (frozenset({"weight"}) if isinstance(node, Part) else frozenset())
    said = [
        f"{field_name(name, node)}: {words.value(name, getattr(node, name))}"
        for name in own_fields(node)
        if name not in shown
    ]
    panel = getattr(node, "panel", None)
    if panel is not None:
        hidden = _SHOWN_PANEL if isinstance(node, Part) else frozenset()
        named = [name for name in own_fields(panel) if name not in hidden]
        said += [f"{field_name(one)}: {words.value(one, getattr(panel, one))}" for one in named]
    return said


_SHOWN = frozenset(
    {"key", "title", "sections", "aspects", "panel", "parts", "stages", "digits", "round_parts"}
    | {"kind", "maximum", "step", "ladder", "requirement", "detail", "section", "pass_mark"}
    | {"entered_by"}
)
_SHOWN_PANEL = frozenset({"judges", "minimum", "drop_high", "drop_low", "max_spread"})


def _titles(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for fact in scheme.facts:
        yield fact.key, fact.title
    for stage in scheme.stages:
        yield stage.key, stage.title
    for part in reversed(scheme.parts):
        for node in reversed(part.nodes):
            yield node.key, node.title


def _named(text: str) -> str:
    """Say a title: the usual ones are kept in English by events that never had others."""
    if text.isdecimal():
        return str(gettext("No. %(number)s", number=text))
    return str(gettext(text)) if text else ""


def field_name(name: str, owner: Any = None) -> str:
    """Return what readers call a field; a few names mean something else in an aspect."""
    if name == "top" and (owner is None or isinstance(owner, Aspect)):
        return str(gettext("Highest level"))
    return str(gettext(_NAMES.get(name) or _LABELS.get(name) or name))


@dataclass(frozen=True)
class _Words:
    titles: Titles

    def line(self, change: Change) -> Line:
        """Say one difference."""
        where = " › ".join(map(_named, change.titles))
        name = change.fields[-1]
        inside = [one for one in change.fields if one not in _FRAMES]
        owner = change.old if name != "top" or "advance" not in inside else Advance()
        what = " · ".join(field_name(one, owner) for one in inside) or field_name(name)
        if change.verb == "added":
            return Line(where, field_name(name), "", self._item(change.new), gettext("added"))
        if change.verb == "removed":
            return Line(where, field_name(name), self._item(change.old), "", gettext("removed"))
        if change.verb == "moved":
            old, new = (" → ".join(map(_named, one)) for one in (change.old, change.new))
            return Line(where, what, old, new, gettext("order changed"))
        old, new = (self._said(change, value) for value in (change.old, change.new))
        return Line(where, what, old, new, gettext("changed"))

    def _said(self, change: Change, value: Any) -> str:
        """Say a value; equal totals mean another thing for places than for awards."""
        known = _TIES.get(change.fields[-2:], {}).get(str(value))
        return str(gettext(known)) if known else self.value(change.fields[-1], value)

    def value(self, name: str, value: Any) -> str:
        """Say the value of a field; nothing for what is not there."""
        if value is None or value == () or value == "":
            return ""
        if isinstance(value, bool):
            return str(gettext("yes") if value else gettext("no"))
        if isinstance(value, RuleData):
            return self._whole(value)
        if isinstance(value, tuple | list):
            return "、".join(self.value(name, item) for item in value)
        if isinstance(value, dict):
            pairs = (
                f"{_named(self.titles.get(str(key), str(key)))} {self.value(name, item)}"
                for key, item in value.items()
            )
            return "、".join(pairs)
        return self._word(name, value)

    def _word(self, name: str, value: Any) -> str:
        if isinstance(value, Decimal):
            return plain(value)
        if isinstance(value, date):
            return value.isoformat()
        text = str(value.value if isinstance(value, Enum) else value)
        if name in _KEYS:
            return _named(self.titles.get(text, text))
        known = _CHOICES.get(name, {}).get(text)
        return str(gettext(known)) if known else text

    def _item(self, value: Any) -> str:
        """Say what came or went: a branch by what stands below it."""
        if isinstance(value, Part | Section):
            aspects = value.aspects if isinstance(value, Part) else tuple(value.flat())
            total = sum((aspect.maximum for aspect in aspects), Decimal(0))
            text = gettext("%(count)s aspects, %(sum)s marks", count=len(aspects), sum=plain(total))
            return str(text)
        if isinstance(value, Aspect):
            return str(gettext("%(marks)s marks", marks=plain(value.maximum)))
        return self._fields(value) or "–"

    def _whole(self, value: RuleData) -> str:
        """Say a piece with its title and its fields."""
        names = (getattr(value, name, "") for name in ("title", "name", "label"))
        title, fields = next((str(name) for name in names if name), ""), self._fields(value)
        return f"{title} ({fields})" if title and fields else title or fields

    def _fields(self, value: RuleData) -> str:
        said = [
            f"{self._field(name, value)} {self.value(name, getattr(value, name))}"
            for name in own_fields(value)
            if name not in _UNSAID or isinstance(value, TieBreak)
        ]
        return str(gettext(", ")).join(said)

    def _field(self, name: str, value: RuleData) -> str:
        of_step = name == "key" and isinstance(value, TieBreak)
        return str(gettext("of")) if of_step else field_name(name, value)


_TIES: dict[tuple[str, ...], dict[str, str]] = {
    ("plan", "ties"): plan_texts.EQUAL,
    ("awards", "ties"): plan_texts.AT_CUT,
}
_KEYS = frozenset({"stage", "needs", "key", "single_below", "tiers"})
_UNSAID = frozenset({"key", "title", "name", "label", *_FRAMES})
