"""What proves the bureau's hand: certificates of its signers, and the signed files themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.certificates import Certificate
from models.columns import Utc, named
from models.database import Base
from rules.states import SignerState


class Signer(Base):
    """A certificate that the bureau signs or has signed with; kept for ever, never its key."""

    __tablename__ = "signer"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    subject: Mapped[str] = mapped_column(String(400))
    valid_from: Mapped[datetime] = mapped_column(Utc)
    valid_until: Mapped[datetime] = mapped_column(Utc)
    # The certificate and those above it as base64 of their DER, the signer's first.
    chain: Mapped[list[Any]] = mapped_column(JSON)
    is_trial: Mapped[bool]
    state: Mapped[SignerState] = mapped_column(
        named(SignerState, "state"), default=SignerState.TRUSTED
    )
    first_used_at: Mapped[datetime | None] = mapped_column(Utc)
    # So many days before its end the last warning was given.
    warned_days: Mapped[int | None]
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_reason: Mapped[str] = mapped_column(String(400), default="")

    revoked_by: Mapped[Account | None] = relationship()


class CertificateFile(Base):
    """The PDF of a certificate, made once; one that was damaged is replaced, never forgotten."""

    __tablename__ = "certificate_file"
    __table_args__ = (
        Index(
            "uq_certificate_file_present",
            "certificate_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    # None: there was nothing to sign with.
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("signer.id"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Utc)
    replaced_at: Mapped[datetime | None] = mapped_column(Utc)

    certificate: Mapped[Certificate] = relationship()
    signer: Mapped[Signer | None] = relationship()
