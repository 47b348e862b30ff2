"""Read what was typed about a call inside the attempt, so that its problems land on the form."""

from pydantic import ValidationError

from blueprints.condition_forms import ClauseForm
from blueprints.nominations.call_forms import CallForm, ListForm
from blueprints.rule_rows import new_key, unreadable
from rules.nomination_rules import CallList, CallRules
from rules.selection_rounds import Clause, Eligibility
from services import nominations
from services.acting import Actor


def known_clauses(one: CallList, part: str) -> dict[str, Clause]:
    """Return the clauses of a part by their keys."""
    return {clause.key: clause for clause in getattr(one.eligibility, part)}


def save_call(by: Actor, form: CallForm, present: CallRules, call_id: int | None = None) -> int:
    """Write a call as typed, or change one."""
    try:
        rules = form.rules(present)
    except ValidationError as error:
        raise unreadable(error) from error
    if call_id is None:
        return nominations.write_call(by, form.facts(), rules)
    return nominations.edit_call(by, call_id, form.facts(), rules, form.base_version)


def save_list(by: Actor, call_id: int, form: ListForm, key: str) -> int:
    """Change a list as typed."""
    one = nominations.rules_of(nominations.get_call(call_id)).find(key)
    try:
        changed = CallList.model_validate(dict(one) | form.changes(one))
    except ValidationError as error:
        raise unreadable(error) from error
    return nominations.edit_list(by, call_id, form.base.data or "", changed)


def save_clause(by: Actor, call_id: int, form: ClauseForm, key: str, part: str, clause: str) -> int:
    """Change a clause as typed, or add one."""
    one = nominations.rules_of(nominations.get_call(call_id)).find(key)
    known = known_clauses(one, part)
    own = new_key(part, set(known)) if clause == "new" else clause
    typed = form.clause(own)
    rows = tuple((known | {own: typed}).values())
    eligibility = Eligibility.model_validate(dict(one.eligibility) | {part: rows})
    changed = CallList.model_validate(dict(one) | {"eligibility": eligibility})
    return nominations.edit_list(by, call_id, form.base.data or "", changed)
