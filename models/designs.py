"""Designs of certificates that the bureau makes itself, with every version that was approved."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.certificates import LayoutVersion
from models.columns import Utc, named
from models.database import Base
from rules.certificate_kinds import CertificateKind
from rules.states import DesignState


class CertificateTemplate(Base):
    """A design that is worked on: its draft, and who has had it in hand."""

    __tablename__ = "certificate_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[CertificateKind] = mapped_column(
        named(CertificateKind, "kind"), default=CertificateKind.HONOUR
    )
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[DesignState] = mapped_column(
        named(DesignState, "state"), default=DesignState.DRAFT
    )
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime] = mapped_column(Utc)
    changed_at: Mapped[datetime] = mapped_column(Utc)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Utc)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(String(200), default="")
    retired_at: Mapped[datetime | None] = mapped_column(Utc)

    changed_by: Mapped[Account | None] = relationship(foreign_keys=[changed_by_id])
    submitted_by: Mapped[Account | None] = relationship(foreign_keys=[submitted_by_id])
    versions: Mapped[list["TemplateVersion"]] = relationship(
        back_populates="template", order_by="TemplateVersion.number"
    )
    __mapper_args__ = {"version_id_col": version}


class TemplateVersion(Base):
    """One approved version of a design; it never changes and never goes."""

    __tablename__ = "template_version"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("certificate_template.id"))
    number: Mapped[int]
    layout_id: Mapped[int] = mapped_column(ForeignKey("layout_version.id"))
    note: Mapped[str] = mapped_column(String(200), default="")
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    template: Mapped[CertificateTemplate] = relationship(back_populates="versions")
    layout: Mapped[LayoutVersion] = relationship()
    submitted_by: Mapped[Account | None] = relationship(foreign_keys=[submitted_by_id])
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])
