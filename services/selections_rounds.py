"""Rounds of a selection: copied from the last one, edited section by section, cancelled."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import delete, func, select, update

from models.database import db
from models.selection_applications import SelectionApplication
from models.selections import (
    SelectionChange,
    SelectionClerk,
    SelectionProgramme,
    SelectionQuota,
    SelectionRound,
)
from rules.editions import next_title
from rules.refusals import Refused, check_reason
from rules.selection_amendments import Standing, amendment_problems
from rules.selection_copies import moved_by_years
from rules.selection_programmes import shipped_programmes
from rules.selection_rounds import RoundRules
from rules.selections import ROUND_MOVES, RoundState
from rules.states import moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.selections import (
    ProgrammeFacts,
    RoundFacts,
    add_programme,
    add_round,
    lock_programme,
    lock_round,
    read_rules,
    rules_of,
    write_rules,
)
from services.transaction import STALE, transaction


@transaction
def take_over(by: Actor, code: str, facts: ProgrammeFacts, year: int) -> int:
    """Begin a programme that ships, with the draft of its first round; return the round."""
    shipped = shipped_programmes().get(code)
    if shipped is None:
        raise Refused(N_("No programme with this code ships."), "code")
    programme = add_programme(by, facts)
    title = f"{year}{shipped.round_title}"
    first = RoundFacts(f"{facts.code}{year}", year, title)
    return add_round(by, programme, first, shipped.rules_for(year)).id


@transaction
def copy_round(by: Actor, round_id: int, facts: RoundFacts) -> int:
    """Begin a round like another one of its programme: dates moved, quotas of bodies carried."""
    source = lock_round(round_id)
    rules = moved_by_years(rules_of(source), facts.year - source.year)
    row = add_round(by, lock_programme(source.programme_id), facts, rules, source.id)
    quotas = db.session.scalars(select(SelectionQuota).where(SelectionQuota.round_id == source.id))
    for quota in quotas:
        db.session.add(
            SelectionQuota(
                round_id=row.id,
                channel=quota.channel,
                employer_id=quota.employer_id,
                association=quota.association,
                district=quota.district,
                places=quota.places,
            )
        )
    return row.id


def next_round(programme: SelectionProgramme, last: SelectionRound | None, year: int) -> RoundFacts:
    """Guess what the next round of a programme is called."""
    if last is None:
        return RoundFacts(f"{programme.code}{year}", year, f"{year}年度")
    due = last.year + programme.cycle_years
    title = next_title(last.title, last.year, due)
    return RoundFacts(f"{programme.code}{due}", due, title)


@transaction
def rename_round(by: Actor, round_id: int, title: str) -> int:
    """Give a round that is not published another name."""
    row = lock_round(round_id)
    if row.state is not RoundState.DRAFT:
        raise Refused(N_("A published round keeps its name."), "title")
    before = {"title": row.title}
    row.title = title
    row.written_at, row.written_by_id = by.now, by.account_id
    audits.record(by, "edit", "selection_round", row.id, before=before, after={"title": title})
    return row.id


@transaction
def edit_rules(
    by: Actor, round_id: int, base: str, changes: Mapping[str, Any], reason: str = ""
) -> int:
    """Change sections of a round's rules: of the draft, or as an amendment that waits.

    ``base`` is the digest of the rules the form was opened with.
    """
    row = lock_round(round_id)
    change = find_change(round_id)
    present = read_rules(change.rules) if change else rules_of(row)
    if present.digest() != base:
        raise Refused(STALE)
    rules = _with(present, changes)
    if row.state is RoundState.DRAFT:
        _write_draft(by, row, rules)
        before, after = {"digest": present.digest()}, {"digest": rules.digest()}
        audits.record(by, "edit", "selection_round", row.id, before=before, after=after)
    else:
        _write_change(by, row, change, rules, reason)
    return row.id


def _with(present: RoundRules, changes: Mapping[str, Any]) -> RoundRules:
    """Return rules with changes; refuse what cannot be read, naming the place."""
    values = {name: getattr(present, name) for name in RoundRules.model_fields}
    try:
        return RoundRules.model_validate(values | dict(changes))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        text = N_("The rules cannot be read at “%(place)s”: %(problem)s")
        raise Refused(text, None, place=place, problem=first["msg"]) from error


def _write_draft(by: Actor, row: SelectionRound, rules: RoundRules) -> None:
    write_rules(row, rules)
    row.written_at, row.written_by_id = by.now, by.account_id


def _write_change(
    by: Actor, row: SelectionRound, change: SelectionChange | None, rules: RoundRules, reason: str
) -> None:
    reason = reason.strip() or (change.reason if change else "")
    check_reason(reason)
    refuse_change(by, row, rules)
    if change is None:
        change = SelectionChange(round_id=row.id)
        db.session.add(change)
    change.rules, change.digest = rules.model_dump(mode="json"), rules.digest()
    change.reason, change.written_at, change.written_by_id = reason, by.now, by.account_id
    audits.record(
        by,
        "propose_amendment",
        "selection_round",
        row.id,
        before={"digest": row.digest},
        after={"digest": change.digest, "reason": reason},
    )


def refuse_change(by: Actor, row: SelectionRound, rules: RoundRules) -> None:
    """Part: refuse an amendment of what may no longer change, with the first reason."""
    standing = Standing(row.state, count_applications(row.id), by.now)
    for problem in amendment_problems(rules_of(row), rules, standing):
        raise problem


def count_applications(round_id: int) -> int:
    """Count the applications of a round, whatever their state."""
    query = select(func.count(SelectionApplication.id))
    return db.session.scalar(query.where(SelectionApplication.round_id == round_id)) or 0


def find_change(round_id: int) -> SelectionChange | None:
    """Return the amendment of a round that waits, if there is one."""
    return db.session.scalar(select(SelectionChange).where(SelectionChange.round_id == round_id))


def editable_rules(row: SelectionRound) -> RoundRules:
    """Return the rules as they are being edited: with the waiting amendment, if there is one."""
    change = find_change(row.id)
    return read_rules(change.rules) if change else rules_of(row)


@transaction
def cancel_round(by: Actor, round_id: int, reason: str) -> int:
    """Cancel a published round for a reason, which its public page then says."""
    check_reason(reason)
    row = lock_round(round_id)
    if row.published_at is None:
        raise Refused(N_("This round was never published; remove its draft instead."))
    before = {"state": row.state}
    row.state = moved(ROUND_MOVES, row.state, RoundState.CANCELLED)
    row.reason = reason
    change = find_change(round_id)
    if change is not None:
        db.session.delete(change)
    after = {"state": row.state, "reason": reason}
    audits.record(by, "cancel", "selection_round", row.id, before=before, after=after)
    return row.id


@transaction
def remove_round(by: Actor, round_id: int) -> int:
    """Remove the draft of a round that was never published; return its programme."""
    row = lock_round(round_id)
    if row.state is not RoundState.DRAFT:
        raise Refused(N_("This round is published; it can only be cancelled."))
    for table in (SelectionQuota, SelectionClerk):
        db.session.execute(delete(table).where(table.round_id == round_id))
    copies = update(SelectionRound).where(SelectionRound.copied_from_id == round_id)
    db.session.execute(copies.values(copied_from_id=None))
    programme_id = row.programme_id
    before = {"code": row.code, "title": row.title, "digest": row.digest}
    db.session.delete(row)
    audits.record(by, "remove", "selection_round", round_id, before=before)
    return programme_id
