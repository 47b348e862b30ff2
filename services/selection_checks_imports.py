"""A paper round from a spreadsheet: read, looked at, brought in as a whole, and taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update

from models.database import db
from models.selection_applications import (
    SelectionApplication,
    SelectionEvidence,
    SelectionFile,
)
from models.selection_checks import (
    SelectionImport,
    SelectionOpinion,
    SelectionOverride,
    SelectionStep,
)
from models.selections import SelectionRound
from rules.refusals import Missing, Refused
from rules.selection_papers import Paper
from rules.selections import (
    ApplicationState,
    Body,
    EvidenceKind,
    EvidenceSource,
    RoundState,
    StepState,
)
from rules.states import RETURN_MOVES, ReturnState, moved
from rules.texts import N_
from services import audits, selection_checks, selections
from services.acting import Actor
from services.pages import PAGE_SIZE, Page
from services.people import bulk_people
from services.people_employers import bulk_employers, title_key
from services.selection_checks_bodies import GOING
from services.selection_checks_rows import Line, Upload, again, check_lines, packed, shown
from services.transaction import transaction


@transaction
def preview_papers(by: Actor, round_id: int, upload: Upload) -> int:
    """Keep a read spreadsheet for confirmation; earlier ones of the same account are forgotten."""
    round_ = selections.lock_round(round_id)
    _check_going(round_)
    db.session.execute(
        update(SelectionImport)
        .where(
            SelectionImport.account_id == by.account_id,
            SelectionImport.round_id == round_id,
            SelectionImport.state == ReturnState.PREVIEWED,
        )
        .values(state=ReturnState.DISCARDED, rows=[])
    )
    row = SelectionImport(
        round_id=round_id,
        programme_id=round_.programme_id,
        filename=upload.filename[:200],
        rows=[packed(line) for line in upload.lines],
        made=[],
        row_count=len(upload.lines),
        problem_count=sum(bool(line.problems) for line in upload.lines),
        state=ReturnState.PREVIEWED,
        account_id=by.account_id or 0,
        created_at=by.now,
    )
    db.session.add(row)
    db.session.flush()
    after = {"rows": row.row_count, "problems": row.problem_count}
    audits.record(by, "preview", "selection_import", row.id, after=after)
    return row.id


def _check_going(round_: SelectionRound) -> None:
    if round_.state not in GOING:
        raise Refused(N_("The checks of this round are over."))


@transaction
def confirm_papers(
    by: Actor, import_id: int, *, only_good: bool = False, checked: bool = False
) -> int:
    """Bring a paper round in; who is there already is passed over, so that twice does no harm.

    ``checked``: the other bodies have checked on paper, and the bureau's own step comes next.
    """
    row = _locked(import_id, ReturnState.PREVIEWED)
    round_ = selections.lock_round(row.round_id or 0)
    _check_going(round_)
    rules = selections.rules_of(round_)
    lines = [again(one, rules, by.today) for one in row.rows]
    check_lines(round_.id, lines)
    good = [line for line in lines if not line.problems]
    if len(good) < len(lines) and not only_good:
        raise Refused(N_("Rows have errors. Correct the file, or import only the good rows."))
    papers = [line.paper for line in good if line.paper is not None and not line.is_known]
    if not papers:
        raise Refused(N_("No row is without an error and new in this round."))
    row.made = _store(by, round_, papers, checked)
    row.state = moved(RETURN_MOVES, row.state, ReturnState.CONFIRMED)
    row.rows, row.confirmed_at = [], by.now
    after = {"made": len(row.made), "known": len(good) - len(papers), "checked": checked}
    audits.record(by, "confirm", "selection_import", import_id, after=after)
    return import_id


def _store(by: Actor, round_: SelectionRound, papers: Sequence[Paper], checked: bool) -> list[int]:
    employers = bulk_employers(by, dict.fromkeys(one.employer for one in papers if one.employer))
    units = [employers[title_key(one.employer)] if one.employer else None for one in papers]
    people = bulk_people(by, [(one.person, unit) for one, unit in zip(papers, units, strict=True)])
    number = _last_number(round_.id)
    rows = []
    for paper, unit, person_id in zip(papers, units, people, strict=True):
        number += 1
        rows.append(
            _application(by, round_.id, number, paper)
            | {"person_id": person_id, "employer_id": unit}
        )
    made = [SelectionApplication(**one) for one in rows]
    for application, paper in zip(made, papers, strict=True):
        application.evidence = _evidence(paper)
    db.session.add_all(made)
    db.session.flush()
    for application in made:
        selection_checks.start_chain(by, application)
        if checked:
            _skip_to_bureau(by, application)
    return [one.id for one in made]


def _last_number(round_id: int) -> int:
    query = select(func.max(SelectionApplication.number)).where(
        SelectionApplication.round_id == round_id
    )
    return db.session.scalar(query) or 0


def _application(by: Actor, round_id: int, number: int, paper: Paper) -> dict[str, Any]:
    return {
        "round_id": round_id,
        "number": number,
        "channel": paper.channel,
        "nominators": list(paper.nominators),
        "tier": paper.tier,
        "district": paper.district,
        "occupation": paper.occupation,
        "post": paper.post,
        "unit_kind": paper.unit_kind,
        "trade_since": paper.trade_since,
        "local_since": paper.local_since,
        "retires_on": paper.retires_on,
        "support_percent": paper.support_percent,
        "answers": dict(paper.answers),
        "state": ApplicationState.CHECKING,
        "imported": True,
        "begun_at": by.now,
        "saved_at": by.now,
        "submitted_at": by.now,
    }


def _evidence(paper: Paper) -> list[SelectionEvidence]:
    return [
        SelectionEvidence(
            kind=one.kind,
            source=EvidenceSource.TYPED,
            title=one.title,
            happened_on=one.on,
            level=one.level,
            rank=one.rank if one.kind in (EvidenceKind.CONTEST, EvidenceKind.LEVEL) else None,
            number=one.number,
        )
        for one in paper.proofs
    ]


def _skip_to_bureau(by: Actor, application: SelectionApplication) -> None:
    """Count what other bodies do before the bureau as done on paper."""
    rules = selections.rules_of(application.round)
    rows = selection_checks.steps_of_application(application.id)
    for row in rows[:-1]:  # the last one is always taken by somebody
        if selection_checks.step_of(rules, row.key).body is Body.BUREAU:
            break
        row.state, row.reached_at = StepState.PASSED, by.now
        row.done_at, row.done_by_id, row.note = by.now, by.account_id, ON_PAPER
    if rows:
        selection_checks.go_on(by, application, rows)


ON_PAPER = "纸质审核，随汇总表导入"


@transaction
def discard_papers(by: Actor, import_id: int) -> int:
    """Forget a spreadsheet that was looked at."""
    row = _locked(import_id, ReturnState.PREVIEWED)
    row.state, row.rows = moved(RETURN_MOVES, row.state, ReturnState.DISCARDED), []
    audits.record(by, "discard", "selection_import", import_id)
    return import_id


@transaction
def undo_papers(by: Actor, import_id: int) -> int:
    """Take an imported round back, as long as nobody has done anything with it."""
    row = _locked(import_id, ReturnState.CONFIRMED)
    one = SelectionApplication
    db.session.execute(
        select(one.id).where(one.id.in_(row.made)).order_by(one.id).with_for_update()
    ).all()
    round_ = selections.lock_round(row.round_id or 0)
    if round_.state is not RoundState.OPEN or _is_touched(row):
        raise Refused(N_("Something was done with these applications already; they stay."))
    for table, column in (
        (SelectionStep, SelectionStep.application_id),
        (SelectionEvidence, SelectionEvidence.application_id),
        (SelectionApplication, SelectionApplication.id),
    ):
        db.session.execute(delete(table).where(column.in_(row.made)))
    row.state = moved(RETURN_MOVES, row.state, ReturnState.UNDONE)
    before = {"made": len(row.made)}
    row.made = []
    audits.record(by, "undo_import", "selection_import", import_id, before=before)
    return import_id


def _is_touched(row: SelectionImport) -> bool:
    """Say whether anything was checked, asked, set aside, added or moved since the import."""
    one = SelectionApplication
    ids = row.made
    since = SelectionStep.done_at > row.confirmed_at
    signs = (
        select(one.id).where(
            one.id.in_(ids),
            one.state.not_in((ApplicationState.CHECKING, ApplicationState.QUALIFIED)),
        ),
        select(one.id).where(one.merged_into_id.in_(ids)),
        select(SelectionStep.id).where(SelectionStep.application_id.in_(ids), since),
        select(SelectionStep.id).where(
            SelectionStep.application_id.in_(ids), SelectionStep.rank.is_not(None)
        ),
        select(SelectionEvidence.id).where(
            SelectionEvidence.application_id.in_(ids), SelectionEvidence.verified_at.is_not(None)
        ),
        select(SelectionOpinion.id).where(SelectionOpinion.application_id.in_(ids)),
        select(SelectionOverride.id).where(SelectionOverride.application_id.in_(ids)),
        select(SelectionFile.id).where(
            SelectionFile.holder == "application", SelectionFile.holder_id.in_(ids)
        ),
    )
    return bool(db.session.scalar(select(or_(*(exists(sign) for sign in signs)))))


def _locked(import_id: int, state: ReturnState) -> SelectionImport:
    row = db.session.get(SelectionImport, import_id, with_for_update=True, populate_existing=True)
    if row is None or row.round_id is None:
        raise Missing(import_id)
    if row.state is not state:
        raise Refused(N_("This step is not possible in the present state."))
    return row


@transaction
def forget_papers(by: Actor, before: datetime) -> int:
    """Forget spreadsheets that nobody confirmed; return how many."""
    stale = (
        SelectionImport.state == ReturnState.PREVIEWED,
        SelectionImport.round_id.is_not(None),
        SelectionImport.created_at < before,
    )
    number = db.session.scalar(select(func.count()).select_from(SelectionImport).where(*stale))
    if number:
        values = {"state": ReturnState.DISCARDED, "rows": []}
        db.session.execute(update(SelectionImport).where(*stale).values(**values))
        audits.record(by, "forget", "selection_import", None, after={"number": number})
    return number or 0


def get_import(import_id: int) -> SelectionImport:
    """Return an upload of a paper round; raise Missing."""
    row = db.session.get(SelectionImport, import_id)
    if row is None or row.round_id is None:
        raise Missing(import_id)
    return row


def lines_of(row: SelectionImport, number: int = 1) -> Page[Line]:
    """Return one page of the rows of an upload, those with problems first."""
    lines = sorted(map(shown, row.rows), key=lambda line: (not line.problems, line.number))
    size = PAGE_SIZE
    number = max(1, min(number, -(-len(lines) // size) or 1))
    return Page(lines[(number - 1) * size : number * size], len(lines), number, size)


def list_imports(round_id: int) -> Sequence[SelectionImport]:
    """List the uploads of a round, the newest first."""
    query = select(SelectionImport).where(SelectionImport.round_id == round_id)
    return db.session.scalars(query.order_by(SelectionImport.id.desc()).limit(20)).all()
