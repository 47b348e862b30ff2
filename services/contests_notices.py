"""The chain of notices of an edition: the act that changes it."""

from collections.abc import Sequence

from rules.data import InvalidRules
from rules.notice_chains import NoticeLevel, chain_problems
from services.acting import Actor
from services.contests import change_rules, check_version, locked_contest, rules_of
from services.transaction import transaction


@transaction
def edit_notice_levels(
    by: Actor,
    contest_id: int,
    version: int | None,
    levels: Sequence[NoticeLevel],
    reason: str = "",
) -> int:
    """Change the chain of notices; once published, as a numbered amendment of every event."""
    contest = locked_contest(contest_id)
    check_version(contest.version, version)
    rules = rules_of(contest)
    changed = rules.model_copy(update={"notice_levels": tuple(levels)})
    if changed == rules:
        return contest_id
    problems = list(chain_problems(changed.notice_levels))
    if problems:
        raise InvalidRules(problems)
    change_rules(by, contest, changed, reason)
    return contest_id
