"""Who gets a paper for a result: honours, teams, coaches, levels, everybody who took part, prizes.

Each can be asked for some papers only, by their keys.

Nothing is due before an event is final (R3.06); who has appealed, or is objected to, waits for the
answer, and nobody else does.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from models.awards import Award, AwardHonour, AwardShare
from models.certificates import Certificate
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryCoach, EntryMember
from models.levels import LevelLine, LevelList
from models.people import Employer, Person
from models.results import Result, Revision
from rules.award_shares import ShareKind
from rules.certificate_kinds import LEVEL_WORDS, CertificateKind
from rules.ranking import EntryStatus
from rules.states import CertificateState, EventState, LevelListState, RevisionState
from services import appeals_holds, objections_holds, selections_holds
from services.certificates_numbers import is_void
from services.certificates_papers import Due, Keys, from_origins, verb_of

_APPROVED = (LevelListState.APPROVED, LevelListState.SENT, LevelListState.CLOSED)
_OVER = (EventState.FINAL, EventState.CANCELLED)


def facts_query() -> Any:
    """Select each person's award of a final event, in the order in which they are read out."""
    return (
        _awards(Award, Entry, Event, Division, Contest, Person)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Person, Person.id == EntryMember.person_id)
        .order_by(*_AS_READ_OUT, EntryMember.position)
    )


_AS_READ_OUT = (Event.position, Event.id, Award.tier_order, Division.position, Award.id)


def _awards(*what: Any) -> Any:
    return (
        select(*what)
        .select_from(Award)
        .join(Revision, Revision.id == Award.revision_id)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Contest, Contest.id == Event.contest_id)
        .where(Event.state == EventState.FINAL, Revision.state == RevisionState.SIGNED)
        .where(~selections_holds.waits(Event.contest_id))
    )


def has_certificate(*states: CertificateState) -> Any:
    """Say in a query whether there is a certificate, but for void ones, for award and person."""
    query = select(Certificate.id).where(
        Certificate.award_id == Award.id, Certificate.person_id == Person.id, ~is_void()
    )
    return (query.where(Certificate.state.in_(states)) if states else query).exists()


def _uncontested(contest_id: int) -> tuple[ColumnElement[bool], ...]:
    own = Contest.id == contest_id
    return own, ~appeals_holds.is_contested(), ~objections_holds.is_held()


def honours(contest_id: int, keys: Keys | None = None, held: bool = False) -> Iterator[Due]:
    """Yield a paper for each member of each awarded entry; held ones too if asked."""
    query = facts_query().where(*_uncontested(contest_id)[: 1 if held else None])
    query = query.where(*from_origins(Award.id, "award_id", keys))
    verb = verb_of(contest_id)
    for award, _, event, division, contest, person in db.session.execute(query):
        source = {"award_id": award.id, "person_id": person.id}
        said = {"award": award.tier_title, "honours": award.honours}
        yield Due(
            CertificateKind.HONOUR, contest, person.name, source, said, event, division,
            award.tier_order, latin=person.name_latin, verb=verb,
        )  # fmt: skip


def teams(contest_id: int, keys: Keys | None = None) -> Iterator[Due]:
    """Yield a paper for each awarded entry of several people, beside those of its members."""
    query = _awards(Award, Entry, Event, Division, Contest, Employer.title)
    query = query.outerjoin(Employer, Employer.id == Entry.employer_id)
    query = query.where(*_uncontested(contest_id), _is_team()).order_by(*_AS_READ_OUT)
    query = query.where(*from_origins(Award.id, "award_id", keys))
    query = query.options(selectinload(Entry.members).joinedload(EntryMember.person))
    for award, entry, event, division, contest, employer in db.session.execute(query):
        name = f"{employer}代表队" if employer else entry.title
        members = [one.person.name for one in entry.members]
        said = {"award": award.tier_title, "members": members}
        yield Due(
            CertificateKind.TEAM, contest, name, {"award_id": award.id}, said, event, division
        )


def _is_team() -> ColumnElement[bool]:
    members = select(func.count()).where(EntryMember.entry_id == Entry.id)
    return members.correlate(Entry).scalar_subquery() > 1


