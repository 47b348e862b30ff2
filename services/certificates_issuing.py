"""Certificates that are due, what is frozen on them, and the part that adds them."""

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from models.awards import Award
from models.certificates import Certificate, LayoutVersion
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.issuing import TakenNumber
from models.people import Person
from models.results import Revision
from rules.certificate_layouts import CertificateLayout
from rules.certificate_preflight import Draft, obstacles
from rules.data import InvalidRules
from rules.refusals import Refused
from rules.states import CertificateState, EventState, NumberState, RevisionState
from services import (
    appeals_holds,
    certificates_layouts,
    objections_holds,
    statements_issuing,
)
from services.acting import Actor
from services.certificates_numbers import NUMBER_LENGTH, Series, take_part
from services.certificates_rendering import facts_text

# Nothing that is easily taken for something else, on paper or by telephone.
CLEAR = "34679ACDEFGHJKMNPQRTWXY"
CODE_LENGTH = 16

Say = Callable[[str], str]


class NotPrintable(InvalidRules):
    """Certificates that cannot be printed as they are, with every obstacle at once."""


class Due(NamedTuple):
    """One award of one person for which a certificate is to be issued."""

    award: Award
    entry: Entry
    event: Event
    division: Division
    contest: Contest
    person: Person

    @property
    def series(self) -> Series:
        """Say which certificates it is numbered with."""
        return Series(self.contest, self.event, str(self.award.tier_order))


def due_of(contest_id: int) -> list[Due]:
    """List the awards for which certificates can be issued now."""
    # Who has appealed, or is objected to, waits for the answer; nobody else does (R3.06).
    uncontested = ~appeals_holds.is_contested() & ~objections_holds.is_held()
    query = facts_query().where(Contest.id == contest_id, ~has_certificate(), uncontested)
    return [Due(*row) for row in db.session.execute(query)]


def facts_query() -> Any:
    """Select each person's award of a final event, in the order in which they are read out."""
    return (
        select(Award, Entry, Event, Division, Contest, Person)
        .select_from(Award)
        .join(Revision, Revision.id == Award.revision_id)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Contest, Contest.id == Event.contest_id)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Person, Person.id == EntryMember.person_id)
        .where(Event.state == EventState.FINAL, Revision.state == RevisionState.SIGNED)
        .order_by(
            Event.position,
            Event.id,
            Award.tier_order,
            Division.position,
            Award.id,
            EntryMember.position,
        )
    )


def has_certificate(*states: CertificateState) -> Any:
    """Say in a query whether there is a certificate, but for void ones, for award and person."""
    voided = select(TakenNumber.id).where(
        TakenNumber.number == Certificate.number, TakenNumber.state == NumberState.VOID
    )
    query = select(Certificate.id).where(
        Certificate.award_id == Award.id, Certificate.person_id == Person.id, ~voided.exists()
    )
    return (query.where(Certificate.state.in_(states)) if states else query).exists()


def obstacles_of(
    by: Actor, due: Sequence[Due], layout: CertificateLayout, say: Say
) -> list[Refused]:
    """List what keeps these certificates from being issued."""
    longest = "0" * NUMBER_LENGTH
    drafts = []
    for one in due:
        facts = facts_of(by, one, longest, layout, say)
        problems = certificates_layouts.problems_of(layout, facts)
        drafts.append(Draft(one.person.id, facts, problems))
    return list(obstacles(drafts))


def add_part(by: Actor, due: Sequence[Due], say: Say) -> list[Certificate]:
    """Part: issue these certificates, all of one contest, or refuse with every obstacle."""
    layout = certificates_layouts.layout_for(due[0].contest)
    problems = obstacles_of(by, due, layout, say)
    if problems:
        raise NotPrintable(problems)
    version = certificates_layouts.version_part(by, layout)
    numbers = take_part(by, [one.series for one in due])
    drafts = [facts_of(by, *each, layout, say) for each in zip(due, numbers, strict=True)]
    return made_part(by, due, drafts, version)


def made_part(
    by: Actor, due: Sequence[Due], drafts: Sequence[dict[str, Any]], version: LayoutVersion
) -> list[Certificate]:
    """Part: make certificates of frozen facts in a stored layout."""
    made = [
        Certificate(
            number=facts["number"],
            check_code=new_check_code(),
            award_id=one.award.id,
            person_id=one.person.id,
            facts=facts,
            digest=digest_of(facts),
            layout=version,
            state=CertificateState.ISSUED,
            issued_at=by.now,
            issued_by_id=by.account_id,
        )
        for one, facts in zip(due, drafts, strict=True)
    ]
    statements_issuing.give_part(by, made)
    db.session.add_all(made)
    db.session.flush()
    return made


def facts_of(
    by: Actor, due: Due, number: str, layout: CertificateLayout, say: Say
) -> dict[str, Any]:
    """Freeze what the paper says; no digit of an identity number is in it (R4.23)."""
    return {
        "name": due.person.name,
        "event": due.event.title,
        "division": due.division.title,
        "award": say(due.award.tier_title),
        "honours": [say(honour) for honour in due.award.honours],
        "edition": due.contest.title,
        "issuers": issuers_of(due.contest),
        "date": by.today.isoformat(),
        "number": number,
        **certificates_layouts.english_facts(layout, due.person.name, due.award.tier_title),
    }


def issuers_of(contest: Contest) -> list[str]:
    """List the bodies that issue the certificates of a contest: its sponsors."""
    return [part for part in re.split(r"[、,，;；\n]+\s*", contest.sponsors.strip()) if part]


def digest_of(facts: dict[str, Any]) -> str:
    """Return the SHA-256 of the frozen facts, which lie in the PDF in the same form."""
    return hashlib.sha256(facts_text(facts)).hexdigest()


def new_check_code() -> str:
    """Draw a check code that tells nothing and cannot be guessed (R4.25)."""
    return "".join(secrets.choice(CLEAR) for _ in range(CODE_LENGTH))
