"""Make official documents from signed results, put one in another's place, withdraw them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import TemplateError
from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only, selectinload

from models.accounts import Account
from models.contests import Contest
from models.database import db
from models.documents import Document, DocumentItem, DocumentTemplate
from models.results import Revision
from rules.data import InvalidRules
from rules.documents import DocumentKind
from rules.documents_wordings import wording_of
from rules.editions import ContestKind
from rules.personal_data import text_problems
from rules.refusals import Missing, Refused
from rules.states import DOCUMENT_MOVES, DocumentState, RevisionState, moved
from rules.texts import N_
from services import audits, documents, documents_templates, files
from services.acting import Actor
from services.documents_facts import MAKERS, Draft, Wishes, drafted
from services.documents_filling import (
    Imprint,
    NotWhole,
    TooLarge,
    filled,
    marked_superseded,
)
from services.documents_parts import Words
from services.files import StoredFile
from services.transaction import transaction

LONGEST_TITLE, LONGEST_NUMBER = 160, 60
_TYPED = ("title", "addressee", "opening", "closing", "issuers")
_NO_TITLE = N_("Write a heading of at most %(most)s characters.")
_LONG_NUMBER = N_("A document number has at most %(most)s characters.")
_CHANGED = N_("The results or the template have changed meanwhile. Make the document again.")
_UNFIT = N_("The template cannot be filled with these facts. Have it checked.")
_NOT_REPLACED = N_("Only a standing document of the same kind can be replaced.")


@dataclass(frozen=True)
class Made:
    """A Word file that is kept, of which facts and by which template."""

    digest: str
    template_id: int | None
    stored: StoredFile


class Standing:
    """What can be made of a kind, or why not."""

    def __init__(self, kind: DocumentKind, count: int) -> None:
        self.kind, self.count = kind, count
        self.problem = None if count else MAKERS[kind].nothing


def make(
    by: Actor, contest_id: int, kind: DocumentKind, wishes: Wishes, words: Words, folder: Path
) -> int:
    """Make a document: read its facts, fill the template, keep both together; return its id.

    The template is filled outside the transaction; what has changed by then is refused.
    """
    contest = _get_contest(contest_id)
    _check_private(wishes, by.today)
    draft = drafted(contest, kind, wishes, words)
    _check_typed(draft.facts)
    template = documents_templates.present(kind, contest_id, contest.kind)
    key = template.id if template else None
    data = documents_templates.bytes_of(template, kind, folder, contest.kind)
    try:
        word = filled(data, kind, draft.facts, _imprint(draft.facts, contest.title, by))
    except (TemplateError, etree.XMLSyntaxError, NotWhole, TooLarge, KeyError) as error:
        raise Refused(_UNFIT) from error
    with files.keeping(folder) as keep:
        made = Made(digest_of(kind, draft.facts), key, keep(word))
        return add_document(by, contest_id, kind, wishes, words, made)


def _get_contest(contest_id: int, lock: bool = False) -> Contest:
    found = db.session.get(Contest, contest_id, with_for_update=lock, populate_existing=lock)
    if found is None:
        raise Missing(contest_id)
    return found


def _check_private(wishes: Wishes, today: date) -> None:
    """Refuse personal data that somebody typed around the lists (R9.05)."""
    typed = {name: getattr(wishes, name) for name in _TYPED}
    problems = list(text_problems(typed, today))
    if problems:
        raise InvalidRules(problems)


def _check_typed(facts: dict[str, Any]) -> None:
    if not 0 < len(facts["title"]) <= LONGEST_TITLE:
        raise Refused(_NO_TITLE, "title", most=LONGEST_TITLE)
    if len(facts["number"]) > LONGEST_NUMBER:
        raise Refused(_LONG_NUMBER, "number", most=LONGEST_NUMBER)


def _imprint(facts: dict[str, Any], contest: str, by: Actor) -> Imprint:
    issuers = "、".join(one["name"] for one in facts["issuers"])
    return Imprint(facts["title"], issuers or contest, by.now)


def digest_of(kind: DocumentKind, facts: dict[str, Any]) -> str:
    """Return the SHA-256 of what a document says."""
    text = json.dumps([kind, facts], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction
def add_document(
    by: Actor, contest_id: int, kind: DocumentKind, wishes: Wishes, words: Words, made: Made
) -> int:
    """Add the row of a document whose Word file is kept, if its facts are still the same."""
    contest = _get_contest(contest_id, lock=True)
    draft = drafted(contest, kind, wishes, words)
    template = documents_templates.present(kind, contest_id, contest.kind)
    present = (digest_of(kind, draft.facts), template.id if template else None)
    if present != (made.digest, made.template_id):
        raise Refused(_CHANGED)
    row = _row(by, contest_id, kind, draft, made)
    db.session.add(row)
    db.session.flush()
    replaced = _replace(by, row, wishes.replaces)
    after: dict[str, object] = {"kind": kind, "number": row.number, "title": row.title}
    after |= {"digest": made.digest, "revisions": draft.revisions, "in_place_of": replaced}
    audits.record(by, "make", "document", row.id, contest_id=contest_id, after=after)
    return row.id


def _row(by: Actor, contest_id: int, kind: DocumentKind, draft: Draft, made: Made) -> Document:
    return Document(
        kind=kind,
        contest_id=contest_id,
        number=draft.facts["number"] or None,
        title=draft.facts["title"],
        template_id=made.template_id,
        facts=draft.facts,
        digest=made.digest,
        left_out=[list(one) for one in draft.left_out],
        size=made.stored.size,
        file_key=made.stored.key,
        file_sha256=made.stored.sha256,
        state=DocumentState.MADE,
        made_at=by.now,
        made_by_id=by.account_id,
        items=[DocumentItem(revision_id=key) for key in draft.revisions],
    )


def _replace(by: Actor, row: Document, replaces: int | None) -> str | None:
    """Put a new document in the place of an older one; return what that is called."""
    if replaces is None:
        return None
    old = db.session.get(Document, replaces, with_for_update=True, populate_existing=True)
    known = old is not None and (old.kind, old.contest_id) == (row.kind, row.contest_id)
    if old is None or not known or old.state is not DocumentState.MADE:
        raise Refused(_NOT_REPLACED, "replaces")
    old.state = moved(DOCUMENT_MOVES, old.state, DocumentState.SUPERSEDED)
    old.replaced_by_id, old.ended_at = row.id, by.now
    return old.number or old.title


@transaction
def withdraw(by: Actor, document_id: int, *, reason: str) -> int:
    """Withdraw a document; its number stays taken."""
    found = db.session.get(Document, document_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(document_id)
    found.state = moved(DOCUMENT_MOVES, found.state, DocumentState.WITHDRAWN)
    found.ended_at, found.reason = by.now, reason
    after = {"number": found.number, "title": found.title, "reason": reason}
    audits.record(by, "withdraw", "document", document_id, contest_id=found.contest_id, after=after)
    return document_id


def list_standings(contest_id: int) -> list[Standing]:
    """Say of each kind whether a document of a contest can be made."""
    selected = _get_contest(contest_id).kind is ContestKind.SELECTION
    return [
        Standing(kind, len(maker.sources(contest_id)))
        for kind, maker in MAKERS.items()
        if not (selected and kind is DocumentKind.LEVELS)
    ]


def list_documents(contest_id: int) -> Sequence[Document]:
    """List the documents of a contest, the newest first."""
    query = select(Document).options(
        load_only(Document.kind, Document.number, Document.title, Document.state,
                  Document.made_at, Document.contest_id),
        joinedload(Document.made_by).load_only(Account.title).lazyload(Account.grants),
        selectinload(Document.items).joinedload(DocumentItem.revision).load_only(Revision.state),
    )  # fmt: skip
    query = query.where(Document.contest_id == contest_id).order_by(Document.id.desc())
    return db.session.scalars(query).all()


def list_replaceable(contest_id: int, kind: DocumentKind) -> list[tuple[int, str]]:
    """List the standing documents of a kind that a new one can replace."""
    query = select(Document.id, Document.number, Document.title).where(
        Document.contest_id == contest_id,
        Document.kind == kind,
        Document.state == DocumentState.MADE,
    )
    rows = db.session.execute(query.order_by(Document.id.desc()))
    return [(key, " ".join(filter(None, (number, title)))) for key, number, title in rows]


def get_document(document_id: int) -> Document:
    """Return a document with its revisions, its template and who made it; raise Missing."""
    query = select(Document).options(
        joinedload(Document.made_by).load_only(Account.title).lazyload(Account.grants),
        joinedload(Document.replaced_by).load_only(Document.title, Document.number),
        joinedload(Document.template).load_only(DocumentTemplate.number),
        selectinload(Document.items)
        .joinedload(DocumentItem.revision)
        .options(load_only(Revision.state, Revision.number), joinedload(Revision.event)),
    )
    found = db.session.scalar(query.where(Document.id == document_id))
    if found is None:
        raise Missing(document_id)
    return found


def is_superseded(document: Document) -> bool:
    """Say whether a newer document or newer results took the place of a document."""
    replaced = any(one.revision.state is RevisionState.SUPERSEDED for one in document.items)
    return replaced or document.state is DocumentState.SUPERSEDED


def word_of(document: Document, folder: Path) -> bytes:
    """Return a document as Word; one that is superseded says so on top."""
    data = files.read(folder, document.file_key, document.file_sha256)
    if not is_superseded(document):
        return data
    issuers = "、".join(one["name"] for one in document.facts["issuers"])
    imprint = Imprint(document.title, issuers or document.contest.title, document.made_at)
    return marked_superseded(data, imprint)


def pdf_of(document: Document, folder: Path) -> bytes:
    """Return the same facts as PDF, in the same order; sums of money are not kept in the clear."""
    shelf = None if document.kind is DocumentKind.PAYMENTS else folder
    words = wording_of(document.contest.kind)
    return documents.official_pdf(
        document.kind, document.facts, is_superseded(document), shelf, words
    )


def list_keys() -> set[str]:
    """List the keys of all kept documents, so that none of them is swept away."""
    return set(db.session.scalars(select(Document.file_key)))
