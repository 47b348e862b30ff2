"""The workbook of payments for the payer (R4.27)."""

import sys
from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select

from models.database import db
from models.entries import EntryMember
from models.people import Person
from rules.refusals import Refused
from rules.texts import N_
from services import audits, awards
from services.acting import Actor
from services.people import chunks
from services.transaction import transaction
from services.workbooks import Column
from services.workbooks_writing import write_table

Say = Callable[[str], str]

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
def export_payments(
    by: Actor, contests: frozenset[int] | None, contest_id: int | None, say: Say
) -> bytes:
    """Write all payments of final events with the payees' identity numbers, and their sum.

    The payer reports the tax under these numbers (R4.30); the act is recorded.
    """
    found = awards.list_payments(contests, contest_id, size=sys.maxsize)
    if not found.page.items:
        raise Refused(N_("There are no payments yet."))
    people = _id_numbers(one.person_id for one in found.page.items if one.person_id)
    teams = _payees(one.entry_id for one in found.page.items if one.entry_id)
    rows: list[dict[str, object]] = [
        {"number": number, **vars(one), "tier": say(one.tier)}
        | {"id_numbers": _numbers(one, people, teams)}
        for number, one in enumerate(found.page.items, start=1)
    ]
    sums = {"gross": found.gross, "tax": found.tax, "net": found.net}
    rows.append({"name": say(N_("Sum")), **sums})
    columns = [Column(one.key, (say(one.title),), kind=one.kind) for one in PAYMENT_COLUMNS]
    made = write_table(columns, rows, say(N_("Payments")), notes=[say(N_("Amounts in yuan."))])
    after = {"rows": found.page.total, "amount": found.gross}
    audits.record(by, "export", "payments", None, contest_id=contest_id, after=after)
    return made


def _numbers(one: awards.Payment, people: Mapping[int, str], teams: Mapping[int, list[str]]) -> str:
    """Return the identity number of a payee, or of all of a team; an employer has none."""
    if one.person_id is not None:
        return people[one.person_id]
    return "" if one.entry_id is None else "、".join(teams[one.entry_id])


def _id_numbers(people: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in chunks([*{*people}]):
        query = select(Person.id, Person.id_number).where(Person.id.in_(chunk))
        found |= {key: number for key, number in db.session.execute(query)}
    return found


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
