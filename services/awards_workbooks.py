"""Workbooks: recommended levels for the assessment body (R4.15), payments for the payer (R4.27)."""

import sys
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models.awards import LevelGrant
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.people import Employer, Person
from models.results import Result, Revision
from rules.plans import PRACTICAL, THEORY
from rules.refusals import Refused
from rules.states import RevisionState
from rules.texts import N_
from services import audits, awards
from services.acting import Actor
from services.people import chunks
from services.transaction import transaction
from services.workbooks import Column
from services.workbooks_writing import write_table

Say = Callable[[str], str]

COLUMNS = (
    Column("number", (N_("No."),), kind="integer"),
    Column("name", (N_("Name"),)),
    Column("id_number", (N_("Identity number"),), kind="digits"),
    Column("employer", (N_("Employer"),)),
    Column("event", (N_("Event"),)),
    Column("occupation", (N_("Occupation"),)),
    Column("division", (N_("Division"),)),
    Column("theory", (N_("Theory"),), kind="decimal"),
    Column("practical", (N_("Practical"),), kind="decimal"),
    Column("total", (N_("Total"),), kind="decimal"),
    Column("rank", (N_("Rank"),), kind="integer"),
    Column("held", (N_("Level held"),)),
    Column("level", (N_("Recommended level"),)),
    Column("reason", (N_("Reason"),)),
)

PAYMENT_COLUMNS = (
    Column("number", (N_("No."),), kind="integer"),
    Column("contest", (N_("Contest"),)),
    Column("event", (N_("Event"),)),
    Column("division", (N_("Division"),)),
    Column("name", (N_("Name"),)),
    Column("id_numbers", (N_("Identity number"),), kind="digits"),
    Column("employer", (N_("Employer"),)),
    Column("tier", (N_("Award"),)),
    Column("gross", (N_("Before tax"),), kind="decimal"),
    Column("tax", (N_("Tax"),), kind="decimal"),
    Column("net", (N_("Paid out"),), kind="decimal"),
)


@transaction
def export_levels(
    by: Actor, contest_id: int, say: Say, level_title: Callable[[int | None], str]
) -> bytes:
    """Write the recommendations of signed results with identity numbers; the act is recorded."""
    rows = [
        _row(number, row, say, level_title)
        for number, row in enumerate(db.session.execute(_query(contest_id)), start=1)
    ]
    if not rows:
        raise Refused(N_("There are no signed results with recommended levels yet."))
    title = db.session.get_one(Contest, contest_id).title
    columns = [Column(one.key, (say(one.title),), kind=one.kind) for one in COLUMNS]
    made = write_table(columns, rows, say(N_("Recommended skill levels")), notes=[title])
    audits.record(
        by, "export", "levels", contest_id, contest_id=contest_id, after={"rows": len(rows)}
    )
    return made


@transaction
def export_payments(
    by: Actor, contests: frozenset[int] | None, contest_id: int | None, say: Say
) -> bytes:
    """Write all payments of final events with the payees' identity numbers, and their sum.

    The payer reports the tax under these numbers (R4.30); the act is recorded.
    """
    found = awards.list_payments(contests, contest_id, size=sys.maxsize)
    if not found.page.items:
        raise Refused(N_("There are no payments yet."))
    payees = _payees(payment.entry_id for payment in found.page.items)
    rows: list[dict[str, object]] = [
        {"number": number, **vars(payment), "tier": say(payment.tier)}
        | {"id_numbers": "、".join(payees[payment.entry_id])}
        for number, payment in enumerate(found.page.items, start=1)
    ]
    sums = {"gross": found.gross, "tax": found.tax, "net": found.net}
    rows.append({"name": say(N_("Sum")), **sums})
    columns = [Column(one.key, (say(one.title),), kind=one.kind) for one in PAYMENT_COLUMNS]
    made = write_table(columns, rows, say(N_("Payments")), notes=[say(N_("Amounts in yuan."))])
    after = {"rows": found.page.total, "amount": found.gross}
    audits.record(by, "export", "payments", None, contest_id=contest_id, after=after)
    return made


def _payees(entries: Iterable[int]) -> dict[int, list[str]]:
    """Return the identity numbers of those who stand behind each entry."""
    found: dict[int, list[str]] = {entry: [] for entry in entries}
    for chunk in chunks(list(found)):
        query = (
            select(EntryMember.entry_id, Person.id_number)
            .join(Person, Person.id == EntryMember.person_id)
            .where(EntryMember.entry_id.in_(chunk))
            .order_by(EntryMember.entry_id, EntryMember.position)
        )
        for entry, id_number in db.session.execute(query):
            found[entry].append(id_number)
    return found


def _query(contest_id: int) -> Any:
    return (
        select(LevelGrant, Person, Employer.title, Event, Division.title, Result)
        .join(Revision, Revision.id == LevelGrant.revision_id)
        .join(Person, Person.id == LevelGrant.person_id)
        .join(Entry, Entry.id == LevelGrant.entry_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Event, Event.id == Entry.event_id)
        .join(
            Result,
            (Result.revision_id == LevelGrant.revision_id)
            & (Result.entry_id == LevelGrant.entry_id),
        )
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .where(Event.contest_id == contest_id, Revision.state == RevisionState.SIGNED)
        .order_by(Event.position, Event.id, Division.position, LevelGrant.level, Result.rank)
        .order_by(LevelGrant.id)
    )


def _row(
    number: int, row: Any, say: Say, level_title: Callable[[int | None], str]
) -> dict[str, object]:
    grant, person, employer, event, division, result = row
    return {
        "number": number,
        "name": person.name,
        "id_number": person.id_number,
        "employer": employer,
        "event": event.title,
        "occupation": event.occupation,
        "division": division,
        "theory": _score(result, THEORY),
        "practical": _score(result, PRACTICAL),
        "total": result.total,
        "rank": result.rank,
        "held": level_title(person.held_level),
        "level": level_title(grant.level),
        "reason": say(grant.reason),
    }


def _score(result: Result, part: str) -> Decimal | None:
    return Decimal(result.parts[part]["score"]) if part in result.parts else None
