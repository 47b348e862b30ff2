"""Two applications for one person: found, shown side by side, merged by staff (R5.02)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.database import db
from models.people import Person
from models.selection_applications import (
    SelectionApplication,
    SelectionEvidence,
    SelectionFile,
)
from rules.people import same_name
from rules.refusals import Missing, Refused
from rules.selection_rounds import RoundRules
from rules.selections import LIVING, ApplicationState
from rules.texts import N_
from services import audits, selection_checks_messages, selections
from services.acting import Actor
from services.selection_applications import lock_application, move_application
from services.selection_checks_bodies import GOING, refuse_own
from services.transaction import transaction

# What is merged away has not been qualified; what stays may have been.
MERGEABLE = (ApplicationState.DRAFT, ApplicationState.CHECKING, ApplicationState.RETURNED)
KEEPABLE = (*MERGEABLE, ApplicationState.QUALIFIED)
# What staff may take over from the one that goes, besides single answers.
COLUMNS: dict[str, str] = {
    "employer_id": N_("Work unit"),
    "nominators": N_("Nominated by"),
    "tier": N_("Tier"),
    "district": N_("District"),
    "occupation": N_("Occupation"),
    "post": N_("Post"),
    "unit_kind": N_("Kind of unit"),
    "trade_since": N_("In the trade since"),
    "local_since": N_("Working here since"),
    "retires_on": N_("Retires on"),
    "support_percent": N_("Support among the staff"),
}


@dataclass(frozen=True)
class Pair:
    """Two applications for one person; ``sure`` by the identity number, else by name and birth."""

    first: SelectionApplication
    second: SelectionApplication
    sure: bool


def list_pairs(round_id: int) -> list[Pair]:
    """List all pairs of living applications of a round that are for one person, or may be."""
    rows = _suspects(round_id)
    return [
        Pair(first, second, first.person_id == second.person_id)
        for place, first in enumerate(rows)
        for second in rows[place + 1 :]
        if is_pair(first, second)
    ]


def _suspects(round_id: int) -> Sequence[SelectionApplication]:
    """Load those whose name stands twice in the round: only their birth dates are deciphered."""
    living = (
        SelectionApplication.round_id == round_id,
        SelectionApplication.state.in_(LIVING),
    )
    twice = (
        select(Person.name_key)
        .join(SelectionApplication, SelectionApplication.person_id == Person.id)
        .where(*living)
        .group_by(Person.name_key)
        .having(func.count() > 1)
    )
    query = (
        select(SelectionApplication)
        .join(SelectionApplication.person)
        .options(joinedload(SelectionApplication.person), joinedload(SelectionApplication.employer))
        .where(*living, Person.name_key.in_(twice))
        .order_by(SelectionApplication.id)
    )
    return db.session.scalars(query).unique().all()


def is_pair(first: SelectionApplication, second: SelectionApplication) -> bool:
    """Say whether two applications are for one person, as far as can be told."""
    if first.person_id == second.person_id:
        return True
    one, other = first.person, second.person
    known = one.birth_date is not None and one.birth_date == other.birth_date
    return known and same_name(one.name, other.name)


@dataclass(frozen=True)
class Line:
    """One field of both applications; ``key`` names it for taking it over."""

    key: str
    title: str
    first: Any
    second: Any
    translated: bool = True

    @property
    def differs(self) -> bool:
        """Say whether the two say something else."""
        return bool(self.first != self.second)


@dataclass(frozen=True)
class Comparison:
    """Two applications side by side, with their evidence and files."""

    pair: Pair
    lines: Sequence[Line]
    evidence: dict[int, list[SelectionEvidence]]
    files: dict[int, list[SelectionFile]]


def compare(round_id: int, first_id: int, second_id: int) -> Comparison:
    """Put two applications of a round side by side; raise Missing if they are no pair."""
    query = (
        select(SelectionApplication)
        .options(
            joinedload(SelectionApplication.person),
            joinedload(SelectionApplication.employer),
            joinedload(SelectionApplication.round),
        )
        .where(SelectionApplication.id.in_((first_id, second_id)))
    )
    rows = {row.id: row for row in db.session.scalars(query).unique()}
    if len(rows) != 2:
        raise Missing(first_id)
    first, second = rows[first_id], rows[second_id]
    if {first.round_id, second.round_id} != {round_id} or not is_pair(first, second):
        raise Missing(first_id)
    rules = selections.rules_of(first.round)
    return Comparison(
        Pair(first, second, first.person_id == second.person_id),
        [*_lines(rules, first, second)],
        _evidence(rows),
        _files(rows),
    )


def _lines(
    rules: RoundRules, first: SelectionApplication, second: SelectionApplication
) -> Iterator[Line]:
    for name, title in COLUMNS.items():
        yield Line(name, title, getattr(first, name), getattr(second, name))
    for field in rules.form:
        one, other = (row.answers or {} for row in (first, second))
        key = f"answer-{field.key}"
        yield Line(key, field.title, one.get(field.key, ""), other.get(field.key, ""), False)


def _evidence(ids: Collection[int]) -> dict[int, list[SelectionEvidence]]:
    found: dict[int, list[SelectionEvidence]] = defaultdict(list)
    query = select(SelectionEvidence).where(SelectionEvidence.application_id.in_(list(ids)))
    for row in db.session.scalars(query.order_by(SelectionEvidence.id)):
        found[row.application_id].append(row)
    return found


def _files(ids: Collection[int]) -> dict[int, list[SelectionFile]]:
    found: dict[int, list[SelectionFile]] = defaultdict(list)
    query = select(SelectionFile).where(
        SelectionFile.holder == "application", SelectionFile.holder_id.in_(list(ids))
    )
    for row in db.session.scalars(query.order_by(SelectionFile.id)):
        found[row.holder_id].append(row)
    return found


@dataclass(frozen=True)
class TakenOver:
    """What the application that stays takes from the one that goes."""

    fields: frozenset[str] = frozenset()
    evidence: frozenset[int] = frozenset()
    files: frozenset[int] = frozenset()


@transaction
def merge_applications(by: Actor, keep_id: int, drop_id: int, taken: TakenOver) -> int:
    """Let one of two applications live on, with what staff choose from the other."""
    if keep_id == drop_id:
        raise Missing(drop_id)
    rows = {one: lock_application(one) for one in sorted((keep_id, drop_id))}
    keep, drop = rows[keep_id], rows[drop_id]
    _check(by, keep, drop)
    changed = _take_fields(keep, drop, taken.fields)
    moved_lines = _take_evidence(keep, drop, taken.evidence)
    moved_files = _take_files(keep, drop, taken.files)
    drop.merged_into_id, drop.double = keep_id, False
    move_application(by, drop, ApplicationState.MERGED, "merge_applications")
    db.session.flush()
    keep.double = _has_first(keep)
    after: dict[str, object] = {"merged": drop_id, "fields": changed}
    after |= {"evidence": moved_lines, "files": moved_files}
    audits.record(by, "take_over_parts", "selection_application", keep_id, after=after)
    selection_checks_messages.tell_merged(by, drop)
    return keep_id


def _check(by: Actor, keep: SelectionApplication, drop: SelectionApplication) -> None:
    for one in (keep, drop):
        refuse_own(by, one)
    if keep.round_id != drop.round_id or not is_pair(keep, drop):
        raise Missing(drop.id)
    if keep.round.state not in GOING:
        raise Refused(N_("The checks of this round are over."))
    if drop.state not in MERGEABLE or keep.state not in KEEPABLE:
        raise Refused(N_("One of the two can no longer be merged in its present state."))


def _take_fields(
    keep: SelectionApplication, drop: SelectionApplication, fields: Collection[str]
) -> list[str]:
    """Copy the chosen fields; return which have changed, never what they say."""
    changed = []
    for name in COLUMNS:
        if name in fields and getattr(keep, name) != getattr(drop, name):
            setattr(keep, name, getattr(drop, name))
            changed.append(name)
    answers = dict(keep.answers or {})
    for key, value in (drop.answers or {}).items():
        if f"answer-{key}" in fields and answers.get(key) != value:
            answers[key] = value
            changed.append(f"answer-{key}")
    keep.answers = answers
    return changed


def _take_evidence(
    keep: SelectionApplication, drop: SelectionApplication, wanted: Collection[int]
) -> list[int]:
    """Move the chosen lines; a line that says the same is there already."""
    lines = _evidence((keep.id, drop.id))
    there = {_said(one) for one in lines[keep.id]}
    found = []
    for line in lines[drop.id]:
        if line.id in wanted and _said(line) not in there:
            line.application_id = keep.id
            found.append(line.id)
    db.session.flush()
    db.session.expire(keep, ["evidence"])
    db.session.expire(drop, ["evidence"])
    return found


def _said(line: SelectionEvidence) -> tuple[object, ...]:
    return line.kind, line.title, line.happened_on, line.honour_id, line.rank


def _take_files(
    keep: SelectionApplication, drop: SelectionApplication, wanted: Collection[int]
) -> list[int]:
    files = _files((keep.id, drop.id))
    there = {one.sha256 for one in files[keep.id]}
    found = []
    for file in files[drop.id]:
        if file.id in wanted and file.sha256 not in there:
            file.holder_id = keep.id
            found.append(file.id)
    return found


def _has_first(keep: SelectionApplication) -> bool:
    """Say whether another living application of the person is the one that counts."""
    query = select(SelectionApplication.id).where(
        SelectionApplication.round_id == keep.round_id,
        SelectionApplication.person_id == keep.person_id,
        SelectionApplication.id != keep.id,
        SelectionApplication.state.in_(LIVING),
        SelectionApplication.double.is_(False),
    )
    return db.session.scalar(query.limit(1)) is not None
