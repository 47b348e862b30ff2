"""What pages show of applications: the whole dossier, what is next, and everybody's own list."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from models.accounts import Account
from models.database import db
from models.notices import Notice
from models.selection_applications import (
    SelectionApplication,
    SelectionEvidence,
    SelectionFile,
)
from models.selection_checks import SelectionStep
from models.selection_holders import SelectionHolder
from models.selection_reviews import SelectionLine, SelectionProposal
from models.selections import SelectionRound
from rules.access import Role
from rules.refusals import Missing
from rules.selection_applications import NextStep, Outcome, Progress, Waiting, next_step
from rules.selection_eligibility import Verdict
from rules.selection_forms import names_of, title_of
from rules.selection_rounds import EvidenceRule, FileRule, RoundRules
from rules.selections import (
    ApplicationState,
    Channel,
    EvidenceKind,
    ProposalState,
    RoundState,
    StepState,
)
from rules.states import NoticeState
from services import accounts, selection_files, selections
from services.acting import Actor
from services.pages import PAGE_SIZE, Page, page_of
from services.selection_applications import get_application
from services.selection_applications_submitting import window_of
from services.selection_applications_writing import is_concerned, is_writer, values_of
from services.selection_checks_verdicts import verdict_of

_CLOSED = (NoticeState.POSTED, NoticeState.CLOSED)


@dataclass(frozen=True)
class Said:
    """One question of the form with its answer; choices of basics are told by their value."""

    name: str
    title: str
    value: str


@dataclass(frozen=True)
class Dossier:
    """An application as it is read: who, what was said, lists, files, clauses."""

    row: SelectionApplication
    rules: RoundRules
    answers: tuple[Said, ...]
    evidence: tuple[tuple[EvidenceRule, tuple[SelectionEvidence, ...]], ...]
    files: tuple[tuple[FileRule, tuple[SelectionFile, ...]], ...]
    verdict: Verdict

    @property
    def pages(self) -> int:
        """Count the pages of all files."""
        return sum(one.pages for _, rows in self.files for one in rows)


def dossier_of(application_id: int) -> Dossier:
    """Return all of an application, for whoever may read it."""
    return dossier_for(get_application(application_id))


def dossier_for(row: SelectionApplication) -> Dossier:
    """Return all of an application that was read already."""
    rules = selections.rules_of(row.round)
    values = values_of(row)
    lines, files = defaultdict(list), defaultdict(list)
    for line in row.evidence:
        lines[line.kind].append(line)
    for file in selection_files.list_files("application", row.id):
        files[file.rule].append(file)
    return Dossier(
        row,
        rules,
        tuple(
            Said(name, title_of(rules, name), values.get(name, ""))
            for name in names_of(rules, row.channel)
        ),
        tuple((rule, tuple(lines[rule.kind])) for rule in rules.evidence),
        tuple((rule, tuple(files[rule.key])) for rule in rules.files),
        verdict_of(row),
    )


def read_application(by: Actor, application_id: int) -> SelectionApplication:
    """Return an application to those who may read it; raise Missing."""
    row = get_application(application_id)
    if not may_read(accounts.get_account(by.account_id or 0), row):
        raise Missing(application_id)
    return row


def own_application(by: Actor, application_id: int) -> SelectionApplication:
    """Return an application to its writer; raise Missing."""
    row = get_application(application_id)
    if not is_writer(accounts.get_account(by.account_id or 0), row):
        raise Missing(application_id)
    return row


def may_read(account: Account, row: SelectionApplication) -> bool:
    """Say whether an account may read an application: its own people, checkers, panel, bureau."""
    return is_concerned(account, row) or (
        row.submitted_at is not None and selection_files.may_read(account, "application", row.id)
    )


def progress_of(rows: Sequence[SelectionApplication], kept_days: int) -> dict[int, Progress]:
    """Return how applications stand, in a number of statements that does not grow."""
    ids = [row.id for row in rows]
    waiting, titles = _waiting(rows), _titles(rows)
    notices, merged, terms = _notices(rows), _numbers(rows), _terms(rows)
    found = {}
    for row in rows:
        round_ = row.round
        decided = round_.decided_on if round_.state is RoundState.DECIDED else None
        outcome = Outcome(
            titles.get(row.id, ""),
            notices.get(round_.contest_id or 0),
            decided,
            round_.decision_document,
            terms.get((round_.id, row.person_id)),
            decided + timedelta(days=kept_days) if decided else None,
        )
        found[row.id] = Progress(
            window_of(row),
            row.double,
            row.reason,
            waiting.get(row.id),
            outcome,
            merged.get(row.merged_into_id or 0),
        )
    assert len(found) == len(set(ids))
    return found


def _waiting(rows: Sequence[SelectionApplication]) -> dict[int, Waiting]:
    by_id = {row.id: row for row in rows if row.state is ApplicationState.CHECKING}
    if not by_id:
        return {}
    query = (
        select(SelectionStep.application_id, SelectionStep.key, SelectionStep.due_on)
        .where(SelectionStep.application_id.in_(by_id))
        .where(SelectionStep.state == StepState.WAITING, SelectionStep.reached_at.is_not(None))
        .order_by(SelectionStep.position.desc())
    )
    found = {}
    for application_id, key, due_on in db.session.execute(query):
        chain = selections.rules_of(by_id[application_id].round).chain
        step = next((one for one in chain if one.key == key), None)
        if step is not None:
            found[application_id] = Waiting(step.title, step.body, due_on)
    return found


def _titles(rows: Sequence[SelectionApplication]) -> dict[int, str]:
    """Return the titles for which applications are proposed in lists that a second one approved."""
    by_id = {row.id: row for row in rows if row.state is ApplicationState.CHOSEN}
    if not by_id:
        return {}
    query = (
        select(SelectionLine.application_id, SelectionLine.tier)
        .join(SelectionProposal, SelectionProposal.id == SelectionLine.proposal_id)
        .where(
            SelectionLine.application_id.in_(by_id),
            SelectionProposal.state == ProposalState.APPROVED,
            SelectionLine.tier != "",
        )
    )
    return {
        application_id: selections.rules_of(by_id[application_id].round).tier(tier).title
        for application_id, tier in db.session.execute(query)
    }


def _notices(rows: Iterable[SelectionApplication]) -> dict[int, date]:
    contests = {row.round.contest_id for row in rows if row.round.contest_id is not None}
    if not contests:
        return {}
    query = (
        select(Notice.contest_id, Notice.ends_on)
        .where(Notice.contest_id.in_(contests), Notice.state.in_(_CLOSED))
        .order_by(Notice.id)
    )
    return {contest_id: ends_on for contest_id, ends_on in db.session.execute(query)}


def _numbers(rows: Iterable[SelectionApplication]) -> dict[int, int | None]:
    ids = {row.merged_into_id for row in rows if row.merged_into_id is not None}
    if not ids:
        return {}
    query = select(SelectionApplication.id, SelectionApplication.number)
    query = query.where(SelectionApplication.id.in_(ids))
    return {key: number for key, number in db.session.execute(query)}


def _terms(rows: Iterable[SelectionApplication]) -> dict[tuple[int | None, int], date | None]:
    chosen = [row for row in rows if row.state is ApplicationState.CHOSEN]
    if not chosen:
        return {}
    holder = SelectionHolder
    query = select(holder.round_id, holder.person_id, holder.ends_on).where(
        holder.round_id.in_({row.round_id for row in chosen}),
        holder.person_id.in_({row.person_id for row in chosen}),
    )
    return {(round_id, person): ends for round_id, person, ends in db.session.execute(query)}


@dataclass(frozen=True)
class OwnLine:
    """An application on somebody's own list, with what is next for it."""

    row: SelectionApplication
    next: NextStep
    writes: bool


