"""Official documents (文书), frozen as facts, and the Word templates that the bureau edits."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import EncryptedJson, Utc, named
from models.contests import Contest
from models.database import Base
from models.results import Revision
from rules.documents import DocumentKind
from rules.states import DocumentState, TemplateState


class DocumentTemplate(Base):
    """One version of the Word file of a kind, for every contest or for one."""

    __tablename__ = "document_template"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        Index(
            "uq_document_template_general",
            "kind",
            unique=True,
            sqlite_where=text("state = 'approved' AND contest_id IS NULL"),
            postgresql_where=text("state = 'approved' AND contest_id IS NULL"),
        ),
        Index(
            "uq_document_template_own",
            "kind",
            "contest_id",
            unique=True,
            sqlite_where=text("state = 'approved' AND contest_id IS NOT NULL"),
            postgresql_where=text("state = 'approved' AND contest_id IS NOT NULL"),
        ),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(named(DocumentKind, "kind"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"), index=True)
    number: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="")
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[TemplateState] = mapped_column(
        named(TemplateState, "state"), default=TemplateState.DRAFT
    )
    uploaded_at: Mapped[datetime] = mapped_column(Utc)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    retired_at: Mapped[datetime | None] = mapped_column(Utc)

    contest: Mapped[Contest | None] = relationship()
    uploaded_by: Mapped[Account] = relationship(foreign_keys=[uploaded_by_id])
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])


class Document(Base):
    """One made document: what it says, from which results and by which template."""

    __tablename__ = "document"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(named(DocumentKind, "kind"))
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    # The number of the office (文号); typed by staff, never made up.
    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    # Without a template it was made by the one that comes with the program.
    template_id: Mapped[int | None] = mapped_column(ForeignKey("document_template.id"))
    facts: Mapped[Any] = mapped_column(EncryptedJson("document.facts"))
    digest: Mapped[str] = mapped_column(String(64))
    # Who waits for an answer and so does not stand in it; for staff only.
    left_out: Mapped[Any] = mapped_column(EncryptedJson("document.left_out"))
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[DocumentState] = mapped_column(
        named(DocumentState, "state"), default=DocumentState.MADE
    )
    made_at: Mapped[datetime] = mapped_column(Utc)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(400), default="")

    contest: Mapped[Contest] = relationship()
    template: Mapped[DocumentTemplate | None] = relationship()
    made_by: Mapped[Account] = relationship()
    replaced_by: Mapped["Document | None"] = relationship(remote_side=[id])
    items: Mapped[list["DocumentItem"]] = relationship(back_populates="document")


class DocumentItem(Base):
    """One revision that a document says."""

    __tablename__ = "document_item"
    __table_args__ = (UniqueConstraint("document_id", "revision_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)

    document: Mapped[Document] = relationship(back_populates="items")
    revision: Mapped[Revision] = relationship()