def coaches(contest_id: int, keys: Keys | None = None) -> Iterator[Due]:
    """Yield a paper for each coach whom the plan honours, such as those of the first (R4.21)."""
    query = _awards(AwardHonour, Award, Entry, Event, Division, Contest, Person)
    query = (
        query.join(AwardHonour, AwardHonour.award_id == Award.id)
        .join(Person, Person.id == AwardHonour.person_id)
        .join(EntryCoach, (EntryCoach.entry_id == Entry.id) & (EntryCoach.person_id == Person.id))
        .where(*_uncontested(contest_id), *from_origins(Award.id, "award_id", keys))
        .options(selectinload(Entry.members).joinedload(EntryMember.person))
        .order_by(*_AS_READ_OUT, EntryCoach.position, AwardHonour.id)
    )
    rows = db.session.execute(query).all()
    for _, group in groupby(rows, key=lambda row: (row[1].id, row[6].id)):
        given = list(group)
        honour, award, entry, event, division, contest, person = given[0]
        said = {
            "honours": [row[0].title for row in given],
            "trainees": [one.person.name for one in entry.members],
            "trainees_award": award.tier_title,
        }
        bodies = [honour.granted_by] if honour.granted_by else []
        source = {"award_id": award.id, "person_id": person.id}
        yield Due(
            CertificateKind.COACH, contest, person.name, source, said, event, division,
            issuers=bodies, latin=person.name_latin,
        )  # fmt: skip


def participants(contest_id: int, keys: Keys | None = None) -> Iterator[Due]:
    """Yield a paper for everybody who competed to the end and was not excluded."""
    query = (
        select(Entry, Event, Division, Contest, Person)
        .select_from(Result)
        .join(Revision, Revision.id == Result.revision_id)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Contest, Contest.id == Event.contest_id)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Person, Person.id == EntryMember.person_id)
        .where(Event.state == EventState.FINAL, Revision.state == RevisionState.SIGNED)
        .where(Result.status == EntryStatus.COMPETED, *_uncontested(contest_id))
        .where(*from_origins(Entry.id, "entry_id", keys))
        .order_by(Event.position, Event.id, Division.position, Entry.id, EntryMember.position)
    )
    for entry, event, division, contest, person in db.session.execute(query):
        source = {"entry_id": entry.id, "person_id": person.id}
        yield Due(
            CertificateKind.PARTICIPATION, contest, person.name, source, {}, event, division,
            latin=person.name_latin,
        )  # fmt: skip


def levels(contest_id: int, keys: Keys | None = None) -> Iterator[Due]:
    """Yield a paper for each level that the bureau approved on a list (R4.15)."""
    query = (
        select(LevelLine, Event, Division, Contest, Person)
        .select_from(LevelLine)
        .join(LevelList, LevelList.id == LevelLine.list_id)
        .join(LevelLine.grant)
        .join(Revision)
        .join(Entry)
        .join(Event, Event.id == Entry.event_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Contest, Contest.id == Event.contest_id)
        .join(Person, Person.id == LevelLine.person_id)
        .where(LevelList.state.in_(_APPROVED), LevelLine.active, Contest.id == contest_id)
        .where(Revision.state == RevisionState.SIGNED)
        .where(*from_origins(LevelLine.id, "line_id", keys))
        .order_by(Event.position, Event.id, LevelLine.level, LevelLine.id)
    )
    for line, event, division, contest, person in db.session.execute(query):
        source = {"line_id": line.id, "person_id": person.id}
        said = {"occupation": line.occupation, "level": LEVEL_WORDS[line.level]}
        yield Due(
            CertificateKind.LEVEL, contest, person.name, source, said, event, division,
            latin=person.name_latin,
        )  # fmt: skip


def plaques(contest_id: int, keys: Keys | None = None) -> Iterator[Due]:
    """Yield a paper for each prize of an employer, once all events are over (R4.21)."""
    open_event = select(Event.id).where(Event.contest_id == contest_id, Event.state.not_in(_OVER))
    query = (
        select(AwardShare.title, Employer, Contest)
        .join(Employer, Employer.id == AwardShare.employer_id)
        .join(Contest, Contest.id == AwardShare.contest_id)
        .where(AwardShare.kind == ShareKind.EMPLOYER, Contest.id == contest_id)
        .where(~open_event.exists(), *from_origins(Employer.id, "employer_id", keys))
        .order_by(AwardShare.id)
    )
    for prize, employer, contest in db.session.execute(query):
        source: Mapping[str, Any] = {"prize": prize, "employer_id": employer.id}
        yield Due(CertificateKind.PLAQUE, contest, employer.title, source, {"award": prize})