def list_own(by: Actor, kept_days: int, page: int = 1, size: int = PAGE_SIZE) -> Page[OwnLine]:
    """List the applications that an account writes, or that are for its person, newest first."""
    account = accounts.get_account(by.account_id or 0)
    query = (
        select(SelectionApplication)
        .join(SelectionApplication.round)
        .join(SelectionRound.programme)
        .options(
            contains_eager(SelectionApplication.round).contains_eager(SelectionRound.programme),
            joinedload(SelectionApplication.person),
            joinedload(SelectionApplication.employer),
        )
        .where(_concerns(account))
        .order_by(SelectionApplication.id.desc())
    )
    found = page_of(query, page, size)
    lines = _lines(by, account, list(found.items), kept_days)
    return Page(lines, found.total, found.number, found.size)


def _lines(
    by: Actor, account: Account, rows: Sequence[SelectionApplication], kept_days: int
) -> list[OwnLine]:
    progress = progress_of(rows, kept_days)
    return [
        OwnLine(row, next_step(progress[row.id], by.now, by.today), is_writer(account, row))
        for row in rows
    ]


def line_of(by: Actor, row: SelectionApplication, kept_days: int) -> OwnLine:
    """Return one application with what is next for it."""
    return _lines(by, accounts.get_account(by.account_id or 0), [row], kept_days)[0]


def _concerns(account: Account) -> ColumnElement[bool]:
    row = SelectionApplication
    found: list[Any] = [row.account_id == account.id]
    if account.person_id is not None:
        found.append(row.person_id == account.person_id)
    if account.employer_id is not None and account.holder().has(Role.EMPLOYER):
        unit = (row.channel == Channel.EMPLOYER) & (row.employer_id == account.employer_id)
        found.append(unit)
    return or_(*found)


def open_rounds(by: Actor) -> Sequence[SelectionRound]:
    """List the rounds that take applications now, the one that closes first at the top."""
    query = (
        select(SelectionRound)
        .join(SelectionRound.programme)
        .options(contains_eager(SelectionRound.programme))
        .where(
            SelectionRound.state == RoundState.OPEN,
            SelectionRound.opens_at <= by.now,
            SelectionRound.closes_at > by.now,
        )
        .order_by(SelectionRound.closes_at, SelectionRound.id)
    )
    return db.session.scalars(query).all()


def open_round(round_id: int) -> SelectionRound:
    """Return a round that was published; raise Missing."""
    row = selections.get_round(round_id)
    if row.state in (RoundState.DRAFT, RoundState.CANCELLED):
        raise Missing(round_id)
    return row


def application_of_line(evidence_id: int) -> tuple[int, EvidenceKind]:
    """Return to which application a line of evidence belongs, and its kind; raise Missing."""
    row = db.session.get(SelectionEvidence, evidence_id)
    if row is None:
        raise Missing(evidence_id)
    return row.application_id, row.kind
