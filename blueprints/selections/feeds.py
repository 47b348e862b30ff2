"""The dates of rounds as a calendar that other programs subscribe to (RFC 5545)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext
from icalendar import Calendar, Event

from models.selections import SelectionRound
from rules.selections import RoundState
from services.acting import ZONE


def feed_of(rows: Iterable[SelectionRound], title: str, moment: datetime) -> bytes:
    """Return the opening and the deadline of each round as events."""
    feed = Calendar()
    feed.add("prodid", "-//Skillstar//Selections//ZH")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", title)
    feed.add("x-wr-timezone", "Asia/Shanghai")
    for row in rows:
        for name, said, at in (
            ("opens", gettext("Applications open: %(title)s", title=_named(row)), row.opens_at),
            ("closes", gettext("Applications close: %(title)s", title=_named(row)), row.closes_at),
        ):
            feed.add_component(_event(row, name, said, at, moment))
    return bytes(feed.to_ical())


def _named(row: SelectionRound) -> str:
    programme = row.programme.title
    return row.title if programme in row.title else f"{programme} {row.title}"


def _event(row: SelectionRound, name: str, said: str, at: datetime, moment: datetime) -> Event:
    event = Event()
    event.add("uid", f"selection-{row.code}-{name}@skillstar")
    event.add("dtstamp", moment)
    event.add("dtstart", at.astimezone(ZONE))
    event.add("dtend", at.astimezone(ZONE) + timedelta(minutes=30))
    event.add("summary", said)
    # A deadline that was put off replaces the one that was subscribed to before.
    event.add("sequence", row.version)
    address = url_for("selections.show_public", selection_round_id=row.id, _external=True)
    event.add("url", address)
    if row.state is RoundState.CANCELLED:
        event.add("status", "CANCELLED")
    return event
