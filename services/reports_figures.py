"""Saved questions and numbers typed from documents: made, edited, shared and removed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from models.database import db
from models.reports import Figure, FrozenFigure
from rules.figure_library import LIBRARY
from rules.figures import Asked, FigureKind, Question, kind_of, read_asked
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.pages import Page, page_of
from services.transaction import STALE, transaction

NOT_YOURS = N_("Only the owner changes this. Make a copy of your own.")
IS_FROZEN = N_("It has been frozen, so it stays: what was said with it must be explainable.")
LATER = N_("This day lies in the future.")


@dataclass(frozen=True)
class Note:
    """What goes with a figure beside its question."""

    note: str = ""
    shared: bool = False


def asked_of(row: Figure | FrozenFigure) -> Asked:
    """Return what a saved or frozen figure asks."""
    return read_asked(row.kind, row.question)


@transaction
def create_figure(by: Actor, asked: Asked, note: Note, library_key: str = "") -> int:
    """Save a question, or a number that a document gives."""
    row = Figure(
        owner_id=by.account_id,
        created_at=by.now,
        library_key=library_key,
        **_facts(by, asked, note),
    )
    db.session.add(row)
    db.session.flush()
    audits.record(by, "create_figure", "figure", row.id, after=_said(row))
    return row.id


def _facts(by: Actor, asked: Asked, note: Note) -> dict[str, Any]:
    if asked.as_of is not None and asked.as_of > by.today:
        raise Refused(LATER, "as_of")
    return {
        "title": asked.title,
        "kind": kind_of(asked),
        "question": asked.model_dump(mode="json"),
        "digest": asked.digest(),
        "note": note.note,
        "shared": note.shared,
        "changed_at": by.now,
    }


def _said(row: Figure) -> dict[str, object]:
    return {"title": row.title, "digest": row.digest, "shared": row.shared}


@transaction
def edit_figure(by: Actor, figure_id: int, version: int, asked: Asked, note: Note) -> int:
    """Change a figure of one's own; what was frozen keeps the question that it was frozen with."""
    row = _own(by, figure_id)
    if row.version != version:
        raise Refused(STALE)
    before = _said(row)
    for name, value in _facts(by, asked, note).items():
        setattr(row, name, value)
    audits.record(by, "edit_figure", "figure", row.id, before=before, after=_said(row))
    return row.id


@transaction
def take_ready(by: Actor, key: str) -> int:
    """Take a figure of the library among one's own; return it if it is there already."""
    ready = LIBRARY.get(key)
    if ready is None:
        raise Missing(key)
    query = select(Figure.id).where(Figure.library_key == key, Figure.owner_id == by.account_id)
    found = db.session.scalar(query.limit(1))
    if found is not None:
        return found
    row = Figure(
        owner_id=by.account_id,
        created_at=by.now,
        library_key=key,
        **_facts(by, ready.asked, Note(ready.line)),
    )
    db.session.add(row)
    db.session.flush()
    audits.record(by, "take_ready", "figure", row.id, after=_said(row) | {"library": key})
    return row.id


@transaction
def remove_figure(by: Actor, figure_id: int) -> int:
    """Remove a figure of one's own that was never frozen."""
    row = _own(by, figure_id)
    frozen = select(FrozenFigure.id).where(FrozenFigure.figure_id == figure_id).limit(1)
    if db.session.scalar(frozen) is not None:
        raise Refused(IS_FROZEN)
    audits.record(by, "remove_figure", "figure", row.id, before=_said(row))
    db.session.delete(row)
    return figure_id


def _own(by: Actor, figure_id: int) -> Figure:
    row = locked(by, figure_id)
    if row.owner_id != by.account_id:
        raise Refused(NOT_YOURS)
    return row


def locked(by: Actor, figure_id: int) -> Figure:
    """Part: return a figure that somebody may see, locked; raise Missing."""
    query = select(Figure).where(Figure.id == figure_id, visible(by.account_id))
    found = db.session.scalar(
        query.with_for_update(of=Figure).execution_options(populate_existing=True)
    )
    if found is None:
        raise Missing(figure_id)
    return found


def visible(account_id: int | None) -> ColumnElement[bool]:
    """Return the condition that somebody may see a figure: an own one, or a shared one."""
    return or_(Figure.shared, Figure.owner_id == account_id)


def get_figure(account_id: int | None, figure_id: int) -> Figure:
    """Return a figure with its owner that somebody may see; raise Missing."""
    query = select(Figure).options(joinedload(Figure.owner))
    found = db.session.scalar(query.where(Figure.id == figure_id, visible(account_id)))
    if found is None:
        raise Missing(figure_id)
    return found


@dataclass(frozen=True)
class Wanted:
    """Which figures are asked for."""

    q: str = ""
    kind: FigureKind | None = None
    own: bool = False


def list_figures(account_id: int | None, wanted: Wanted, page: int = 1) -> Page[Figure]:
    """List the figures that somebody may see, the last changed first."""
    return page_of(_query(account_id, wanted), page)


def _query(account_id: int | None, wanted: Wanted) -> Select[Any]:
    query = select(Figure).options(joinedload(Figure.owner)).where(visible(account_id))
    if wanted.q:
        query = query.where(Figure.title.contains(wanted.q, autoescape=True))
    if wanted.kind is not None:
        query = query.where(Figure.kind == wanted.kind)
    if wanted.own:
        query = query.where(Figure.owner_id == account_id)
    return query.order_by(Figure.changed_at.desc(), Figure.id.desc())


def latest_frozen(figure_ids: list[int]) -> dict[int, FrozenFigure]:
    """Return the last frozen answer of each figure that has one."""
    latest = (
        select(FrozenFigure.figure_id, func.max(FrozenFigure.number).label("number"))
        .where(FrozenFigure.figure_id.in_(figure_ids))
        .group_by(FrozenFigure.figure_id)
        .subquery()
    )
    query = select(FrozenFigure).join(
        latest,
        (FrozenFigure.figure_id == latest.c.figure_id) & (FrozenFigure.number == latest.c.number),
    )
    return {row.figure_id: row for row in db.session.scalars(query)}


def question_of(row: Figure | FrozenFigure) -> Question | None:
    """Return the question of a counted figure, None for a typed one."""
    asked = asked_of(row)
    return asked if isinstance(asked, Question) else None
