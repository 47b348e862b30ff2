"""Writing an application: saved as it is typed, and never over what somebody else has written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from models.accounts import Account
from models.database import db
from models.selection_applications import SelectionApplication
from rules.access import Role
from rules.data import plain
from rules.refusals import Missing, Refused
from rules.selection_applications import EDITABLE
from rules.selection_forms import ANSWER, DATES, names_of, read_input
from rules.selection_rounds import FileRule, RoundRules
from rules.selections import Channel, Post, RoundState, UnitKind
from rules.texts import N_
from services import accounts, audits, selection_files, selections
from services.acting import Actor
from services.selection_applications import lock_application
from services.selection_files import Keeper, Room
from services.transaction import transaction


@dataclass(frozen=True)
class Conflict:
    """An answer that somebody else has changed meanwhile: what stands, and what was typed."""

    name: str
    stored: str
    typed: str


@dataclass
class Saved:
    """What came of saving: the version and values now, what was refused, what is in conflict."""

    application_id: int
    version: int = 0
    values: dict[str, str] = field(default_factory=dict)
    problems: list[Refused] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def is_writer(account: Account, row: SelectionApplication) -> bool:
    """Say whether an account writes an application: it began it, or is its unit's."""
    if row.account_id == account.id:
        return True
    holder = account.holder()
    same_unit = account.employer_id is not None and account.employer_id == row.employer_id
    return row.channel is Channel.EMPLOYER and same_unit and holder.has(Role.EMPLOYER)


def values_of(row: SelectionApplication) -> dict[str, str]:
    """Return an application's answers as the form writes them, by the name of the input."""
    found = {
        "tier": row.tier,
        "district": row.district,
        "occupation": row.occupation,
        "post": row.post.value if row.post else "",
        "unit_kind": row.unit_kind.value if row.unit_kind else "",
        "support_percent": "" if row.support_percent is None else plain(row.support_percent),
        "nominators": "\n".join(row.nominators),
    }
    for name in DATES:
        day: date | None = getattr(row, name)
        found[name] = "" if day is None else day.isoformat()
    return found | {ANSWER + key: str(value) for key, value in (row.answers or {}).items()}


@transaction
def save(
    by: Actor, application_id: int, typed: Mapping[str, str], was: Mapping[str, str], base: int
) -> Saved:
    """Save what was typed; each answer that is refused or in conflict stays as it was.

    ``was`` says what stood in an input before. An answer that somebody else has changed since, to
    something else, is a conflict. Without ``was`` the version tells.
    """
    row = lock_own(by, application_id)
    rules = selections.rules_of(row.round)
    saved = Saved(row.id)
    stored = values_of(row)
    changed = _accepted(rules, row, typed, was, base, stored, saved)
    if changed:
        _write(row, changed)
        row.saved_at = by.now
        audits.record(
            by, "save", "selection_application", row.id, after={"fields": sorted(changed)}
        )
        db.session.flush()
    saved.version, saved.values = row.version, values_of(row)
    return saved


def _accepted(
    rules: RoundRules,
    row: SelectionApplication,
    typed: Mapping[str, str],
    was: Mapping[str, str],
    base: int,
    stored: Mapping[str, str],
    saved: Saved,
) -> dict[str, str]:
    known, changed = set(names_of(rules, row.channel)), dict[str, str]()
    for name, text in typed.items():
        if name not in known:
            continue
        try:
            value = read_input(rules, name, text)
        except Refused as problem:
            saved.problems.append(problem)
            continue
        present = stored.get(name, "")
        if value == present:
            continue
        seen = was.get(name, present if base == row.version else None)
        if seen is None or _plain(seen) != _plain(present):
            saved.conflicts.append(Conflict(name, present, value))
        else:
            changed[name] = value
    return changed


def _plain(text: str) -> str:
    """Return a text as browsers and people don't tell it apart: line ends, spaces around."""
    return "\n".join(text.replace("\r\n", "\n").split("\n")).strip()


def _write(row: SelectionApplication, changed: Mapping[str, str]) -> None:
    answers = dict(row.answers or {})
    for name, value in changed.items():
        if name.startswith(ANSWER):
            answers[name.removeprefix(ANSWER)] = value
        else:
            setattr(row, name, _column(name, value))
    row.answers = {key: value for key, value in answers.items() if value}


def _column(name: str, value: str) -> Any:
    if name == "nominators":
        return value.splitlines()
    if name in ("tier", "district", "occupation"):
        return value
    if not value:
        return None
    if name in DATES:
        return date.fromisoformat(value)
    if name == "support_percent":
        return Decimal(value)
    return Post(value) if name == "post" else UnitKind(value)


def lock_own(by: Actor, application_id: int) -> SelectionApplication:
    """Part: lock an application that the actor writes, while it may be written."""
    row = lock_application(application_id)
    if not is_writer(accounts.get_account(by.account_id or 0), row):
        raise Missing(application_id)
    if row.state not in EDITABLE:
        raise Refused(N_("This application is submitted; it can no longer be changed."))
    if row.round.state not in (RoundState.OPEN, RoundState.REVIEW):
        raise Refused(N_("This round takes no applications now."))
    return row


def _room(by: Actor, application_id: int, rule: str) -> Room:
    """Say where a file of an application goes, to its writer alone and before it is submitted."""
    row = lock_own(by, application_id)
    rules = selections.rules_of(row.round)
    found: FileRule | None = {one.key: one for one in rules.files}.get(rule)
    if found is None:
        raise Missing(rule)
    return Room(row.round_id, found, rules.pages)


def _reads(account: Account, application_id: int) -> bool:
    row = db.session.get(SelectionApplication, application_id)
    return row is not None and is_concerned(account, row)


def is_concerned(account: Account, row: SelectionApplication) -> bool:
    """Say whether an account is the writer or the candidate; checkers and reviewers come later."""
    own = account.person_id is not None and account.person_id == row.person_id
    return own or is_writer(account, row)


selection_files.register("application", Keeper(_room, [_reads]))
