"""What a form, a pack and the list of all candidates say: plain Chinese texts, nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from models.database import db
from models.honours import Honour
from models.nominations import Nomination, NominationCall
from rules.ages import age_on
from rules.documents import day_text
from rules.nomination_checks import Candidate
from rules.nomination_words import (
    HONOUR_LEVELS,
    KINDS,
    POSTS,
    SEXES,
    SKILL_LEVELS,
    UNITS,
    month_text,
)
from rules.selection_eligibility import Facts
from rules.states import HonourState
from services.nominations import rules_of
from services.nominations_facts import candidates_of


@dataclass(frozen=True)
class Filling:
    """One candidate with the texts of his or her papers."""

    nomination: Nomination
    texts: dict[str, Any]


def fillings_of(call: NominationCall, rows: Sequence[Nomination], day: date) -> dict[int, Filling]:
    """Return the texts of the papers of candidates, in few statements."""
    candidates = candidates_of(rows)
    honours = _honours(row.person_id for row in rows if row.person_id is not None)
    return {
        row.id: Filling(row, _texts(call, row, candidates[row.id], honours, day)) for row in rows
    }


def _honours(ids: Iterable[int]) -> dict[int, list[Honour]]:
    query = select(Honour).where(
        Honour.person_id.in_(sorted(set(ids))), Honour.state == HonourState.STANDING
    )
    found: dict[int, list[Honour]] = defaultdict(list)
    for one in db.session.scalars(query.order_by(Honour.granted_on.desc(), Honour.id)):
        found[one.person_id].append(one)
    return found


def _texts(
    call: NominationCall,
    row: Nomination,
    candidate: Candidate,
    honours: Mapping[int, list[Honour]],
    day: date,
) -> dict[str, Any]:
    rules, facts = rules_of(call), candidate.facts
    return {
        "call": call.title,
        "document": call.document,
        "list": rules.find(row.list_key).title,
        "rank": "" if row.rank is None else str(row.rank),
        "sender": rules.sender,
        "date": day_text(day),
        **_personal(row, facts),
        **_work(row, facts, rules.counts_on),
        "reasons": _paragraphs(row.reasons),
        "merits": _paragraphs(row.merits),
        "honours": [_honour(one) for one in honours.get(row.person_id or 0, ())],
        "contests": [
            {
                "date": month_text(one.on),
                "title": f"{one.title}{_level(one.level)}",
                "rank": "" if one.rank is None else str(one.rank),
            }
            for one in facts.placings
        ],
        "achievements": [
            {"kind": KINDS[one.kind], "date": month_text(one.on), "title": one.title}
            for one in facts.evidence
        ],
    }


def _level(level: Any) -> str:
    return "" if level is None else f"（{HONOUR_LEVELS[level]}）"


def _personal(row: Nomination, facts: Facts) -> dict[str, str]:
    person = row.person
    return {
        "name": row.name,
        "sex": SEXES.get(facts.sex or "", ""),
        "born": month_text(facts.birth_date),
        "id_number": "" if person is None else person.id_number,
        "phone": "" if person is None else person.phone or "",
    }


def _work(row: Nomination, facts: Facts, day: date) -> dict[str, str]:
    since = row.trade_since
    return {
        "unit": "" if row.employer is None else row.employer.title,
        "unit_kind": "" if row.unit_kind is None else UNITS[row.unit_kind],
        "district": "" if row.employer is None else row.employer.district,
        "post": "" if row.post is None else POSTS[row.post],
        "occupation": row.occupation,
        "level": "" if facts.level is None else SKILL_LEVELS[facts.level],
        "trade_since": month_text(since),
        "trade_years": "" if since is None else str(age_on(since, day)),
        "apprentices": str(len({one.person_id for one in facts.apprentices})),
    }


def _paragraphs(text: str) -> list[dict[str, str]]:
    return [{"text": line.strip()} for line in text.splitlines() if line.strip()]


def _honour(one: Honour) -> dict[str, str]:
    return {
        "date": month_text(one.granted_on),
        "title": one.title,
        "grantor": one.granted_by,
    }
