"""What an edition needs before it is published, and what is frozen when it is."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules import regulations
from rules.allocation import AwardPlan
from rules.allocation_money import cost
from rules.data import RuleData, plain
from rules.levels import LevelCut
from rules.notice_chains import chain_problems
from rules.plans import EditionRules, EventPlan
from rules.refusals import Refused
from rules.schemes import Scheme
from rules.texts import N_


class ContestLevel(StrEnum):
    """The level of a contest (R1.01)."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class ContestKind(StrEnum):
    """What an edition is: a contest, what carries the result of a selection, one held elsewhere."""

    CONTEST = "contest"
    SELECTION = "selection"
    EXTERNAL = "external"


class FrozenRules(RuleData):
    """All rules under which one event is held, as frozen at publication."""

    scheme: Scheme
    plan: EventPlan
    edition: EditionRules


@dataclass(frozen=True, slots=True)
class EventOutline:
    """An event as far as publication is concerned."""

    title: str
    divisions: int
    held_on: date | None
    venue: str
    scheme: Scheme
    plan: EventPlan
    team_size: int = 1
    codes: Sequence[str] = ()

    @property
    def divisions_planned(self) -> Sequence[str]:
        """Return the codes of the divisions; those without a code have the event's awards."""
        return self.codes or [""] * self.divisions


@dataclass(frozen=True, slots=True)
class EditionOutline:
    """An edition as far as publication is concerned."""

    sponsors: str
    entry_opens_on: date
    entry_closes_on: date
    starts_on: date
    ends_on: date
    rules: EditionRules
    events: Sequence[EventOutline] = ()


def date_problems(outline: EditionOutline) -> Iterator[Refused]:
    """Yield what is wrong with the dates of an edition."""
    if outline.entry_closes_on < outline.entry_opens_on:
        yield Refused(N_("Entries cannot close before they open."), field="entry_closes_on")
    if outline.ends_on < outline.starts_on:
        yield Refused(N_("The contest cannot end before it starts."), field="ends_on")
    # Not before it starts: the events of an edition are held over weeks, each after its own draw.
    if outline.entry_closes_on > outline.ends_on:
        yield Refused(N_("Entries must close before the contest ends."), field="entry_closes_on")


def rule_problems(rules: EditionRules) -> Iterator[Refused]:
    """Yield what contradicts itself in the rules of an edition."""
    if rules.tax_exempt and not rules.tax_basis.strip():
        yield Refused(
            N_("Name the legal basis of the tax exemption, or leave the prizes taxable."),
            field="tax_basis",
        )
    if rules.maximum_age is not None and rules.maximum_age < rules.minimum_age:
        yield Refused(
            N_("The highest age must not lie below the minimum age."), field="maximum_age"
        )

    yield from _money_problems(rules)
    yield from chain_problems(rules.notice_levels)


def _money_problems(rules: EditionRules) -> Iterator[Refused]:
    codes = [line.code for line in rules.budget_lines]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        text = N_("Two budget lines have the code %(code)s.")
        yield Refused(text, field="budget_lines", code=code)
    keys = [prize.key for prize in rules.organisation_prizes]
    if len(set(keys)) < len(keys):
        yield Refused(N_("Two prizes have the same key."), field="organisation_prizes")
    for prize in rules.organisation_prizes:
        if prize.budget_line and prize.budget_line not in codes:
            yield Refused(
                N_("%(prize)s is paid from %(code)s, which is no budget line of the edition."),
                field="organisation_prizes",
                prize=prize.title,
                code=prize.budget_line,
            )


def line_problems(outline: "EditionOutline") -> Iterator[Refused]:
    """Yield the budget lines that the fixed places of all events would overrun."""
    for line in outline.rules.budget_lines:
        planned = planned_costs(outline).get(line.code, Decimal(0))
        if line.ceiling is not None and planned > line.ceiling:
            yield Refused(
                N_("%(line)s: the plans cost %(total)s yuan, but the ceiling is %(ceiling)s."),
                line=line.title,
                total=plain(planned),
                ceiling=plain(line.ceiling),
            )


def planned_costs(outline: "EditionOutline") -> dict[str, Decimal]:
    """Add up by budget line what fixed places and employers' prizes cost, tax included."""
    exempt = outline.rules.tax_exempt
    found: dict[str, Decimal] = {}
    for event in outline.events:
        for division in event.divisions_planned:
            plan = event.plan.for_division(division).awards
            amounts = fixed_amounts(plan, event.team_size)
            spent = cost(amounts, plan.amount_basis, exempt)
            found[plan.budget_line] = found.get(plan.budget_line, Decimal(0)) + spent
    for prize in outline.rules.organisation_prizes:
        spent = prize.amount * prize.winners
        found[prize.budget_line] = found.get(prize.budget_line, Decimal(0)) + spent
    return found


def fixed_amounts(plan: AwardPlan, team_size: int) -> Iterator[Decimal]:
    """Yield the amounts of all fixed places; a team's members may each get theirs in full."""
    for tier in plan.tiers:
        heads = team_size if tier.paid_to == "each" else 1
        for _ in range(tier.places or 0):
            yield from [tier.amount] * heads
            yield tier.coach_amount


def publication_blockers(outline: EditionOutline, today: date) -> list[Refused]:
    """List everything that must be mended before the edition can be published."""
    problems = [*date_problems(outline), *rule_problems(outline.rules)]
    if not outline.sponsors.strip():
        problems.append(Refused(N_("No sponsor is named yet."), field="sponsors"))
    if outline.entry_closes_on < today:
        problems.append(
            Refused(N_("The last day for entries has passed."), field="entry_closes_on")
        )
    if not outline.events:
        problems.append(Refused(N_("There is no event yet.")))
    for event in outline.events:
        problems += event_blockers(outline, event)
    return [*problems, *line_problems(outline)]


