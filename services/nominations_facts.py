"""What the registers and the nominations say of candidates, many of them in few statements (R8)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from models.database import db
from models.nominations import Nomination, NominationCall
from rules.honours import HonourLevel
from rules.nomination_checks import Candidate, is_preferred, judge
from rules.nomination_rules import CallRules
from rules.nominations import UNDER_WAY, CallState
from rules.selection_eligibility import Borne, Facts, Placing, Proof, Verdict
from rules.selections import EvidenceKind
from services.nominations import rules_of
from services.people import chunks
from services.selection_applications_facts import Known, known_of


def candidates_of(rows: Sequence[Nomination]) -> dict[int, Candidate]:
    """Return what is known of nominations, by their ids."""
    known = known_people(row.person_id for row in rows if row.person_id is not None)
    routes = routes_of(rows)
    return {
        row.id: Candidate(
            name=row.name,
            facts=_facts(row, known.get(row.person_id or 0, Known())),
            unit="" if row.employer is None else row.employer.title,
            central=row.central,
            routes=tuple(routes[row.id]),
        )
        for row in rows
    }


def known_people(ids: Iterable[int]) -> dict[int, Known]:
    """Return what the registers know of people, a thousand at a time."""
    found: dict[int, Known] = {}
    for chunk in chunks(sorted(set(ids)), 1000):
        found |= known_of(chunk)
    return found


def register_facts(known: Known) -> Facts:
    """Return what the registers alone say."""
    return Facts(
        birth_date=known.birth_date,
        sex=known.sex,
        levels=tuple(known.levels),
        honours=tuple(known.honours),
        placings=tuple(known.placings),
        apprentices=tuple(known.apprentices),
        tiers=tuple(known.tiers),
    )


def _facts(row: Nomination, known: Known) -> Facts:
    proofs = tuple(proofs_of(row.evidence or ()))
    typed = [
        Borne(one.title, one.level, one.on, verified=False)
        for one in proofs
        if one.kind is EvidenceKind.HONOUR
    ]
    places = [
        Placing(one.level, one.rank, one.on, one.title, verified=False)
        for one in proofs
        if one.kind is EvidenceKind.CONTEST
    ]
    base = register_facts(known)
    return replace(
        base,
        trade_since=row.trade_since,
        local_since=row.local_since,
        retires_on=row.retires_on,
        post=row.post,
        unit_kind=row.unit_kind,
        occupation=row.occupation,
        honours=(*base.honours, *typed),
        placings=(*base.placings, *places),
        evidence=proofs,
        answers={str(key): str(value) for key, value in (row.answers or {}).items()},
        district="" if row.employer is None else row.employer.district,
    )


def proofs_of(rows: Iterable[Mapping[str, Any]]) -> Iterator[Proof]:
    """Yield the achievements that a nomination lists, as conditions read them."""
    for one in rows:
        yield Proof(
            EvidenceKind(one["kind"]),
            None if not one.get("on") else date.fromisoformat(one["on"]),
            None if not one.get("level") else HonourLevel(one["level"]),
            one.get("rank"),
            False,
            one["title"],
        )


def routes_of(rows: Sequence[Nomination]) -> dict[int, list[str]]:
    """Return by nomination the other calls that the same candidate is under way in (R8.04)."""
    found: dict[int, list[str]] = defaultdict(list)
    if not rows:
        return found
    own, other, call = aliased(Nomination), aliased(Nomination), aliased(NominationCall)
    query = (
        select(own.id, NominationCall.title, NominationCall.level, call.level, call.rules)
        .select_from(own)
        .join(call, call.id == own.call_id)
        .join(
            other,
            or_(
                other.person_id == own.person_id,
                own.person_id.is_(None)
                & other.person_id.is_(None)
                & (other.employer_id == own.employer_id),
            ),
        )
        .join(NominationCall, NominationCall.id == other.call_id)
        .where(own.id.in_([row.id for row in rows]), other.id != own.id)
        .where(other.state.in_(UNDER_WAY), NominationCall.state == CallState.OPEN)
        .where(other.round_key != own.round_key)
    )
    for key, title, level, own_level, rules in db.session.execute(query):
        if rules.get("one_route", "level") == "level" and level is own_level:
            found[key].append(title)
    return found


def verdict_of(row: Nomination) -> Verdict:
    """Return every clause for one nomination."""
    rules = rules_of(row.call)
    return judge(rules, rules.find(row.list_key), candidates_of([row])[row.id])


def verdicts_of(rules: CallRules, rows: Sequence[Nomination]) -> dict[int, Verdict]:
    """Return every clause for the nominations of one call, in few statements."""
    found = candidates_of(rows)
    return {row.id: judge(rules, rules.find(row.list_key), found[row.id]) for row in rows}


def mark_preferred(row: Nomination) -> bool:
    """Say whether a candidate has a place in contests that brings him or her forward (R8.06)."""
    return is_preferred(rules_of(row.call), candidates_of([row])[row.id].facts)
