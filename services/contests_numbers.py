"""How the certificates of an edition are numbered: the act that changes it."""

from rules.numbering_schemes import NumberScheme
from services.acting import Actor
from services.contests import change_rules, check_version, locked_contest, rules_of
from services.transaction import transaction


@transaction
def edit_numbers(
    by: Actor,
    contest_id: int,
    version: int | None,
    scheme: NumberScheme,
    sample_by_other: bool,
    reason: str = "",
) -> int:
    """Change number scheme and sample approval; once published, as a numbered amendment."""
    contest = locked_contest(contest_id)
    check_version(contest.version, version)
    rules = rules_of(contest)
    changed = {"certificate_numbers": scheme, "sample_by_other": sample_by_other}
    if (scheme, sample_by_other) == (rules.certificate_numbers, rules.sample_by_other):
        return contest_id
    change_rules(by, contest, rules.model_copy(update=changed), reason)
    return contest_id
