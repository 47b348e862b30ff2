"""What an award plan says, in words, for the page of its event; what is usual is left out."""

from collections.abc import Iterator

from flask_babel import gettext

from blueprints.contests.plan_choices import node_titles, step_said
from blueprints.contests.plan_texts import (
    AT_CUT,
    BASIS,
    EQUAL,
    OVER_BUDGET,
    PAID_TO,
    ROUNDING,
    SCALES,
    SEXES,
)
from blueprints.labels import LEVELS
from blueprints.web import yuan
from rules.allocation import AwardPlan, Tier
from rules.award_honours import ConditionalHonour
from rules.data import plain
from rules.levels import LevelRule
from rules.plans import EventPlan
from rules.schemes import Scheme

Fact = tuple[str, str]


def plan_facts(plan: EventPlan, scheme: Scheme) -> list[Fact]:
    """Say everything that a plan decides beside its table of awards."""
    return [
        *_awards(plan, scheme),
        *_honours(plan.awards),
        *_divisions(plan),
        *_places(plan, scheme),
        *_levels(plan.levels, {part.key: part.title for part in scheme.parts}),
        *_tables(plan),
    ]


def _awards(plan: EventPlan, scheme: Scheme) -> Iterator[Fact]:
    awards = plan.awards
    limit = gettext("no limit")
    yield gettext("Amounts are"), gettext(BASIS[awards.amount_basis])
    yield gettext("If several share the last place of a tier"), gettext(AT_CUT[awards.ties])
    if awards.ties == "split":
        yield gettext("Shared money is rounded"), gettext(ROUNDING[awards.split_rounding])
    if any(tier.share is not None for tier in awards.tiers):
        yield gettext("Shares are rounded"), gettext(ROUNDING[awards.share_rounding])
    yield gettext("Smallest field"), str(plan.minimum_entrants or limit)
    if awards.minimum_field > plan.minimum_entrants:
        yield gettext("Smallest field for awards alone"), str(awards.minimum_field)
    yield from _rare_awards(awards, node_titles(scheme))


def _rare_awards(awards: AwardPlan, titles: dict[str, str]) -> Iterator[Fact]:
    if awards.tolerance is not None:
        yield gettext("Medals within a tolerance of"), plain(awards.tolerance)
    if awards.scale:
        yield gettext("Lowest totals and tolerance count on"), gettext(SCALES[awards.scale])
    if awards.budget is not None:
        policy = gettext(OVER_BUDGET[awards.over_budget])
        text = gettext("%(amount)s yuan; if the awards cost more: %(policy)s")
        yield (
            gettext("Budget of the event in yuan"),
            text % {"amount": yuan(awards.budget), "policy": policy},
        )
    if awards.needs:
        yield (
            gettext("Only for those who passed"),
            "、".join(titles.get(k, k) for k in awards.needs),
        )
    if awards.budget_line:
        yield gettext("Paid from"), awards.budget_line
    if awards.highest_only:
        yield gettext("Several prizes of one person"), gettext("only the highest is paid")


def _honours(awards: AwardPlan) -> Iterator[Fact]:
    names = {tier.key: tier.name for tier in awards.tiers}
    for honour in awards.honours:
        said = [honour.granted_by, *_conditions(honour, names)]
        yield honour.title, " · ".join(one for one in said if one)


def _conditions(honour: ConditionalHonour, names: dict[str, str]) -> Iterator[str]:
    """Say who gets an honour; nothing where every winner does."""
    if honour.given_to == "coaches":
        yield gettext("coaches")
    if honour.tiers:
        yield "、".join(names.get(key, key) for key in honour.tiers)
    if honour.top is not None:
        yield gettext("down to place %(place)s", place=honour.top)
    if honour.divisions:
        yield gettext("divisions: %(codes)s", codes="、".join(honour.divisions))
    yield from _personal(honour)


def _personal(honour: ConditionalHonour) -> Iterator[str]:
    if honour.sex:
        yield gettext(SEXES[honour.sex])
    if honour.oldest is not None:
        yield gettext("not older than %(age)s", age=honour.oldest)
    if honour.youngest is not None:
        yield gettext("not younger than %(age)s", age=honour.youngest)
    if honour.filed_with:
        yield gettext("filed with %(value)s", value=honour.filed_with)


