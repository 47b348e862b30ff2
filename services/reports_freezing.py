"""Frozen answers: kept with the list behind them, signed once, compared with what is there now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from models.database import db
from models.reports import Figure, FrozenFigure
from rules.figure_tallies import (
    FIELDS,
    Differences,
    Row,
    Split,
    canonical,
    differences,
    digest,
    read_row,
)
from rules.figures import FigureKind, Part, Question, Typed, shown_number
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits, reports
from services.acting import Actor
from services.reports_figures import LATER, asked_of, locked, visible
from services.transaction import transaction

SIGNED = N_("This answer is signed already.")
SECOND = N_("Somebody else signs this: you have frozen it.")
CHANGED = N_("The question was changed meanwhile. Look at the number again, then freeze it.")


@transaction
def freeze(
    by: Actor, figure_id: int, as_of: date | None = None, note: str = "", version: int | None = None
) -> int:
    """Keep the answer to a figure as of a day, with the list behind it."""
    figure = locked(by, figure_id)
    if version is not None and figure.version != version:
        raise Refused(CHANGED)
    row = freeze_part(by, figure, as_of, note)
    return row.id


def freeze_part(by: Actor, figure: Figure, as_of: date | None, note: str = "") -> FrozenFigure:
    """Part: keep the answer to a locked figure."""
    if as_of is not None and as_of > by.today:
        raise Refused(LATER, "as_of")
    number = select(func.max(FrozenFigure.number)).where(FrozenFigure.figure_id == figure.id)
    row = FrozenFigure(
        figure_id=figure.id,
        number=(db.session.scalar(number) or 0) + 1,
        title=figure.title,
        kind=figure.kind,
        note=note,
        frozen_at=by.now,
        frozen_by_id=by.account_id,
        **_answered(figure, as_of, by.today),
    )
    db.session.add(row)
    db.session.flush()
    after = {"figure": figure.id, "number": row.value, "rows": row.row_count, "digest": row.digest}
    audits.record(by, "freeze", "frozen_figure", row.id, after=after | {"as_of": row.as_of})
    return row


def _answered(figure: Figure, as_of: date | None, today: date) -> dict[str, Any]:
    asked = asked_of(figure)
    if isinstance(asked, Typed):
        day = as_of or asked.as_of or today
        typed = asked.model_copy(update={"as_of": day})
        return _kept(typed, asked.number, [], [], day)
    question = asked if as_of is None else asked.model_copy(update={"as_of": as_of})
    question = question.on(today)
    rows = reports.list_rows(question, today)
    answer = reports.answer_of(question, rows)
    return _kept(question, answer.number, _splits(answer.splits), rows, answer.day)


def _kept(
    asked: Question | Typed, number: Decimal, splits: list[Any], rows: list[Row], day: date
) -> dict[str, Any]:
    return {
        "question": asked.model_dump(mode="json"),
        "question_digest": asked.digest(),
        "value": number.quantize(Decimal("0.01")),
        "splits": splits,
        "rows": {"fields": FIELDS, "rows": [canonical(row) for row in rows]},
        "row_count": len(rows),
        "digest": digest(asked.digest(), number.quantize(Decimal("0.01")), rows),
        "as_of": day,
    }


def _splits(splits: Sequence[Split]) -> list[Any]:
    return [
        [part.value, [[value, format(number, "f")] for value, number in values]]
        for part, values in splits
    ]


@transaction
def sign(by: Actor, frozen_id: int) -> int:
    """Sign a frozen answer as a second person who has looked at it."""
    query = select(FrozenFigure).where(FrozenFigure.id == frozen_id).with_for_update()
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise Missing(frozen_id)
    locked(by, row.figure_id)
    if row.signed_at is not None:
        raise Refused(SIGNED)
    if row.frozen_by_id == by.account_id:
        raise Refused(SECOND)
    row.signed_at, row.signed_by_id = by.now, by.account_id
    audits.record(by, "sign", "frozen_figure", row.id, after={"digest": row.digest})
    return row.id


def get_frozen(account_id: int | None, frozen_id: int, *, rows: bool = True) -> FrozenFigure:
    """Return a frozen answer that somebody may see; raise Missing."""
    query = (
        select(FrozenFigure)
        .join(FrozenFigure.figure)
        .options(
            joinedload(FrozenFigure.figure),
            joinedload(FrozenFigure.frozen_by),
            joinedload(FrozenFigure.signed_by),
        )
        .where(FrozenFigure.id == frozen_id, visible(account_id))
    )
    found = db.session.scalar(query.options(undefer(FrozenFigure.rows)) if rows else query)
    if found is None:
        raise Missing(frozen_id)
    return found


def list_frozen(figure_id: int) -> list[FrozenFigure]:
    """List the frozen answers of a figure, the newest first."""
    query = (
        select(FrozenFigure)
        .options(joinedload(FrozenFigure.frozen_by), joinedload(FrozenFigure.signed_by))
        .where(FrozenFigure.figure_id == figure_id)
        .order_by(FrozenFigure.number.desc())
    )
    return list(db.session.scalars(query))


def rows_of(frozen: FrozenFigure) -> list[Row]:
    """Return the rows that were kept."""
    names = frozen.rows["fields"]
    return [read_row(dict(zip(names, one, strict=True))) for one in frozen.rows["rows"]]


def splits_of(frozen: FrozenFigure) -> tuple[Split, ...]:
    """Return the splits that were kept."""
    return tuple(
        (Part(part), tuple((value, Decimal(number)) for value, number in values))
        for part, values in frozen.splits
    )


def is_whole(frozen: FrozenFigure) -> bool:
    """Say whether the kept rows still give the digest: nothing of them was touched."""
    question = asked_of(frozen)
    found = digest(question.digest(), frozen.value, rows_of(frozen))
    return found == frozen.digest and question.digest() == frozen.question_digest


@dataclass(frozen=True)
class Compared:
    """A frozen answer beside the present one: both numbers, and every row in which they differ."""

    frozen: FrozenFigure
    answer: reports.Answer
    differences: Differences

    @property
    def has_moved(self) -> bool:
        """Say whether the number is another one now."""
        return self.answer.number != self.frozen.value

    @property
    def shown_change(self) -> str:
        """Return by how much the number moved: +3, -1."""
        moved = self.answer.number - self.frozen.value
        return ("+" if moved > 0 else "") + shown_number(moved)


def compare(frozen: FrozenFigure, today: date, *, on: date | None = None) -> Compared | None:
    """Ask the frozen question again, as of its own day or another; None for typed figures.

    As of its own day all differences are corrections of the registers and late entries; as of
    today what happened since comes on top.
    """
    if frozen.kind is FigureKind.TYPED:
        return None
    question = asked_of(frozen)
    assert isinstance(question, Question)
    question = question.model_copy(update={"as_of": on or frozen.as_of})
    rows = reports.list_rows(question, today)
    answer = reports.answer_of(question, rows)
    return Compared(frozen, answer, differences(rows_of(frozen), rows))
