"""Who may enter, and when: age, size of the team, nobody twice, deadlines (R1.16, R1.24, R1.28)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.ages import age_on
from rules.plans import EditionRules
from rules.refusals import Refused
from rules.states import ContestState, EntryState, EventState
from rules.texts import N_


class EventFormat(StrEnum):
    """How many people make one entry (R1.16)."""

    SINGLE = "single"
    PAIR = "pair"
    TRIPLE = "triple"

    @property
    def size(self) -> int:
        """Return the number of people in one entry."""
        return list(EventFormat).index(self) + 1


@dataclass(frozen=True, slots=True)
class Member:
    """One person of an entry; `id_key` is whatever identifies the person (number or its hash)."""

    name: str
    id_key: str
    birth_date: date | None


def entry_problems(
    rules: EditionRules, team_size: int, members: Sequence[Member], today: date
) -> list[Refused]:
    """List every reason why these people may not make an entry; an empty list lets them in."""
    problems = [] if len(members) == team_size else [_wrong_size(team_size, members)]
    problems += _twice(members)
    day = rules.age_on or today
    for member in members:
        problems += _age_problems(rules, member, day)
    return problems


def _wrong_size(team_size: int, members: Sequence[Member]) -> Refused:
    return Refused(
        N_("This event takes %(size)s people in one entry, not %(count)s."),
        field="members",
        size=team_size,
        count=len(members),
    )


def _twice(members: Sequence[Member]) -> Iterator[Refused]:
    seen: set[str] = set()
    for member in members:
        if member.id_key in seen:
            yield Refused(N_("%(name)s is in this entry twice."), field="members", name=member.name)
        seen.add(member.id_key)


def _age_problems(rules: EditionRules, member: Member, day: date) -> Iterator[Refused]:
    if member.birth_date is None:
        yield Refused(
            N_("The birth date of %(name)s is missing."), field="birth_date", name=member.name
        )
        return
    age = age_on(member.birth_date, day)
    names = {"name": member.name, "day": day.isoformat()}
    if age < rules.minimum_age:
        yield Refused(_TOO_YOUNG, field="birth_date", age=rules.minimum_age, **names)
    if rules.maximum_age is not None and age > rules.maximum_age:
        yield Refused(_TOO_OLD, field="birth_date", age=rules.maximum_age, **names)


_TOO_YOUNG = N_("%(name)s is not yet %(age)s years old on %(day)s.")
_TOO_OLD = N_("%(name)s is more than %(age)s years old on %(day)s.")


@dataclass(frozen=True, slots=True)
class Window:
    """What decides whether entries are open: two states, two days, and who asks."""

    contest: ContestState
    event: EventState
    opens_on: date
    closes_on: date
    is_official: bool = False

    @property
    def is_registering(self) -> bool:
        """Say whether the list of entries is still being made."""
        return self.contest is ContestState.PUBLISHED and self.event is EventState.REGISTERING

    def problem(self, today: date) -> Refused | None:
        """Say why nobody of this kind can enter today; officials may before and after the dates."""
        if not self.is_registering:
            return Refused(N_("This event takes no entries now."))
        if self.is_official:
            return None
        if today < self.opens_on:
            return Refused(N_("Entries open on %(day)s."), day=self.opens_on.isoformat())
        if today > self.closes_on:
            return Refused(
                N_("Entries closed on %(day)s. Ask the organizer."), day=self.closes_on.isoformat()
            )
        return None

    def edit_problem(self, state: EntryState, today: date) -> Refused | None:
        """Say why an entry in this state cannot be changed today.

        A returned one can be mended after the deadline; an accepted one only by officials (R1.28).
        """
        if state in (EntryState.WITHDRAWN, EntryState.REJECTED):
            return Refused(N_("This entry is closed and cannot be changed."))
        if state is EntryState.ACCEPTED and not self.is_official:
            return Refused(N_("This entry is accepted. Ask the organizer to change it."))
        if state is EntryState.RETURNED and self.is_registering:
            return None
        return self.problem(today)
