"""The rules of the contest day: the act that changes them for a whole edition."""

from rules.days import DayRules
from rules.states import ContestState
from services.acting import Actor
from services.contests import (
    amend_events,
    check_version,
    locked_contest,
    record_change,
    rules_of,
)
from services.rule_versions import refuse_amendment
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
    published = contest.state is not ContestState.DRAFT
    if published:
        refuse_amendment(contest.events, reason)
    before = {"rules": contest.rules}
    changed = rules.model_copy(update={"day": day})
    contest.rules = changed.model_dump(mode="json")
    if published:
        amend_events(by, contest, changed, reason)
    record_change(by, "edit_rules", contest, before, {"rules": contest.rules, "reason": reason})
    return contest_id
