"""What documents say: for each kind where it comes from, and its facts as plain texts.

Everything comes from signed revisions. The official kinds come after the notice only, and who is
under an appeal or an objection is left out of them and named to the staff (R3.06).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from models.awards import Award, AwardHonour, LevelGrant
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryCoach, EntryMember
from models.levels import LevelLine, LevelList
from models.notices import Notice, NoticeItem
from models.people import Employer, Person
from models.results import Revision
from rules.acts import Act
from rules.documents import FIELDS, DocumentKind, LeftOutFor, day_text, days_text
from rules.documents_wordings import ordering_text, wording_of
from rules.editions import ContestKind
from rules.notices import Ordering
from rules.refusals import Refused
from rules.states import EventState, LevelListState, NoticeState, RevisionState
from rules.texts import N_
from services import appeals_holds, levels, objections_holds
from services.documents import chinese_date
from services.documents_filling import clean
from services.documents_parts import ALONE, NOTHING, Gathered, LeftOut, Source, Words
from services.documents_payments import ordered_payments, payable_orders
from services.notices_lists import ordered

NOT_CHOSEN = N_("Choose what the document is about.")
GONE = N_("This can no longer be chosen. Load the page anew.")
ONE_ONLY = N_("Such a document is about one list only.")
_APPROVED = (LevelListState.APPROVED, LevelListState.SENT, LevelListState.CLOSED)


@dataclass(frozen=True)
class Wishes:
    """What staff type and choose for a new document."""

    sources: tuple[int, ...]
    dated: date
    title: str = ""
    number: str = ""
    addressee: str = ""
    opening: str = ""
    closing: str = ""
    issuers: str = ""
    replaces: int | None = None


@dataclass(frozen=True)
class Maker:
    """How documents of one kind come about, and who may see and make them."""

    sources: Callable[[int], list[Source]]
    gather: Callable[[Sequence[int], Words], Gathered]
    nothing: str
    one_only: bool = False
    # What is for the public is seen and made by those who see level lists and issue certificates.
    see: Act = Act.SEE_LEVEL_LISTS
    make: Act = Act.ISSUE_CERTIFICATE


@dataclass(frozen=True)
class Draft:
    """A document before it is made."""

    facts: dict[str, Any]
    revisions: list[int]
    left_out: list[LeftOut]


def drafted(contest: Contest, kind: DocumentKind, wishes: Wishes, words: Words) -> Draft:
    """Return what a document would say; refuse what cannot be made."""
    maker = MAKERS[kind]
    known = [source.id for source in maker.sources(contest.id)]
    if not known:
        raise Refused(maker.nothing)
    if not wishes.sources:
        raise Refused(NOT_CHOSEN, "sources")
    if not {*wishes.sources} <= {*known}:
        raise Refused(GONE, "sources")
    if maker.one_only and len(wishes.sources) > 1:
        raise Refused(ONE_ONLY, "sources")
    # Their own order, whatever the order in which they were chosen.
    found = maker.gather([key for key in known if key in wishes.sources], words)
    return Draft(_facts(contest, kind, wishes, found.parts), found.revisions, found.left_out)


def _facts(
    contest: Contest, kind: DocumentKind, wishes: Wishes, parts: Mapping[str, Any]
) -> dict[str, Any]:
    known: dict[str, Any] = {
        "title": clean(wishes.title),
        "number": clean(wishes.number),
        "contest": clean(contest.title),
        "held": days_text(contest.starts_on, contest.ends_on),
        "addressee": clean(wishes.addressee),
        "opening": _paragraphs(wishes.opening),
        "closing": _paragraphs(wishes.closing),
        "issuers": [{"name": one["text"]} for one in _paragraphs(wishes.issuers)],
        "date": day_text(wishes.dated),
        "date_in_words": chinese_date(wishes.dated),
        "attachments": [{"title": f"{clean(contest.title)}{wording_of(contest.kind).chosen}"}],
        **parts,
    }
    return {one.key: known[one.key] for one in FIELDS[kind]}


def _paragraphs(text: str) -> list[dict[str, str]]:
    return [{"text": clean(line)} for line in text.splitlines() if clean(line)]


def final_revisions(contest_id: int) -> list[Source]:
    """List the signed revisions of a contest's final events."""
    query = (
        select(Revision.id, Event.title)
        .join(Revision.event)
        .where(Event.contest_id == contest_id, Event.state == EventState.FINAL)
        .where(Revision.state == RevisionState.SIGNED)
        .order_by(Event.position, Event.id)
    )
    return [Source(*row) for row in db.session.execute(query)]


