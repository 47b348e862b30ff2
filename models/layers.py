"""Sealed layers of codes: keys of their holders, sealed tables, and how they were opened again."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, Utc
from models.contests import Event
from models.database import Base


class Keyholder(Base):
    """The pair of keys of somebody who seals; the secret one opens with the passphrase only.

    A new pair takes the place of the old one, which stays for the layers that it sealed.
    """

    __tablename__ = "keyholder"
    __table_args__ = (
        Index(
            "uq_keyholder_account_id",
            "account_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    public_key: Mapped[str] = mapped_column(String(64), unique=True)
    secret_box: Mapped[str] = mapped_column(String(200))
    salt: Mapped[str] = mapped_column(String(32))
    operations: Mapped[int]
    memory: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Utc)
    replaced_at: Mapped[datetime | None] = mapped_column(Utc)
    tested_at: Mapped[datetime | None] = mapped_column(Utc)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Utc)

    account: Mapped[Account] = relationship()


class Sealing(Base):
    """The entries of an event whose codes are sealed, and in how many layers; there is one only.

    `groups` holds the entry numbers of each division under the letter of its labels.
    """

    __tablename__ = "sealing"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    layers: Mapped[int]
    escrow: Mapped[bool]
    groups: Mapped[list[list[Any]]] = mapped_column(JSON)
    begun_at: Mapped[datetime] = mapped_column(Utc)
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    event: Mapped[Event] = relationship()


class SealedLayer(Base):
    """One layer's table as its sealer left it: readable by nobody until it is opened (R2.09)."""

    __tablename__ = "sealed_layer"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        UniqueConstraint("event_id", "sealer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    number: Mapped[int]
    sealer_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    keyholder_id: Mapped[int] = mapped_column(ForeignKey("keyholder.id"))
    escrow_keyholder_id: Mapped[int | None] = mapped_column(ForeignKey("keyholder.id"))
    commitment: Mapped[str] = mapped_column(String(64))
    box: Mapped[str] = mapped_column(Text)
    escrow_box: Mapped[str | None] = mapped_column(Text)
    sealed_at: Mapped[datetime] = mapped_column(Utc)

    sealer: Mapped[Account] = relationship()
    keyholder: Mapped[Keyholder] = relationship(foreign_keys=[keyholder_id])
    escrow: Mapped[Keyholder | None] = relationship(foreign_keys=[escrow_keyholder_id])


class LayerWitness(Base):
    """Somebody who says, with the own password, to be there when a layer is opened (R2.08)."""

    __tablename__ = "layer_witness"
    __table_args__ = (UniqueConstraint("layer_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    layer_id: Mapped[int] = mapped_column(ForeignKey("sealed_layer.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime] = mapped_column(Utc)

    account: Mapped[Account] = relationship()


class LayerOpening(Base):
    """The one opening of a layer: by whom, before whom, and what the table says."""

    __tablename__ = "layer_opening"

    id: Mapped[int] = mapped_column(primary_key=True)
    layer_id: Mapped[int] = mapped_column(ForeignKey("sealed_layer.id"), unique=True)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    is_escrow: Mapped[bool] = mapped_column(default=False)
    witnesses: Mapped[list[int]] = mapped_column(JSON)
    content: Mapped[str] = mapped_column(Encrypted("layer_opening.content"))
    opened_at: Mapped[datetime] = mapped_column(Utc)

    opened_by: Mapped[Account] = relationship()
    layer: Mapped[SealedLayer] = relationship()
