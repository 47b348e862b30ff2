"""Papers that a delegation takes along: name cards, and the list of everybody's telephone."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.provincial import ProvincialContest
from rules.provincial import SENT, MemberRole, SlotState
from rules.refusals import Refused
from rules.texts import N_
from services import audits, documents, provincial_delegations
from services.acting import Actor
from services.provincial_delegations import Card, cards
from services.provincial_slots import list_slots
from services.transaction import transaction
from services.workbooks import Column
from services.workbooks_writing import write_table

SUBJECT = "provincial_delegation"
ENTRANT = "选手"
ROLE_WORDS = {
    MemberRole.LEADER.value: "领队",
    MemberRole.DEPUTY.value: "副领队",
    MemberRole.COACH.value: "教练",
    MemberRole.DOCTOR.value: "医务人员",
    MemberRole.DRIVER.value: "驾驶员",
    MemberRole.STAFF.value: "工作人员",
}
COLUMNS = (
    Column("role", ("职务",)),
    Column("name", ("姓名",)),
    Column("unit", ("单位",)),
    Column("event", ("项目",)),
    Column("phone", ("联系电话",), kind="digits"),
)


@dataclass(frozen=True)
class Contact:
    """A line of the telephone list."""

    role: str
    name: str
    unit: str
    event: str
    phone: str


def contacts_of(contest: ProvincialContest) -> list[Contact]:
    """List everybody who travels with a telephone number: members, coaches, entrants."""
    found = [*_members(contest.id)]
    slots = list_slots([one.id for one in contest.events], (*SENT, SlotState.NAMED))
    for slot in slots:
        unit = "" if slot.employer is None else slot.employer.title
        for one in slot.coaches:
            found.append(
                Contact("教练", one.person.name, "", slot.event.title, one.person.phone or "")
            )
        for member in slot.members:
            phone = "" if member.person is None else member.person.phone or ""
            found.append(Contact(ENTRANT, member.full_name, unit, slot.event.title, phone))
    return found


def _members(contest_id: int) -> Sequence[Contact]:
    row = provincial_delegations.find(contest_id)
    if row is None:
        return []
    return [
        Contact(ROLE_WORDS[one.role.value], one.name, one.unit, "", one.phone or "")
        for one in provincial_delegations.list_members(row.id)
    ]


def contacts_table(contest: ProvincialContest) -> bytes:
    """Return the telephone list as a spreadsheet."""
    return write_table(COLUMNS, [vars(one) for one in contacts_of(contest)], "通讯录")


def contacts_pdf(contest: ProvincialContest) -> bytes:
    """Return the telephone list as a PDF to print."""
    row = provincial_delegations.find(contest.id)
    vehicles = [] if row is None else provincial_delegations.list_vehicles(row.id)
    return documents.paper_pdf(
        "provincial_contacts",
        contest=contest,
        delegation=row,
        contacts=contacts_of(contest),
        vehicles=vehicles,
    )


def passes_of(contest: ProvincialContest) -> list[Card]:
    """Return the name cards in the words that are printed on them."""
    words = ROLE_WORDS | {"entrant": ENTRANT}
    return [Card(one.name, words[one.role], one.unit, one.event) for one in cards(contest.id)]


def passes_pdf(contest: ProvincialContest) -> bytes:
    """Return the name cards of all who travel, eight on a page."""
    found = passes_of(contest)
    if not found:
        raise Refused(N_("Nobody travels yet: name the entrants, or add people."))
    return documents.paper_pdf("provincial_passes", contest=contest, passes=found)


@transaction
def record_contacts(by: Actor, contest_id: int, kind: str) -> int:
    """Record that somebody took a copy of the telephone list."""
    audits.record(by, "export", SUBJECT, contest_id, after={"kind": kind})
    return contest_id
