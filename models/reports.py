"""Figures: saved questions, frozen answers with their lists, and replies that use them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, EncryptedJson, Scaled, Utc, named
from models.database import Base
from rules.figures import FigureKind, ReplyState


class Figure(Base):
    """A saved question, or a number typed from a document; its owner may share it."""

    __tablename__ = "figure"
    __table_args__ = (Index("ix_figure_shared_owner", "shared", "owner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120), index=True)
    kind: Mapped[FigureKind] = mapped_column(named(FigureKind, "kind"))
    # As rules.figures.Question or Typed, by the kind.
    question: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    # Which figure of the library it was taken from.
    library_key: Mapped[str] = mapped_column(String(60), default="", server_default="")
    note: Mapped[str] = mapped_column(String(400), default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(Utc)
    changed_at: Mapped[datetime] = mapped_column(Utc)
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Account | None] = relationship()
    frozen: Mapped[list["FrozenFigure"]] = relationship(
        back_populates="figure", order_by="FrozenFigure.number.desc()"
    )
    __mapper_args__ = {"version_id_col": version}


class FrozenFigure(Base):
    """What a figure was on a day, with the list behind it; never changed, only signed once.

    The rows carry names and so lie encrypted; the digest is taken over them in their canonical
    form, and over the question, the number and the splits.
    """

    __tablename__ = "frozen_figure"
    __table_args__ = (
        UniqueConstraint("figure_id", "number"),
        CheckConstraint("row_count >= 0", name="row_count"),
        CheckConstraint(
            "signed_by_id IS NULL OR signed_by_id <> frozen_by_id", name="second_person"
        ),
        CheckConstraint("(signed_by_id IS NULL) = (signed_at IS NULL)", name="signed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    figure_id: Mapped[int] = mapped_column(ForeignKey("figure.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    kind: Mapped[FigureKind] = mapped_column(named(FigureKind, "kind"))
    question: Mapped[dict[str, Any]] = mapped_column(JSON)
    question_digest: Mapped[str] = mapped_column(String(64))
    value: Mapped[Decimal] = mapped_column(Scaled(2))
    splits: Mapped[list[Any]] = mapped_column(JSON)
    rows: Mapped[Any] = mapped_column(EncryptedJson("frozen_figure.rows"), deferred=True)
    row_count: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    as_of: Mapped[date]
    note: Mapped[str] = mapped_column(String(400), default="")
    frozen_at: Mapped[datetime] = mapped_column(Utc)
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime | None] = mapped_column(Utc)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    figure: Mapped[Figure] = relationship(back_populates="frozen")
    frozen_by: Mapped[Account | None] = relationship(foreign_keys=[frozen_by_id])
    signed_by: Mapped[Account | None] = relationship(foreign_keys=[signed_by_id])


class ReplyKit(Base):
    """A reply with figures in their places; once sent it is kept as it was, with its file."""

    __tablename__ = "reply_kit"
    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("state <> 'sent' OR file_key IS NOT NULL", name="file"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    # Whom it answers: the number of a proposal or a letter, and the office.
    addressee: Mapped[str] = mapped_column(String(120), default="")
    reference: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(Encrypted("reply_kit.text"), default="")
    # Whether the annex lists the people behind a figure by name and employer; never more of them.
    names_shown: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[ReplyState] = mapped_column(
        named(ReplyState, "state"), default=ReplyState.DRAFT, index=True
    )
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(Utc)
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # Of the text as it went out and of the frozen figures in it.
    digest: Mapped[str] = mapped_column(String(64), default="")
    file_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Account | None] = relationship(foreign_keys=[owner_id])
    sent_by: Mapped[Account | None] = relationship(foreign_keys=[sent_by_id])
    figures: Mapped[list["ReplyFigure"]] = relationship(
        back_populates="kit", order_by="ReplyFigure.position", cascade="all, delete-orphan"
    )
    __mapper_args__ = {"version_id_col": version}


class ReplyFigure(Base):
    """A frozen figure in a reply, under the word by which the text names it."""

    __tablename__ = "reply_figure"
    __table_args__ = (
        UniqueConstraint("kit_id", "word"),
        UniqueConstraint("kit_id", "frozen_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kit_id: Mapped[int] = mapped_column(ForeignKey("reply_kit.id"))
    frozen_id: Mapped[int] = mapped_column(ForeignKey("frozen_figure.id"), index=True)
    word: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]

    kit: Mapped[ReplyKit] = relationship(back_populates="figures")
    frozen: Mapped[FrozenFigure] = relationship()