def event_blockers(outline: EditionOutline, event: EventOutline) -> Iterator[Refused]:
    """Yield everything that must be mended before one event can be published."""
    if not event.divisions:
        yield Refused(N_("%(event)s has no division."), event=event.title)
    if event.held_on and not outline.starts_on <= event.held_on <= outline.ends_on:
        yield Refused(
            N_("%(event)s is held on %(day)s, outside the days of the contest."),
            event=event.title,
            day=event.held_on.isoformat(),
        )
    if not event.plan.awards.tiers and event.plan.levels is None:
        yield Refused(N_("%(event)s gives neither awards nor levels."), event=event.title)
    known = {"", *(line.code for line in outline.rules.budget_lines)}
    for code in sorted({one.budget_line for one in event.plan.all_awards} - known):
        yield Refused(
            N_("%(event)s is paid from %(code)s, which is no budget line of the edition."),
            event=event.title,
            code=code,
        )
    for problem in plan_problems(event.scheme, event.plan):
        yield Refused(
            N_("%(event)s: the award plan does not fit the marking scheme. %(problem)s"),
            event=event.title,
            problem=problem,
        )


def publication_hints(outline: EditionOutline) -> Iterator[Refused]:
    """Yield what may well be given before publication, but need not be."""
    without_day = [event.title for event in outline.events if event.held_on is None]
    without_venue = [event.title for event in outline.events if not event.venue]
    if without_day:
        yield Refused(N_("Events without a day: %(events)s"), events="、".join(without_day))
    if without_venue:
        yield Refused(N_("Events without a venue: %(events)s"), events="、".join(without_venue))
    if outline.rules.age_on is None:
        yield Refused(N_("No day is set on which ages count; the day of entry will be used."))


def plan_problems(scheme: Scheme, plan: EventPlan) -> Iterator[Refused]:
    """Yield where an award plan and a marking scheme do not fit each other."""
    yield from regulations.plan_problems(regulations.Regulations(scheme=scheme, plan=plan))
    if plan.levels is None:
        return
    if plan.levels.top_level > plan.levels.base_level:
        yield Refused(N_("The top level must not lie below the base level."), field="top_level")
    if plan.levels.if_already_held == "plus_one_capped" and plan.levels.cap is None:
        yield Refused(N_("Choose the highest level that can be reached."), field="cap")
    for key in plan.levels.needs:
        yield from _need_problems(scheme, key)
    for number, cut in enumerate(plan.levels.cuts, start=1):
        yield from _cut_problems(scheme, plan, number, cut)


def _cut_problems(scheme: Scheme, plan: EventPlan, number: int, cut: LevelCut) -> Iterator[Refused]:
    for key in cut.needs or ():
        yield from _need_problems(scheme, key)
    known = {tier.key for tier in plan.awards.tiers}
    if cut.who == "prizes" and (not cut.tiers or not known >= {*cut.tiers}):
        yield Refused(N_("Line %(number)s of the level rule: choose its prizes."), number=number)
    if cut.who == "places" and cut.to is None and cut.share is None:
        yield Refused(N_("Line %(number)s of the level rule: say to which place."), number=number)
    if cut.above == "level" and cut.level is None:
        yield Refused(N_("Line %(number)s of the level rule: choose its level."), number=number)


def _need_problems(scheme: Scheme, key: str) -> Iterator[Refused]:
    part = next((part for part in scheme.parts if part.key == key), None)
    if part is None:
        yield Refused(N_("The level rule needs %(key)s, which is no part of the scheme."), key=key)
    elif part.pass_mark is None:
        yield Refused(
            N_("The level rule needs %(part)s to be passed, but it has no pass mark."),
            field="needs",
            part=part.title,
        )


def fitted(plan: EventPlan, scheme: Scheme) -> EventPlan:
    """Take out of a plan the tie-breaks and passed parts that the scheme does not have.

    An award for a single value stays: it is for people to say what becomes of it.
    """
    nodes, facts = regulations.known_keys(scheme)
    steps = tuple(
        step
        for step in plan.tie_breaks
        if step.key in (facts if step.kind in ("time", "age", "fact") else nodes)
    )
    levels = plan.levels
    if levels is not None:
        parts = {part.key for part in scheme.parts}
        needs = tuple(key for key in levels.needs if key in parts)
        cuts = tuple(_fitted_cut(cut, parts) for cut in levels.cuts)
        levels = levels.model_copy(update={"needs": needs, "cuts": cuts})
    return plan.model_copy(update={"tie_breaks": steps, "levels": levels})


def _fitted_cut(cut: LevelCut, parts: Collection[str]) -> LevelCut:
    if cut.needs is None:
        return cut
    return cut.model_copy(update={"needs": tuple(key for key in cut.needs if key in parts)})


def next_title(title: str, old_year: int, new_year: int) -> str:
    """Guess the title of the next edition: the year replaced, 第五届 raised to 第六届."""
    title = title.replace(str(old_year), str(new_year))
    return _ORDINAL.sub(lambda found: f"第{_raised(found[1])}届", title)


_ORDINAL = re.compile(r"第\s*([一二三四五六七八九十]{1,3}|[0-9]{1,3})\s*届")
_DIGITS = "一二三四五六七八九"


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens - 1]}十"
    return head + (_DIGITS[ones - 1] if ones else "")


_NUMBERS = {_numeral(number): number for number in range(1, 99)}


def _raised(text: str) -> str:
    if text.isdecimal():
        return str(int(text) + 1)
    return _numeral(_NUMBERS[text] + 1) if text in _NUMBERS else text
