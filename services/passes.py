"""Entry passes: issued for every contestant, voided when lost, read from a photo at the door."""

import io
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from models.contests import Event
from models.database import db
from models.entries import Entry, EntryMember
from models.halls import Turn
from models.passes import Pass
from models.people import Employer, Person
from rules.days import DayRules
from rules.halls import HallRules
from rules.refusals import Missing, Refused
from rules.states import EntryState
from rules.texts import N_
from services import audits, documents
from services.acting import ZONE, Actor
from services.draws import lock_event
from services.halls import refuse_closed
from services.transaction import transaction

# Nothing that is easily taken for something else; 32^16 possible tokens.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
TOKEN_LENGTH = 16
LARGEST_PHOTO = 12_000_000
MOST_PIXELS = 50_000_000
NO_PHOTO = N_("This is no photo.")


@dataclass(frozen=True)
class PassLine:
    """A contestant of an event with his valid pass, if he has one."""

    entry_id: int
    person_id: int
    number: str
    name: str
    employer: str
    division: str
    pass_id: int | None
    token: str
    issued_at: datetime | None
    batch: int | None


def list_passes(event_id: int, entry_id: int | None = None) -> list[PassLine]:
    """List the contestants of an event, or of one entry, with their valid passes, by number."""
    valid = (Pass.entry_id == Entry.id, Pass.person_id == Person.id, Pass.voided_at.is_(None))
    query = (
        select(Entry, Person, Employer.title, Pass.id, Pass.token, Pass.issued_at, Turn.batch)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Person, Person.id == EntryMember.person_id)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .outerjoin(Pass, valid[0] & valid[1] & valid[2])
        .outerjoin(Turn, Turn.entry_id == Entry.id)
        .options(
            load_only(Entry.number),
            joinedload(Entry.division),
            load_only(Person.name, raiseload=True),
        )
        .where(Entry.event_id == event_id, Entry.state == EntryState.ACCEPTED, EntryMember.active)
        .order_by(Entry.number, EntryMember.position)
    )
    if entry_id is not None:
        query = query.where(Entry.id == entry_id)
    return [_line(tuple(row)) for row in db.session.execute(query)]


def _line(row: tuple[Any, ...]) -> PassLine:
    entry, person, employer, pass_id, token, issued_at, batch = row
    return PassLine(
        entry.id,
        person.id,
        entry.number,
        person.name,
        employer or "",
        entry.division.title,
        pass_id,
        token or "",
        issued_at,
        batch,
    )


@transaction
def issue_passes(by: Actor, event_id: int) -> int:
    """Issue a pass to every contestant of an event who has none; return the event's id."""
    event = lock_event(event_id)
    refuse_closed(event.state)
    missing = [line for line in list_passes(event_id) if line.pass_id is None]
    if not missing:
        raise Refused(N_("Every accepted contestant has a pass already."))
    for line in missing:
        _add(by, line.entry_id, line.person_id)
    after = {"count": len(missing)}
    audits.record(by, "issue_passes", "event", event_id, contest_id=event.contest_id, after=after)
    return event_id


def _add(by: Actor, entry_id: int, person_id: int) -> Pass:
    token = "".join(secrets.choice(LETTERS) for _ in range(TOKEN_LENGTH))
    made = Pass(entry_id=entry_id, person_id=person_id, token=token, issued_at=by.now)
    db.session.add(made)
    return made


@transaction
def void_pass(by: Actor, pass_id: int, reason: str) -> int:
    """Void a lost pass and make a new one for the same contestant; return the new one's id."""
    old = get_pass(pass_id)
    event = lock_event(old.entry.event_id)
    db.session.refresh(old)
    refuse_closed(event.state)
    if old.voided_at is not None:
        raise Refused(N_("This pass is void already."))
    if not reason.strip():
        raise Refused(N_("Write the reason."), field="reason")
    old.voided_at, old.void_reason = by.now, reason.strip()
    db.session.flush()  # only one valid pass of a contestant at a time
    made = _add(by, old.entry_id, old.person_id)
    db.session.flush()
    after = {"reason": reason.strip(), "number": old.entry.number}
    audits.record(by, "void_pass", "pass", pass_id, contest_id=event.contest_id, after=after)
    return made.id


def get_pass(pass_id: int) -> Pass:
    """Return a pass with its entry; raise Missing."""
    found = db.session.scalar(
        select(Pass).options(joinedload(Pass.entry)).where(Pass.id == pass_id)
    )
    if found is None:
        raise Missing(pass_id)
    return found


def token_of(typed: str) -> str:
    """Return the token of what was scanned or typed, without what a person adds to read it."""
    return "".join(character for character in typed.upper() if character in LETTERS)


def passes_pdf(event: Event, rules: HallRules, day: DayRules, lines: Sequence[PassLine]) -> bytes:
    """Return the passes as a paper, four on a page, each with the code of its token."""
    return documents.paper_pdf(
        "entry_passes",
        event=event,
        arrival=day.arrival_minutes,
        passes=[_printed(event, rules, line) for line in _issued(lines)],
    )


def _issued(lines: Iterable[PassLine]) -> list[PassLine]:
    issued = [line for line in lines if line.pass_id is not None]
    if not issued:
        raise Refused(N_("No pass is issued yet."))
    return issued


def _printed(event: Event, rules: HallRules, line: PassLine) -> dict[str, Any]:
    starts = rules.start_of(line.batch)
    day = event.held_on.isoformat() if event.held_on else ""
    return {
        "number": line.number,
        "name": line.name,
        "employer": line.employer,
        "division": line.division,
        "batch": rules.title_of(line.batch),
        "time": f"{starts.astimezone(ZONE):%Y-%m-%d %H:%M}" if starts else day,
        "qr": documents.code_drawing(line.token, f"检录码 {line.number}"),
        "token": "-".join(line.token[at : at + 4] for at in range(0, TOKEN_LENGTH, 4)),
    }


def read_code(photo: bytes) -> str:
    """Return the text of the code on a photo; refuse what is no photo or shows none."""
    import zxingcpp

    if len(photo) > LARGEST_PHOTO:
        raise Refused(N_("This photo is too large."), field="photo")
    try:
        with Image.open(io.BytesIO(photo), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refused(N_("This photo is too large."), field="photo")
            found = zxingcpp.read_barcodes(
                image.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
            )
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Refused(NO_PHOTO, field="photo") from error
    if not found:
        raise Refused(N_("There is no code on this photo. Try again, closer."), field="photo")
    return str(found[0].text)
