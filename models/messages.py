"""The outbox: mails and text messages, written by the act that causes them, sent by the clock."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Encrypted, Utc, named
from models.database import Base
from rules.messages import MessageChannel, MessageFault, MessageState


class Message(Base):
    """One message to one recipient; recipient and text are forgotten some days after its end."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_due", "state", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[MessageChannel] = mapped_column(named(MessageChannel, "channel"))
    recipient: Mapped[str | None] = mapped_column(Encrypted("message.recipient"))
    subject: Mapped[str] = mapped_column(String(120))  # says nothing of a person
    body: Mapped[str | None] = mapped_column(Encrypted("message.body"))
    about: Mapped[str] = mapped_column(String(40), index=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # What may be said once only: "certificates 7 person 12".
    once: Mapped[str | None] = mapped_column(String(120), unique=True)
    state: Mapped[MessageState] = mapped_column(named(MessageState, "state"))
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime | None] = mapped_column(Utc)
    fault: Mapped[MessageFault | None] = mapped_column(named(MessageFault, "fault"))
    made_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc, index=True)