def _divisions(plan: EventPlan) -> Iterator[Fact]:
    papers = plan.awards.without_money()
    for one in plan.divisions:
        if one.awards == papers:
            text = gettext("the same awards as papers alone, without money")
        else:
            tiers = (f"{tier.name} {yuan(tier.amount)}" for tier in one.awards.tiers)
            text = gettext("own awards") + gettext(": ") + "、".join(tiers)
        yield gettext("Division %(code)s", code=one.division), text


def _places(plan: EventPlan, scheme: Scheme) -> Iterator[Fact]:
    steps = " → ".join(step_said(step, scheme) for step in plan.tie_breaks)
    yield gettext("Equal totals"), steps or gettext("(share the place)")
    if plan.ties == "decide" or plan.tie_breaks:
        yield gettext("Totals that stay equal"), gettext(EQUAL[plan.ties])
    if plan.unplaced == "last":
        yield gettext("The absent and withdrawn"), gettext("share the last place")
    if plan.scale:
        yield gettext("Standard scale of the totals"), gettext(SCALES[plan.scale])


def _levels(rule: LevelRule | None, parts: dict[str, str]) -> Iterator[Fact]:
    if rule is None:
        yield gettext("Skill levels"), ""
        return
    if rule.cuts:
        yield gettext("Skill levels"), gettext("%(count)s lines", count=len(rule.cuts))
        yield gettext("Must be passed"), "、".join(parts.get(key, key) for key in rule.needs)
        yield from _held(rule)
        return
    yield (
        gettext("Skill levels"),
        gettext(
            "Everybody who passes: %(base)s. Top %(places)s, but at most %(share)s percent "
            "of those who competed: %(top)s.",
            base=gettext(LEVELS[rule.base_level]),
            places=rule.top_places,
            share=plain(rule.top_share),
            top=gettext(LEVELS[rule.top_level]),
        ),
    )
    yield gettext("Must be passed"), "、".join(parts.get(key, key) for key in rule.needs)
    yield from _held(rule)


def _held(rule: LevelRule) -> Iterator[Fact]:
    if rule.if_already_held == "plus_one":
        yield gettext("Whoever holds that level already gets"), gettext("one level higher")
    elif rule.if_already_held == "plus_one_capped" and rule.cap is not None:
        text = gettext("one level higher, at most %(level)s", level=gettext(LEVELS[rule.cap]))
        yield gettext("Whoever holds that level already gets"), text


def _tables(plan: EventPlan) -> Iterator[Fact]:
    if plan.teams is not None:
        text = gettext(
            "%(members)s members needed, the best %(best)s count",
            members=plan.teams.members,
            best=plan.teams.best or gettext("of all"),
        )
        if plan.teams.by_time:
            text += gettext("; the shorter time parts equal teams")
        yield gettext("Table of teams"), text
    if plan.delegations is not None:
        points = ", ".join(plain(number) for number in plan.delegations.points)
        names = {tier.key: tier.name for tier in plan.awards.tiers}
        awards = plan.delegations.tier_points.items()
        each = [f"{names.get(key, key)} {plain(number)}" for key, number in awards]
        text = " · ".join([text for text in (points, "、".join(each)) if text])
        yield gettext("Table of delegations"), text


def tier_notes(plan: EventPlan, scheme: Scheme) -> dict[str, str]:
    """Say of each tier, by key, who gets it apart from its places, if anything is to be said."""
    titles = node_titles(scheme)
    return {tier.key: "；".join(_tier_notes(tier, titles)) for tier in plan.awards.tiers}


def _tier_notes(tier: Tier, titles: dict[str, str]) -> Iterator[str]:
    if tier.minimum_field:
        yield gettext("from %(count)s contestants on", count=tier.minimum_field)
    if tier.down_to is not None:
        yield gettext("down to %(part)s of the field", part=tier.down_to)
    if tier.paid_to != "split":
        yield gettext(PAID_TO[tier.paid_to])
    if tier.coach_amount:
        yield gettext("coaches together %(amount)s yuan", amount=yuan(tier.coach_amount))
    if tier.at_most is not None:
        yield gettext("more than %(count)s who are equal need a decision", count=tier.at_most)
    if tier.single is not None:
        below = titles.get(tier.single_below, tier.single_below)
        yield gettext(
            "for those without another award who have %(value)s or more directly below %(node)s",
            value=plain(tier.single),
            node=below,
        )
