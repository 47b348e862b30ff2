"""Honour certificates: issued from final awards, revoked, issued anew, checked by anybody."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from models.awards import Award
from models.certificates import Certificate
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.people import Person
from models.results import Revision
from rules.certificate_layouts import CertificateLayout
from rules.certificate_preflight import Draft, obstacles
from rules.data import InvalidRules
from rules.numbering import certificate_number
from rules.personal_data import text_problems
from rules.plans import EditionRules
from rules.refusals import Missing, Refused
from rules.states import (
    CERTIFICATE_MOVES,
    CertificateState,
    EventState,
    RevisionState,
    moved,
)
from rules.texts import N_
from services import (
    appeals_holds,
    audits,
    certificates_layouts,
    contests,
    objections_holds,
    payouts_changes,
)
from services.acting import Actor
from services.certificates_rendering import facts_text
from services.pages import PAGE_SIZE, Page, page_of
from services.transaction import transaction

# Nothing that is easily taken for something else, on paper or by telephone.
CLEAR = "34679ACDEFGHJKMNPQRTWXY"
CODE_LENGTH = 16
NUMBER_LENGTH = 40  # of the longest number

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


@transaction
def issue(by: Actor, contest_id: int, say: Say = str) -> int:
    """Issue certificates for all awards of final events that have none yet, one a member.

    ``say`` turns award names that come from the usual plan into the language of the certificate.
    """
    db.session.get(Contest, contest_id, with_for_update=True, populate_existing=True)
    due = due_of(contest_id)
    if not due:
        raise Refused(N_("There is no award of a final event without a certificate."))
    made = _add(by, due, say)
    after = {"numbers": [certificate.number for certificate in made]}
    audits.record(by, "issue", "contest", contest_id, contest_id=contest_id, after=after)
    return len(made)


@transaction
def revoke(by: Actor, certificate_id: int, *, reason: str) -> int:
    """Revoke a certificate; its number stays and its check page says so (R4.26).

    The money of its award is stopped, or must come back.
    """
    certificate = _locked(certificate_id)
    revoke_part(by, certificate, reason)
    entry_id, person_id = certificate.award.entry_id, certificate.person_id
    payouts_changes.bar(by, entry_id, person_id, reason)
    return certificate_id


def revoke_part(by: Actor, certificate: Certificate, reason: str) -> None:
    """Part: revoke a locked certificate; everybody reads the reason on its check page (R9.03)."""
    for problem in text_problems({"reason": reason}, by.today):
        raise problem
    certificate.state = moved(CERTIFICATE_MOVES, certificate.state, CertificateState.REVOKED)
    certificate.revoked_at, certificate.revoked_reason = by.now, reason
    after = {"number": certificate.number, "reason": reason}
    contest_id = _contest_of(certificate)
    audits.record(by, "revoke", "certificate", certificate.id, contest_id=contest_id, after=after)


@transaction
def reissue(by: Actor, certificate_id: int, say: Say = str) -> int:
    """Issue a new certificate with a new number in place of a revoked one, by today's facts."""
    old = _locked(certificate_id)
    if old.state is not CertificateState.REVOKED:
        raise Refused(N_("Revoke the certificate first; then it can be issued anew."))
    query = _facts_query().where(Award.id == old.award_id, Person.id == old.person_id)
    query = query.where(~objections_holds.is_held())
    row = db.session.execute(query.where(~_has_certificate(CertificateState.ISSUED))).first()
    if row is None:
        raise Refused(N_("There is a valid certificate for this award already."))
    (made,) = _add(by, [Due(*row)], say)
    after = {"number": made.number, "in_place_of": old.number}
    payouts_changes.lift(by, old.award.entry_id, old.person_id, made.number)
    contest_id = _contest_of(old)
    audits.record(by, "reissue", "certificate", made.id, contest_id=contest_id, after=after)
    return made.id


