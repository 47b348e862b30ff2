"""What an edition says of money and honours as a whole: budget lines, bodies, employers' prizes."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.data import InvalidRules
from rules.editions import rule_problems
from rules.organisation_prizes import OrganisationPrize
from rules.plans import BudgetLine
from services.acting import Actor
from services.contests import change_rules, check_version, locked_contest, rules_of
from services.transaction import transaction


@dataclass(frozen=True)
class Budget:
    """The purses of an edition, the bodies it was filed with, and what employers can win."""

    lines: Sequence[BudgetLine]
    filed_with: Sequence[str]
    prizes: Sequence[OrganisationPrize]


@transaction
def edit_budget(
    by: Actor, contest_id: int, version: int | None, budget: Budget, reason: str = ""
) -> int:
    """Change budget lines, bodies and employers' prizes; once published, as an amendment."""
    contest = locked_contest(contest_id)
    check_version(contest.version, version)
    rules = rules_of(contest)
    changed = rules.model_copy(
        update={
            "budget_lines": tuple(budget.lines),
            "filed_with": tuple(budget.filed_with),
            "organisation_prizes": tuple(budget.prizes),
        }
    )
    if changed == rules:
        return contest_id
    problems = list(rule_problems(changed))
    if problems:
        raise InvalidRules(problems)
    change_rules(by, contest, changed, reason)
    return contest_id