def posted_notices(contest_id: int) -> list[Source]:
    """List the notices of a contest that stand, with signed revisions only."""
    replaced = (
        select(NoticeItem.id)
        .join(NoticeItem.revision)
        .where(NoticeItem.notice_id == Notice.id, Revision.state != RevisionState.SIGNED)
        .exists()
    )
    query = select(Notice.id, Notice.title).where(Notice.contest_id == contest_id, ~replaced)
    query = query.where(Notice.state == NoticeState.POSTED)
    return [Source(*row) for row in db.session.execute(query.order_by(Notice.id))]


def approved_lists(contest_id: int) -> list[Source]:
    """List the approved level lists of a contest whose results still stand."""
    query = select(LevelList).where(LevelList.contest_id == contest_id)
    query = query.where(LevelList.state.in_(_APPROVED), ~_is_replaced())
    return [
        Source(one.id, f"{one.number}. {one.body}")
        for one in db.session.scalars(query.order_by(LevelList.number))
    ]


def _is_replaced() -> Any:
    query = select(LevelLine.id).join(LevelLine.grant).join(LevelGrant.revision)
    query = query.where(LevelLine.list_id == LevelList.id, LevelLine.active)
    return query.where(Revision.state != RevisionState.SIGNED).exists()


def _winners_only(revisions: Sequence[int], words: Words) -> Gathered:
    """Gather the winners of final events, but for those who wait for an answer."""
    rows = db.session.execute(_awards(revisions)).all()
    kept, left_out = _parted(rows)
    if not kept:
        raise Refused(NOTHING)
    return Gathered(_listed(kept, words), list(revisions), left_out)


def _decided(revisions: Sequence[int], words: Words) -> Gathered:
    """Gather the winners and the honours that go with their awards, each with its grantor."""
    found = _winners_only(revisions, words)
    found.parts["honours"] = _honours(revisions, words) or _titles(revisions, words)
    return found


def _titles(revisions: Sequence[int], words: Words) -> list[dict[str, str]]:
    """Gather what a selection gives: each tier is a title itself, with nothing beside it."""
    query = _awards(revisions).join(Contest, Contest.id == Event.contest_id)
    rows = db.session.execute(query.where(Contest.kind == ContestKind.SELECTION)).all()
    found: dict[str, list[str]] = {}
    for row in _parted(rows)[0]:
        person = f"{clean(row.name)}（{clean(row.employer or ALONE)}）"
        found.setdefault(row.tier_title, []).append(person)
    return [
        {
            "title": clean(words.say(title)),
            "grantor": "",
            "count": str(len(people)),
            "people": "、".join(people),
        }
        for title, people in found.items()
    ]


def _proposed(notices: Sequence[int], words: Words) -> Gathered:
    """Gather everybody who is proposed in a notice; nobody is left out before it has ended."""
    notice = db.session.get_one(Notice, notices[0])
    query = select(NoticeItem.revision_id).where(NoticeItem.notice_id == notice.id)
    revisions = list(db.session.scalars(query.order_by(NoticeItem.revision_id)))
    rows = db.session.execute(_awards(revisions)).all()
    parts = {
        "title": clean(notice.title),
        "opening": _paragraphs(notice.body),
        "period": days_text(notice.starts_on, notice.ends_on),
        "working_days": str(notice.working_days),
        "contact": clean(notice.contact),
        "ordering": clean(words.say(ordering_text(notice.ordering, notice.contest.kind))),
        **_listed(rows, words, notice.ordering),
    }
    return Gathered(parts, revisions)


def _awards(revisions: Sequence[int]) -> Any:
    """Select awards in the order of an official list: event, division, prize, place."""
    return (
        select(
            Event.title.label("event"),
            Division.title.label("division"),
            Entry.id.label("entry_id"),
            Entry.title.label("name"),
            func.coalesce(Employer.title, "").label("employer"),
            Entry.number,
            Award.tier_order,
            Award.tier_title,
            Award.honours,
            appeals_holds.is_contested().label("is_contested"),
            objections_holds.is_held().label("is_held"),
        )
        .select_from(Award)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Event, Event.id == Entry.event_id)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .where(Award.revision_id.in_(revisions))
        .order_by(
            Event.position, Event.id, Division.position, Division.id, Award.tier_order, Award.id
        )
    )


def _parted(rows: Sequence[Any]) -> tuple[list[Any], list[LeftOut]]:
    """Part those who stand in an official document from those who wait for an answer."""
    kept = [row for row in rows if not row.is_contested and not row.is_held]
    waiting = [
        LeftOut(
            row.name, row.event, LeftOutFor.APPEAL if row.is_contested else LeftOutFor.OBJECTION
        )
        for row in rows
        if row.is_contested or row.is_held
    ]
    return kept, waiting


def _listed(
    rows: Sequence[Any], words: Words, ordering: Ordering = Ordering.AWARD
) -> dict[str, Any]:
    ids = [row.entry_id for row in rows]
    members, coaches = _names(EntryMember, ids), _names(EntryCoach, ids)
    groups = []
    for (event, division), found in groupby(rows, key=lambda row: (row.event, row.division)):
        winners = [
            _winner(order, row, words, members, coaches)
            for order, row in enumerate(ordered(list(found), ordering), start=1)
        ]
        groups.append(
            {"event": clean(event), "division": clean(words.say(division)), "winners": winners}
        )
    events = {row.event for row in rows}
    return {"groups": groups, "events": str(len(events)), "awards": str(len(rows))}