def _locked(certificate_id: int) -> Certificate:
    found = db.session.get(
        Certificate, certificate_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise Missing(certificate_id)
    return found


def _contest_of(certificate: Certificate) -> int | None:
    query = select(Event.contest_id).join(Entry).join(Award)
    return db.session.scalar(query.where(Award.id == certificate.award_id))


def _facts_query() -> Any:
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


def _has_certificate(*states: CertificateState) -> Any:
    query = select(Certificate.id).where(
        Certificate.award_id == Award.id, Certificate.person_id == Person.id
    )
    return (query.where(Certificate.state.in_(states)) if states else query).exists()


def due_of(contest_id: int) -> list[Due]:
    """List the awards for which certificates can be issued now."""
    # Who has appealed, or is objected to, waits for the answer; nobody else does (R3.06).
    uncontested = ~appeals_holds.is_contested() & ~objections_holds.is_held()
    query = _facts_query().where(Contest.id == contest_id, ~_has_certificate(), uncontested)
    return [Due(*row) for row in db.session.execute(query)]


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


def _add(by: Actor, due: Sequence[Due], say: Say) -> list[Certificate]:
    layout = certificates_layouts.layout_for(due[0].contest)
    problems = obstacles_of(by, due, layout, say)
    if problems:
        raise NotPrintable(problems)
    version = certificates_layouts.version_part(by, layout)
    made = []
    for one, number in zip(due, _numbers(due), strict=True):
        facts = facts_of(by, one, number, layout, say)
        certificate = Certificate(
            number=number,
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
        made.append(certificate)
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


def _numbers(due: Iterable[Due]) -> Iterator[str]:
    """Yield a number for each: serials go on behind the last used one, voided ones included."""
    last: dict[tuple[str, ...], int] = {}
    for one in due:
        parts = _number_parts(one)
        if parts not in last:
            last[parts] = _last_serial(parts)
        last[parts] += 1
        prefix, year, contest_code, event_code, tier_code = parts
        yield certificate_number(
            prefix, int(year), contest_code, event_code, tier_code, last[parts]
        )


def _number_parts(due: Due) -> tuple[str, ...]:
    prefix = EditionRules.model_validate(due.contest.rules).certificate_prefix
    year = str(due.contest.year)
    contest_code = _code(due.contest.code.replace(year, ""), 6) or str(due.contest.id)
    event_code = _code(due.event.code, 8) or str(due.event.id)
    return prefix, year, contest_code, event_code, str(due.award.tier_order)


def _code(text: str, longest: int) -> str:
    return "".join(re.findall("[0-9A-Z]", text.upper()))[:longest]


def _last_serial(parts: tuple[str, ...]) -> int:
    pattern = "-".join(parts) + "-"
    query = select(Certificate.number).where(Certificate.number.startswith(pattern))
    serials = (number[len(pattern) :].split("-")[0] for number in db.session.scalars(query))
    return max((int(serial) for serial in serials), default=0)


def find_certificate(typed: str) -> Certificate | None:
    """Find a certificate by its number or check code, however it is typed; None when unknown."""
    text = re.sub(r"[\s\-‐‑–—−]", "", unicodedata.normalize("NFKC", typed)).upper()
    if not re.fullmatch(r"[0-9A-Z]{8,40}", text):
        return None
    plain_number = func.replace(Certificate.number, "-", "")
    query = select(Certificate).where(or_(Certificate.check_code == text, plain_number == text))
    return db.session.scalar(query.options(joinedload(Certificate.award)))


def find_by_code(code: str) -> Certificate | None:
    """Find a certificate by its check code alone."""
    return db.session.scalar(select(Certificate).where(Certificate.check_code == code.upper()))


def get_certificate(certificate_id: int) -> Certificate:
    """Return a certificate; raise Missing."""
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None:
        raise Missing(certificate_id)
    return certificate


def is_replaced(certificate: Certificate) -> bool:
    """Say whether the results behind a certificate were replaced since."""
    query = select(Revision.state).join(Award, Award.revision_id == Revision.id)
    state = db.session.scalar(query.where(Award.id == certificate.award_id))
    return state is RevisionState.SUPERSEDED


@dataclass(frozen=True)
class Wanted:
    """Which certificates are asked for; None as contests or person means no limit."""

    contests: frozenset[int] | None = None
    person_id: int | None = None
    contest_id: int | None = None
    event_id: int | None = None
    state: CertificateState | None = None
    q: str = ""


def list_certificates(wanted: Wanted, page: int = 1, size: int = PAGE_SIZE) -> Page[Certificate]:
    """List certificates, the newest first."""
    query = (
        select(Certificate)
        .join(Certificate.award)
        .join(Award.entry)
        .join(Entry.event)
        .join(Event.contest)
        .join(Certificate.person)
        .options(
            contains_eager(Certificate.person),
            contains_eager(Certificate.award).joinedload(Award.revision),
            contains_eager(Certificate.award)
            .contains_eager(Award.entry)
            .contains_eager(Entry.event)
            .options(*contests.LIGHT, contains_eager(Event.contest)),
        )
        .where(*_conditions(wanted))
    )
    return page_of(query.order_by(Certificate.issued_at.desc(), Certificate.id), page, size)


def _conditions(wanted: Wanted) -> list[Any]:
    exact = (
        (Certificate.person_id, wanted.person_id),
        (Contest.id, wanted.contest_id),
        (Event.id, wanted.event_id),
        (Certificate.state, wanted.state),
    )
    found: list[Any] = [column == value for column, value in exact if value is not None]
    if wanted.contests is not None:
        found.append(Contest.id.in_(wanted.contests))
    if wanted.q:
        found.append(
            or_(
                Person.name.contains(wanted.q, autoescape=True),
                Certificate.number.contains(wanted.q.upper(), autoescape=True),
            )
        )
    return found


class Waiting(NamedTuple):
    """A contest and how many certificates are still to be issued in it."""

    contest_id: int
    title: str
    number: int


def count_waiting(contests: frozenset[int] | None = None) -> list[Waiting]:
    """Count, contest by contest, the awards of final events that have no certificate."""
    inner = _facts_query().where(~_has_certificate()).order_by(None)
    inner = inner.with_only_columns(Contest.id, Contest.title)
    if contests is not None:
        inner = inner.where(Contest.id.in_(contests))
    found = inner.subquery()
    key, title = found.c
    query = select(key, title, func.count()).group_by(key, title).order_by(key.desc())
    return [Waiting(*row) for row in db.session.execute(query)]


def list_contests(contests: frozenset[int] | None) -> list[tuple[int, str]]:
    """List the contests that have certificates, for the filter."""
    query = (
        select(Contest.id, Contest.title)
        .where(
            select(Certificate.id)
            .join(Certificate.award)
            .join(Award.entry)
            .join(Event, and_(Event.id == Entry.event_id, Event.contest_id == Contest.id))
            .exists()
        )
        .order_by(Contest.id.desc())
    )
    if contests is not None:
        query = query.where(Contest.id.in_(contests))
    return [(row[0], row[1]) for row in db.session.execute(query)]
