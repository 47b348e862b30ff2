"""Word templates of the bureau: uploaded, checked, approved by a second person, retired."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.contests import Contest
from models.database import db
from models.documents import DocumentTemplate
from rules.documents import DocumentKind, sample
from rules.editions import ContestKind
from rules.refusals import Missing, Refused
from rules.states import TEMPLATE_MOVES, TemplateState, moved
from rules.texts import N_
from services import audits, files
from services.acting import Actor
from services.documents_checks import SAMPLE, check_template
from services.documents_defaults import default_template
from services.documents_filling import filled
from services.files import StoredFile
from services.transaction import transaction

_OWN = N_("Somebody else must approve a template: you have uploaded it.")


def upload(
    by: Actor, kind: DocumentKind, contest_id: int | None, data: bytes, note: str, folder: Path
) -> int:
    """Check an edited template and keep it as a draft; return its id."""
    check_template(data, kind)
    with files.keeping(folder) as keep:
        return add_template(by, kind, contest_id, note, keep(data))


@transaction
def add_template(
    by: Actor, kind: DocumentKind, contest_id: int | None, note: str, stored: StoredFile
) -> int:
    """Add the row of a template whose bytes are kept."""
    last = select(func.max(DocumentTemplate.number)).where(DocumentTemplate.kind == kind)
    made = DocumentTemplate(
        kind=kind,
        contest_id=contest_id,
        number=(db.session.scalar(last) or 0) + 1,
        note=note,
        size=stored.size,
        file_key=stored.key,
        file_sha256=stored.sha256,
        uploaded_at=by.now,
        uploaded_by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    after = {"kind": kind, "number": made.number, "digest": stored.sha256}
    audits.record(
        by, "add_template", "document_template", made.id, contest_id=contest_id, after=after
    )
    return made.id


@transaction
def approve(by: Actor, template_id: int) -> int:
    """Approve a template as a second person; it takes the place of the one before it."""
    found = _locked(template_id)
    if by.account_id == found.uploaded_by_id:
        raise Refused(_OWN)
    found_state = moved(TEMPLATE_MOVES, found.state, TemplateState.APPROVED)
    before = _approved(found.kind, found.contest_id)
    if before is not None:
        before.state = moved(TEMPLATE_MOVES, before.state, TemplateState.RETIRED)
        before.retired_at = by.now
        db.session.flush()
    found.state, found.approved_at, found.approved_by_id = found_state, by.now, by.account_id
    after = {"kind": found.kind, "number": found.number, "digest": found.file_sha256}
    after |= {"in_place_of": before.number if before else None}
    audits.record(
        by, "approve", "document_template", template_id, contest_id=found.contest_id, after=after
    )
    return template_id


@transaction
def retire(by: Actor, template_id: int) -> int:
    """Take a template out of use; documents are made by the more general one from now on."""
    found = _locked(template_id)
    before = {"state": found.state}
    found.state = moved(TEMPLATE_MOVES, found.state, TemplateState.RETIRED)
    found.retired_at = by.now
    after = {"state": found.state, "number": found.number}
    audits.record(by, "retire", "document_template", template_id, contest_id=found.contest_id,
                  before=before, after=after)  # fmt: skip
    return template_id


def _locked(template_id: int) -> DocumentTemplate:
    found = db.session.get(
        DocumentTemplate, template_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise Missing(template_id)
    return found


def _approved(kind: DocumentKind, contest_id: int | None) -> DocumentTemplate | None:
    query = select(DocumentTemplate).where(
        DocumentTemplate.kind == kind,
        DocumentTemplate.contest_id.is_(None)
        if contest_id is None
        else DocumentTemplate.contest_id == contest_id,
        DocumentTemplate.state == TemplateState.APPROVED,
    )
    return db.session.scalar(query)


def present(
    kind: DocumentKind, contest_id: int | None, of: ContestKind = ContestKind.CONTEST
) -> DocumentTemplate | None:
    """Return the template that documents of a contest are made by; None is the program's own.

    A template for every contest speaks of events and awards: a selection needs one of its own.
    """
    own = _approved(kind, contest_id) if contest_id is not None else None
    return own or (None if of is ContestKind.SELECTION else _approved(kind, None))


def bytes_of(
    template: DocumentTemplate | None,
    kind: DocumentKind,
    folder: Path,
    of: ContestKind = ContestKind.CONTEST,
) -> bytes:
    """Return the Word file of a template, or the one that comes with the program."""
    if template is None:
        return default_template(kind, of)
    return files.read(folder, template.file_key, template.file_sha256)


def preview(template: DocumentTemplate | None, kind: DocumentKind, folder: Path) -> bytes:
    """Return what a template makes of sample values."""
    return filled(bytes_of(template, kind, folder), kind, sample(kind), SAMPLE)


def get_template(template_id: int) -> DocumentTemplate:
    """Return a template; raise Missing."""
    found = db.session.get(DocumentTemplate, template_id)
    if found is None:
        raise Missing(template_id)
    return found


def list_templates(kind: DocumentKind) -> Sequence[DocumentTemplate]:
    """List the versions of a kind, the newest first."""
    query = select(DocumentTemplate).where(DocumentTemplate.kind == kind)
    people = (DocumentTemplate.uploaded_by, DocumentTemplate.approved_by)
    query = query.options(
        *(joinedload(who).load_only(Account.title).lazyload(Account.grants) for who in people),
        joinedload(DocumentTemplate.contest).load_only(Contest.title),
    )
    return db.session.scalars(query.order_by(DocumentTemplate.number.desc())).all()


def list_present() -> dict[DocumentKind, DocumentTemplate]:
    """Return by kind the approved template for every contest."""
    query = select(DocumentTemplate).where(
        DocumentTemplate.contest_id.is_(None), DocumentTemplate.state == TemplateState.APPROVED
    )
    return {one.kind: one for one in db.session.scalars(query)}


def waiting_counts() -> dict[DocumentKind, int]:
    """Count by kind the templates that wait for a second person."""
    query = select(DocumentTemplate.kind, func.count()).group_by(DocumentTemplate.kind)
    query = query.where(DocumentTemplate.state == TemplateState.DRAFT)
    return {kind: count for kind, count in db.session.execute(query)}


def list_keys() -> set[str]:
    """List the keys of all kept templates, so that none of them is swept away."""
    return set(db.session.scalars(select(DocumentTemplate.file_key)))
