"""The rules of the contest day: the act that changes them for a whole edition."""

from rules.days import DayRules
from services.acting import Actor
from services.contests import change_rules, check_version, locked_contest, rules_of
from services.transaction import transaction


@transaction
def edit_day(
    by: Actor, contest_id: int, version: int | None, day: DayRules, reason: str = ""
) -> int:
    """Change the rules of the day; once published, as a numbered amendment of every event."""
    contest = locked_contest(contest_id)
    check_version(contest.version, version)
    rules = rules_of(contest)
    if day == rules.day:
        return contest_id
    change_rules(by, contest, rules.model_copy(update={"day": day}), reason)
    return contest_id