def _winner(
    order: int,
    row: Any,
    words: Words,
    members: Mapping[int, list[str]],
    coaches: Mapping[int, list[str]],
) -> dict[str, str]:
    team = members.get(row.entry_id, [])
    return {
        "order": str(order),
        "award": clean(words.say(row.tier_title)),
        "name": clean(row.name),
        "members": clean("、".join(team)) if team != [row.name] else "",
        "unit": clean(row.employer or ALONE),
        "honours": clean("、".join(words.say(one) for one in row.honours)),
        "coaches": clean("、".join(coaches.get(row.entry_id, []))),
    }


def _names(of: type[EntryMember] | type[EntryCoach], ids: Sequence[int]) -> dict[int, list[str]]:
    query = select(of.entry_id, Person.name).join(Person, Person.id == of.person_id)
    query = query.where(of.entry_id.in_(ids)).order_by(of.entry_id, of.position, of.id)
    found: dict[int, list[str]] = {}
    for entry_id, name in db.session.execute(query):
        found.setdefault(entry_id, []).append(name)
    return found


def _honours(revisions: Sequence[int], words: Words) -> list[dict[str, str]]:
    """Gather honours by title and grantor: one winner may need papers of several bodies (R4.22)."""
    query = (
        select(AwardHonour.title, AwardHonour.granted_by, Person.name, Employer.title)
        .join(Award, Award.id == AwardHonour.award_id)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Person, Person.id == AwardHonour.person_id)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .where(Award.revision_id.in_(revisions))
        .where(~appeals_holds.is_contested(), ~objections_holds.is_held())
        .order_by(Event.position, Event.id, Division.position, Award.tier_order, AwardHonour.id)
    )
    found: dict[tuple[str, str], list[str]] = {}
    for title, grantor, name, employer in db.session.execute(query):
        person = f"{clean(name)}（{clean(employer or ALONE)}）"
        found.setdefault((title, grantor), []).append(person)
    return [
        {
            "title": clean(words.say(title)),
            "grantor": clean(words.say(grantor) if grantor else ""),
            "count": str(len(people)),
            "people": "、".join(people),
        }
        for (title, grantor), people in found.items()
    ]


def _recommended(lists: Sequence[int], words: Words) -> Gathered:
    """Gather the lines of an approved level list; no identity number is among them (R9.05)."""
    found = levels.get_list(lists[0])
    rows = db.session.execute(_lines(found.id)).all()
    kept, left_out = _parted(rows)
    if not kept:
        raise Refused(NOTHING)
    lines = [
        {
            "order": str(order),
            "name": clean(row.name),
            "unit": clean(row.employer or ALONE),
            "event": clean(row.event),
            "occupation": clean(row.occupation),
            "level": clean(words.level(row.level)),
        }
        for order, row in enumerate(kept, start=1)
    ]
    parts = {"lines": lines, "people": str(len(lines)), "body": clean(found.body)}
    return Gathered(parts, sorted({row.revision_id for row in rows}), left_out)


def _lines(list_id: int) -> Any:
    return (
        select(
            Person.name,
            Employer.title.label("employer"),
            Event.title.label("event"),
            LevelLine.occupation,
            LevelLine.level,
            LevelGrant.revision_id,
            appeals_holds.is_contested().label("is_contested"),
            objections_holds.is_held().label("is_held"),
        )
        .select_from(LevelLine)
        .join(LevelLine.grant)
        .join(Person, Person.id == LevelLine.person_id)
        .join(Entry, Entry.id == LevelGrant.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .where(LevelLine.list_id == list_id, LevelLine.active)
        .order_by(Event.position, Event.id, LevelLine.level, LevelLine.id)
    )


NOT_FINAL = N_("No event is final yet: its public notice has to end first.")
MAKERS: dict[DocumentKind, Maker] = {
    DocumentKind.NOTICE: Maker(
        posted_notices, _proposed, N_("No public notice with signed results stands."), True
    ),
    DocumentKind.DECISION: Maker(final_revisions, _decided, NOT_FINAL),
    DocumentKind.WINNERS: Maker(final_revisions, _winners_only, NOT_FINAL),
    DocumentKind.LEVELS: Maker(
        approved_lists, _recommended, N_("No level list is approved yet."), True
    ),
    DocumentKind.PAYMENTS: Maker(
        payable_orders,
        ordered_payments,
        N_("No payment order is approved yet."),
        True,
        Act.SEE_PAYOUTS,
        Act.PREPARE_PAYOUT,
    ),
}
