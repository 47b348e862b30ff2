"""The ceremony: who is called to the stage when, and who hands over; signed results only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from models.awards import Award
from models.boards import Presenter
from models.contests import Division
from models.database import db
from models.entries import Entry, EntryMember
from models.results import Result, Revision
from rules.boards import OFFICIAL, announced_order
from rules.refusals import Refused
from rules.states import RevisionState
from rules.texts import N_
from services import audits, contests, documents
from services.acting import Actor
from services.draws import lock_event
from services.transaction import transaction
from services.workbooks import Column
from services.workbooks_writing import write_table

LONGEST_NAMES = 200
COLUMNS = (
    Column("order", ("上台顺序",), kind="integer"),
    Column("award", ("奖项",)),
    Column("division", ("组别",)),
    Column("rank", ("名次",), kind="integer"),
    Column("name", ("姓名（队名）",)),
    Column("members", ("队员",)),
    Column("employer", ("单位",)),
    Column("honours", ("荣誉称号",)),
    Column("presenter", ("颁奖人",)),
)


@dataclass(frozen=True)
class Honoured:
    """One call to the stage."""

    order: int
    tier: str
    award: str
    division: str
    rank: int | None
    name: str
    members: tuple[str, ...]
    employer: str
    honours: tuple[str, ...]
    presenter: str


@transaction
def name_presenters(by: Actor, event_id: int, names: Mapping[str, str]) -> int:
    """Say by tier who hands over its prizes; return the event's id."""
    event = lock_event(event_id)
    known = {tier.key: tier.name for tier in contests.plan_of(event).all_tiers}
    if not names.keys() <= known.keys() or max(map(len, names.values()), default=0) > LONGEST_NAMES:
        raise Refused(N_("The text is too long."))
    rows = {row.tier: row for row in _presenters(event_id)}
    for tier, text in names.items():
        if tier in rows:
            rows[tier].names = text.strip()
        elif text.strip():
            db.session.add(Presenter(event_id=event_id, tier=tier, names=text.strip()))
    after = {known[tier]: text.strip() for tier, text in names.items()}
    audits.record(
        by, "name_presenters", "event", event_id, contest_id=event.contest_id, after=after
    )
    return event_id


def _presenters(event_id: int) -> Sequence[Presenter]:
    return db.session.scalars(select(Presenter).where(Presenter.event_id == event_id)).all()


def presenters_of(event_id: int) -> dict[str, str]:
    """Return by tier who hands over its prizes."""
    return {row.tier: row.names for row in _presenters(event_id)}


def find_signed(event_id: int) -> Revision | None:
    """Return the signed revision of an event; nothing official comes from any other (R2.26)."""
    query = select(Revision).options(joinedload(Revision.event))
    query = query.where(Revision.event_id == event_id, Revision.state == RevisionState.SIGNED)
    revision = db.session.scalar(query)
    return revision if revision is not None and revision.event.state in OFFICIAL else None


def list_honoured(revision: Revision) -> list[Honoured]:
    """List who is called to the stage: the lowest prize first, the first prize last."""
    query = (
        select(Award, Result.award_rank, Division)
        .join(Award.entry)
        .join(Division, Division.id == Entry.division_id)
        .join(
            Result, (Result.revision_id == Award.revision_id) & (Result.entry_id == Award.entry_id)
        )
        .options(
            contains_eager(Award.entry).options(
                joinedload(Entry.employer),
                selectinload(Entry.members).joinedload(EntryMember.person),
            )
        )
        .where(Award.revision_id == revision.id)
        .order_by(Award.id)
    )
    rows = db.session.execute(query).unique().all()
    places = [
        (award.tier_order, division.position, rank or award.id) for award, rank, division in rows
    ]
    presenters = presenters_of(revision.event_id)
    return [
        _honoured(number, *rows[at], presenters)
        for number, at in enumerate(announced_order(places), start=1)
    ]


def _honoured(
    number: int, award: Award, rank: int | None, division: Division, presenters: Mapping[str, str]
) -> Honoured:
    entry = award.entry
    members = tuple(member.person.name for member in entry.members)
    return Honoured(
        number,
        award.tier,
        award.tier_title,
        division.title,
        rank,
        entry.title,
        members if members != (entry.title,) else (),
        entry.employer.title if entry.employer else "",
        tuple(award.honours),
        presenters.get(award.tier, ""),
    )


def workbook(revision: Revision) -> bytes:
    """Return the order of the ceremony as a spreadsheet."""
    rows = [
        {
            "order": one.order,
            "award": one.award,
            "division": one.division,
            "rank": one.rank,
            "name": one.name,
            "members": "、".join(one.members),
            "employer": one.employer,
            "honours": "、".join(one.honours),
            "presenter": one.presenter,
        }
        for one in list_honoured(revision)
    ]
    return write_table(COLUMNS, rows, "颁奖顺序")


def paper(revision: Revision) -> bytes:
    """Return the order of the ceremony as PDF."""
    event = contests.get_event(revision.event_id)
    return documents.paper_pdf(
        "ceremony", event=event, revision=revision, honoured=list_honoured(revision)
    )
