"""Whether an application for a workshop fulfils the conditions: every reason at once (R6.01-03)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rules.refusals import Refused
from rules.texts import N_
from rules.workshop_policies import LeaderRule, Policy, add_months, leader_rule, window_problem
from rules.workshops import ApplicationKind, WorkshopLevel, WorkshopNaming, next_level


@dataclass(frozen=True, slots=True)
class Candidate:
    """A leader or master: the level held, and the titles that stand in the register."""

    name: str
    held_level: int | None = None
    titles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Apprentice:
    """An apprentice by name, with the day on which the agreement was signed."""

    name: str
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar that concerns the leader or the host."""

    who: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """What a workshop is that wants to step up."""

    level: WorkshopLevel
    since: date
    is_open: bool = True
    missing_reports: tuple[int, ...] = ()
    leader_gone: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What an application says, with what the registers know about it."""

    level: WorkshopLevel
    naming: WorkshopNaming
    leader: Candidate
    kind: ApplicationKind = ApplicationKind.FOUNDING
    masters: tuple[Candidate, ...] = ()
    renown: str = ""
    room: str = ""
    equipment: str = ""
    own_rules: str = ""
    plan: str = ""
    apprentices: tuple[Apprentice, ...] = ()
    bars: tuple[Bar, ...] = ()
    leads: str = ""
    title_taken: bool = False
    standing: Standing | None = None


def qualifies(rule: LeaderRule, person: Candidate, renown: str = "") -> bool:
    """Say whether somebody is a master in the sense of the rule: any one condition (R6.03)."""
    if rule.held_level and person.held_level and person.held_level <= rule.held_level:
        return True
    if any(title in rule.titles for title in person.titles):
        return True
    return rule.renown and bool(renown.strip())


def condition_problems(policy: Policy, wish: Request, today: date) -> Iterator[Refused]:
    """Yield every reason why an application cannot go on."""
    late = window_problem(policy, today)
    if late is not None:
        yield late
    yield from _bar_problems(wish, today)
    yield from _people_problems(policy, wish)
    yield from _place_problems(policy, wish)
    yield from _apprentice_problems(policy, wish, today)
    if wish.kind is ApplicationKind.STEP_UP:
        yield from _step_problems(policy, wish, today)
    elif wish.title_taken:
        yield Refused(N_("Another workshop bears this name."), "title")


def _bar_problems(wish: Request, today: date) -> Iterator[Refused]:
    for bar in wish.bars:
        if today <= bar.ends_on:
            text = N_("%(who)s is barred until %(day)s after a failed assessment.")
            yield Refused(text, "leader", who=bar.who, day=bar.ends_on)


def _people_problems(policy: Policy, wish: Request) -> Iterator[Refused]:
    rule = leader_rule(policy, wish.level)
    if not qualifies(rule, wish.leader, wish.renown):
        yield leader_problem(rule, wish.leader.name)
    if wish.naming is WorkshopNaming.COMPANY:
        people = [qualifies(rule, wish.leader, wish.renown)]
        people += [qualifies(rule, one) for one in wish.masters]
        if sum(people) < policy.company_masters:
            text = N_(
                "A workshop with the company's name needs %(least)s qualified masters; "
                "there are %(found)s."
            )
            yield Refused(text, "masters", least=policy.company_masters, found=sum(people))
    if wish.leads and policy.one_for_a_leader:
        text = N_("%(name)s leads the workshop “%(title)s” already.")
        yield Refused(text, "leader", name=wish.leader.name, title=wish.leads)


def leader_problem(rule: LeaderRule, name: str) -> Refused:
    """Say what somebody lacks to lead a workshop."""
    text = N_(
        "%(name)s fulfils none of the conditions for a leader: a level %(level)s certificate, "
        "one of the titles %(titles)s, or (where it is allowed) recognition in a local trade."
    )
    return Refused(
        text,
        "leader",
        name=name,
        level=rule.held_level or "–",
        titles="、".join(rule.titles) or "–",
    )


def _place_problems(policy: Policy, wish: Request) -> Iterator[Refused]:
    asked = (
        (policy.room, wish.room, "room", N_("Describe the room of the workshop.")),
        (policy.equipment, wish.equipment, "equipment", N_("Describe the equipment.")),
        (policy.own_rules, wish.own_rules, "own_rules", N_("Give the workshop's own rules.")),
        (policy.plan, wish.plan, "plan", N_("Give the teaching plan.")),
    )
    for wanted, text, field, message in asked:
        if wanted and not text.strip():
            yield Refused(message, field)


def _apprentice_problems(policy: Policy, wish: Request, today: date) -> Iterator[Refused]:
    if len(wish.apprentices) < policy.least_apprentices:
        text = N_("Name at least %(least)s apprentices; there are %(found)s.")
        found = len(wish.apprentices)
        yield Refused(text, "apprentices", least=policy.least_apprentices, found=found)
    if not policy.agreements:
        return
    for one in wish.apprentices:
        if one.signed_on is None:
            text = N_("There is no signed agreement with %(name)s.")
            yield Refused(text, "apprentices", name=one.name)
        elif one.signed_on > today:
            text = N_("The agreement with %(name)s is dated in the future.")
            yield Refused(text, "apprentices", name=one.name)


def _step_problems(policy: Policy, wish: Request, today: date) -> Iterator[Refused]:
    standing = wish.standing
    if standing is None or not standing.is_open:
        yield Refused(N_("Only a standing workshop can step up."))
        return
    if next_level(standing.level) is not wish.level:
        yield Refused(N_("A workshop steps up one level at a time."), "level")
    free_on = add_months(standing.since, policy.step_up_months)
    if today < free_on:
        yield Refused(N_("A step up is possible from %(day)s on."), "level", day=free_on)
    if standing.missing_reports:
        years = "、".join(str(year) for year in standing.missing_reports)
        yield Refused(N_("Reports of these years are not accepted yet: %(years)s."), years=years)
    if standing.leader_gone:
        yield Refused(N_("The workshop has no leader at present."), "leader")
