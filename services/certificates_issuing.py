"""Certificates that are due, what is frozen on them, and the part that adds them."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import load_only

from models.certificates import Certificate, LayoutVersion
from models.contests import Contest
from models.database import db
from rules.certificate_kinds import CertificateKind
from rules.certificate_layouts import CertificateLayout
from rules.certificate_preflight import Draft, obstacles
from rules.data import InvalidRules
from rules.refusals import Refused
from rules.states import CertificateState
from services import (
    certificates_layouts,
    certificates_tasks,
    certificates_winners,
    seals,
    statements_issuing,
)
from services.acting import Actor
from services.certificates_numbers import NUMBER_LENGTH, is_void, take_part
from services.certificates_papers import KEY, Due, Keys, from_origins, key_of
from services.certificates_rendering import facts_text
from services.seals import Sealed

# Nothing that is easily taken for something else, on paper or by telephone.
CLEAR = "34679ACDEFGHJKMNPQRTWXY"
CODE_LENGTH = 16

Say = Callable[[str], str]


class NotPrintable(InvalidRules):
    """Certificates that cannot be printed as they are, with every obstacle at once."""


Finder = Callable[[int, Keys | None], Iterator[Due]]


def _few(find: Callable[[int], Iterator[Due]]) -> Finder:
    """Let a finder of few papers be asked for some of them."""

    def chosen(contest_id: int, keys: Keys | None) -> Iterator[Due]:
        return (one for one in find(contest_id) if keys is None or one.key in keys)

    return chosen


FINDERS: Mapping[CertificateKind, Finder] = {
    CertificateKind.HONOUR: certificates_winners.honours,
    CertificateKind.TEAM: certificates_winners.teams,
    CertificateKind.COACH: certificates_winners.coaches,
    CertificateKind.LEVEL: certificates_winners.levels,
    CertificateKind.PARTICIPATION: certificates_winners.participants,
    CertificateKind.JUDGE: _few(certificates_tasks.judges),
    CertificateKind.APPOINTMENT: _few(certificates_tasks.appointments),
    CertificateKind.PLAQUE: certificates_winners.plaques,
}


# Of the other kinds a contest has few papers.
_ORIGINS = {
    CertificateKind.HONOUR: "award_id",
    CertificateKind.TEAM: "award_id",
    CertificateKind.COACH: "award_id",
    CertificateKind.LEVEL: "line_id",
    CertificateKind.PARTICIPATION: "entry_id",
}


def due_of(contest_id: int, kind: CertificateKind = CertificateKind.HONOUR) -> list[Due]:
    """List the certificates of a kind that can be issued now and never were, but as void ones."""
    known = known_of(contest_id, kind)
    return [one for one in FINDERS[kind](contest_id, None) if one.key not in known]


def known_of(
    contest_id: int, kind: CertificateKind, keys: Keys | None = None
) -> set[tuple[object, ...]]:
    """Return the keys of the papers of a kind that there are, void ones aside, or some of them."""
    query = select(Certificate).where(
        Certificate.contest_id == contest_id, Certificate.kind == kind, ~is_void()
    )
    if kind in _ORIGINS:
        name = _ORIGINS[kind]
        query = query.where(*from_origins(getattr(Certificate, name), name, keys))
    return {key_of(one) for one in db.session.scalars(query.options(load_only(*KEY)))}


def due_again(old: Certificate) -> Due | None:
    """Find what an issued certificate was for, as it stands today; None when it fell away."""
    key = key_of(old)
    found = FINDERS[old.kind](old.contest_id, [key])
    return next((one for one in found if one.key == key), None)


def obstacles_of(
    by: Actor, due: Sequence[Due], layout: CertificateLayout, say: Say
) -> list[Refused]:
    """List what keeps these certificates from being issued."""
    missing = sealed_for(by, due, layout).missing
    return [*([missing] if missing else []), *obstacles(drafts_of(by, due, layout, say))]


def drafts_of(by: Actor, due: Sequence[Due], layout: CertificateLayout, say: Say) -> list[Draft]:
    """Set the texts of each, with the longest number, to see what a font or the room refuses."""
    longest = "0" * NUMBER_LENGTH
    drafts = []
    for one in due:
        facts = facts_of(by, one, longest, layout, say)
        problems = certificates_layouts.problems_of(layout, facts)
        drafts.append(Draft(one.source.get("person_id") or one.key, facts, problems))
    return drafts


def sealed_for(by: Actor, due: Sequence[Due], layout: CertificateLayout) -> Sealed:
    """Find the seal that papers of one contest are printed with today."""
    return seals.sealed(layout, issuers_of(due[0].contest), by.today) if due else Sealed({})


def add_part(by: Actor, due: Sequence[Due], say: Say) -> list[Certificate]:
    """Part: issue these, all of one contest and kind, or refuse with every obstacle."""
    layout = certificates_layouts.layout_for(due[0].contest, due[0].kind)
    problems = obstacles_of(by, due, layout, say)
    if problems:
        raise NotPrintable(problems)
    version = certificates_layouts.version_part(by, layout)
    numbers = take_part(by, [one.series for one in due])
    return made_part(by, due, frozen(by, due, numbers, layout, say), version)


def frozen(
    by: Actor, due: Sequence[Due], numbers: Sequence[str], layout: CertificateLayout, say: Say
) -> list[dict[str, Any]]:
    """Return what each paper says for ever, and by which seal."""
    sealed = dict(sealed_for(by, due, layout).facts)
    return [facts_of(by, *each, layout, say) | sealed for each in zip(due, numbers, strict=True)]


def made_part(
    by: Actor, due: Sequence[Due], drafts: Sequence[dict[str, Any]], version: LayoutVersion
) -> list[Certificate]:
    """Part: make certificates of frozen facts in a stored layout."""
    made = [
        Certificate(
            number=facts["number"],
            check_code=new_check_code(),
            **columns_of(one),
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


def columns_of(due: Due) -> dict[str, Any]:
    """Return the columns that say of what kind a certificate is, whose, and for what."""
    event_id = None if due.event is None else due.event.id
    return {
        "kind": due.kind,
        "name": due.name,
        "contest_id": due.contest.id,
        "event_id": event_id,
        **due.source,
    }


def facts_of(
    by: Actor, due: Due, number: str, layout: CertificateLayout, say: Say
) -> dict[str, Any]:
    """Freeze what the paper says; no digit of an identity number is in it (R4.23)."""
    said = {key: _said(value, say) for key, value in due.said.items()}
    place = {} if due.event is None else {"event": due.event.title}
    place |= {} if due.division is None else {"division": due.division.title}
    if due.verb:  # a title names its programme's round alone
        place = {"verb": due.verb}
    return {
        "kind": due.kind.value,
        "name": due.name,
        **place,
        **said,
        "edition": due.contest.title,
        "issuers": list(due.issuers) or issuers_of(due.contest),
        "date": by.today.isoformat(),
        "number": number,
        **certificates_layouts.english_facts(layout, due),
    }


def _said(value: str | list[str], say: Say) -> str | list[str]:
    return say(value) if isinstance(value, str) else [say(one) for one in value]


def issuers_of(contest: Contest) -> list[str]:
    """List the bodies that issue the certificates of a contest: its sponsors."""
    return [part for part in re.split(r"[、,，;；\n]+\s*", contest.sponsors.strip()) if part]


def digest_of(facts: dict[str, Any]) -> str:
    """Return the SHA-256 of the frozen facts, which lie in the PDF in the same form."""
    return hashlib.sha256(facts_text(facts)).hexdigest()


def new_check_code() -> str:
    """Draw a check code that tells nothing and cannot be guessed (R4.25)."""
    return "".join(secrets.choice(CLEAR) for _ in range(CODE_LENGTH))
