"""Candidates of a call: named by staff or an employer, completed, checked by every clause (R8)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.nominations import Nomination, NominationCall
from models.people import Employer, Person
from rules.access import Role
from rules.data import InvalidRules
from rules.honours import HonourLevel
from rules.nomination_checks import judge, reason_problems, time_problem
from rules.nomination_rules import CallList
from rules.nominations import (
    COMPLETABLE,
    EDITABLE,
    NOMINATION_MOVES,
    NominationState,
    Nominee,
    ProposedBy,
)
from rules.people import PersonFacts
from rules.refusals import Missing, Refused, check_reason
from rules.selections import EvidenceKind, Post, UnitKind
from rules.states import moved
from rules.texts import N_
from rules.workdays import notice_end
from services import accounts, audits
from services.acting import Actor
from services.calendars import load_calendar
from services.nominations import lock_open_call, rules_of
from services.nominations_facts import candidates_of, mark_preferred
from services.people import add_person
from services.transaction import transaction

MOST_EVIDENCE = 40


@dataclass(frozen=True)
class Achievement:
    """One dated achievement, as it was typed."""

    kind: EvidenceKind
    title: str
    on: date | None = None
    level: HonourLevel | None = None
    rank: int | None = None

    def stored(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self) | {"on": None if self.on is None else self.on.isoformat()}


@dataclass(frozen=True)
class CandidateFacts:
    """What the registers don't know of a candidate."""

    reasons: str = ""
    merits: str = ""
    post: Post | None = None
    unit_kind: UnitKind | None = None
    occupation: str = ""
    trade_since: date | None = None
    local_since: date | None = None
    retires_on: date | None = None
    central: bool | None = None
    evidence: Sequence[Achievement] = ()
    answers: Mapping[str, str] = field(default_factory=dict)


@transaction
def nominate(by: Actor, call_id: int, list_key: str, candidate_id: int) -> int:
    """Name somebody of the registers for a list, as staff; return the nomination's id."""
    call = lock_open_call(call_id)
    one = _list_of(call, list_key)
    row = _new(by, call, one, ProposedBy.BUREAU)
    if one.of is Nominee.PERSON:
        person = db.session.get(Person, candidate_id)
        if person is None:
            raise Missing(candidate_id)
        row.person_id, row.employer_id = person.id, person.employer_id
    elif db.session.get(Employer, candidate_id) is None:
        raise Missing(candidate_id)
    else:
        row.employer_id = candidate_id
    return _added(by, row, "nominate")


@transaction
def propose(by: Actor, call_id: int, list_key: str, person: PersonFacts | None = None) -> int:
    """Propose somebody of the own staff, or the own unit itself, as its employer."""
    call = lock_open_call(call_id)
    one, employer_id = _list_of(call, list_key), _own_employer(by)
    late = time_problem(call.own_until, by.today)
    if late is not None:
        raise late
    row = _new(by, call, one, ProposedBy.EMPLOYER)
    row.employer_id = employer_id
    if one.of is Nominee.PERSON:
        if person is None:
            raise Refused(N_("Name the candidate."), "name")
        row.person_id = add_person(by, person, employer_id)
    return _added(by, row, "propose")


def _list_of(call: NominationCall, key: str) -> CallList:
    try:
        return rules_of(call).find(key)
    except KeyError:
        raise Missing(key) from None


def _own_employer(by: Actor) -> int:
    account = accounts.get_account(by.account_id or 0)
    if account.employer_id is None or not account.holder().has(Role.EMPLOYER):
        raise Missing(account.id)
    return account.employer_id


def _new(by: Actor, call: NominationCall, one: CallList, who: ProposedBy) -> Nomination:
    return Nomination(
        call_id=call.id,
        round_key=call.round_key,
        list_key=one.key,
        of=one.of,
        proposed_by=who,
        state=NominationState.DRAFT,
        evidence=[],
        answers={},
        written_at=by.now,
        written_by_id=by.account_id,
    )


def _added(by: Actor, row: Nomination, action: str) -> int:
    db.session.add(row)
    db.session.flush()
    row.preferred = mark_preferred(row)
    after = {"call": row.call_id, "list": row.list_key, "person": row.person_id}
    audits.record(by, action, "nomination", row.id, after=after)
    return row.id


@transaction
def edit_candidate(
    by: Actor, nomination_id: int, facts: CandidateFacts, version: int | None = None
) -> int:
    """Complete what is said of a candidate: the employer until it is handed in, staff longer."""
    row = lock_nomination(nomination_id)
    check_editable(by, row)
    if version is not None and version != row.version:
        raise Refused(N_("Somebody else has changed this nomination meanwhile."))
    if len(facts.evidence) > MOST_EVIDENCE:
        text = N_("At most %(most)s achievements are taken.")
        raise Refused(text, "evidence", most=MOST_EVIDENCE)
    for name in ("reasons", "merits", "post", "unit_kind", "occupation", "central"):
        setattr(row, name, getattr(facts, name))
    for name in ("trade_since", "local_since", "retires_on"):
        _check_past(name, getattr(facts, name), by.today)
        setattr(row, name, getattr(facts, name))
    row.evidence = [one.stored() for one in facts.evidence]
    row.answers = dict(facts.answers)
    row.preferred = mark_preferred(row)
    touched(by, row)
    audits.record(by, "edit", "nomination", row.id, after={"list": row.list_key})
    return row.id


def _check_past(name: str, day: date | None, today: date) -> None:
    if day is not None and name != "retires_on" and day > today:
        raise Refused(N_("This day lies in the future."), name)


def touched(by: Actor, row: Nomination) -> None:
    """Part: note who changed a checked nomination last; somebody else approves it then."""
    if row.checked_at is not None:
        row.checked_at, row.checked_by_id = by.now, by.account_id


def check_editable(by: Actor, row: Nomination) -> None:
    """Part: refuse a change by somebody who has no say, or at the wrong time."""
    if is_staff(by):
        if row.state not in COMPLETABLE:
            raise Refused(N_("It is approved or sent. Take it back first, with the reason."))
        return
    _check_own(by, row)
    if row.state not in EDITABLE:
        raise Refused(N_("It is handed in; it can no longer be changed."))
    _check_in_time(by, row)


def _check_in_time(by: Actor, row: Nomination) -> None:
    until = row.call.own_until
    if row.state is NominationState.RETURNED and row.complete_until is not None:
        until = max(until, row.complete_until)
    late = time_problem(until, by.today)
    if late is not None:
        raise late


def is_staff(by: Actor) -> bool:
    """Say whether the bureau itself acts."""
    return by.account_id is None or accounts.is_staff(accounts.get_account(by.account_id))


def owns(by: Actor, row: Nomination) -> bool:
    """Say whether the employer acts that made this proposal."""
    account = accounts.get_account(by.account_id or 0)
    is_own = account.holder().has(Role.EMPLOYER) and account.employer_id == row.employer_id
    return is_own and row.proposed_by is ProposedBy.EMPLOYER


def _check_own(by: Actor, row: Nomination) -> None:
    if not owns(by, row):
        raise Missing(row.id)


@transaction
def hand_in(by: Actor, nomination_id: int) -> int:
    """Hand an own proposal in; what the papers lack is told by the bureau's check."""
    row = lock_nomination(nomination_id)
    _check_own(by, row)
    _check_in_time(by, row)
    problems = [*_text_problems(row)]
    if problems:
        raise InvalidRules(problems)
    row.handed_in_at, row.complete_until = by.now, None
    return move_nomination(by, row, NominationState.PROPOSED, "hand_in")


def _text_problems(row: Nomination) -> list[Refused]:
    found = []
    if not row.reasons.strip():
        found.append(Refused(N_("Write why this one is recommended."), "reasons"))
    if not row.merits.strip():
        found.append(Refused(N_("Write the merits."), "merits"))
    return found


@transaction
def check(by: Actor, nomination_id: int) -> int:
    """Confirm that a candidate fulfils every clause; what is in the way is told at once."""
    row = lock_nomination(nomination_id)
    rules = rules_of(row.call)
    verdict = judge(rules, rules.find(row.list_key), candidates_of([row])[row.id])
    problems = [*reason_problems(verdict), *_text_problems(row)]
    if problems:
        raise InvalidRules(problems)
    row.checked_at, row.checked_by_id = by.now, by.account_id
    row.complete_until = None
    return move_nomination(by, row, NominationState.CHECKED, "check")


@transaction
def return_candidate(by: Actor, nomination_id: int, *, reason: str) -> int:
    """Send a proposal back to be completed within the working days of the rules."""
    check_reason(reason)
    row = lock_nomination(nomination_id)
    if row.proposed_by is not ProposedBy.EMPLOYER:
        raise Refused(N_("The bureau named this candidate itself; complete it here."))
    days = rules_of(row.call).completion_days
    row.complete_until = notice_end(by.today, days, False, load_calendar())
    row.rank = None
    return move_nomination(by, row, NominationState.RETURNED, "return", reason)


@transaction
def decline(by: Actor, nomination_id: int, *, reason: str) -> int:
    """Don't put a candidate forward: others come first, or the clauses are not fulfilled."""
    check_reason(reason)
    row = lock_nomination(nomination_id)
    row.rank = None
    return move_nomination(by, row, NominationState.DECLINED, "decline", reason)


@transaction
def withdraw(by: Actor, nomination_id: int, *, reason: str) -> int:
    """Withdraw a nomination, at the candidate's or the unit's wish."""
    check_reason(reason)
    row = lock_nomination(nomination_id)
    if not is_staff(by):
        _check_own(by, row)
        if row.state is NominationState.SENT:
            raise Refused(N_("It was sent already. Ask the bureau to withdraw it."))
    row.rank = None
    return move_nomination(by, row, NominationState.WITHDRAWN, "withdraw", reason)


@transaction
def take_back(by: Actor, nomination_id: int, *, reason: str) -> int:
    """Take an approved or sent nomination back, to complete it and approve it anew."""
    check_reason(reason)
    row = lock_nomination(nomination_id)
    if row.state not in (NominationState.APPROVED, NominationState.SENT):
        raise Refused(N_("Only what is approved or sent is taken back."))
    row.approved_at = row.approved_by_id = None
    return move_nomination(by, row, NominationState.NOTICE, "recall", reason)


def lock_nomination(nomination_id: int) -> Nomination:
    """Part: return a nomination of an open call, both locked; raise Missing."""
    row = db.session.get(Nomination, nomination_id)
    if row is None:
        raise Missing(nomination_id)
    lock_open_call(row.call_id)
    return db.session.get_one(
        Nomination, nomination_id, with_for_update=True, populate_existing=True
    )


def move_nomination(
    by: Actor, row: Nomination, state: NominationState, action: str, reason: str = ""
) -> int:
    """Part: move a nomination on, and record it; return its id."""
    before = {"state": row.state, "rank": row.rank}
    row.state, row.reason = moved(NOMINATION_MOVES, row.state, state), reason
    after: dict[str, Any] = {"state": state} | ({"reason": reason} if reason else {})
    audits.record(by, action, "nomination", row.id, before=before, after=after)
    return row.id


def get_nomination(nomination_id: int) -> Nomination:
    """Return a nomination with its call, candidate and notice; raise Missing."""
    query = select(Nomination).options(
        joinedload(Nomination.call),
        joinedload(Nomination.person),
        joinedload(Nomination.employer),
        joinedload(Nomination.notice),
        joinedload(Nomination.honour),
    )
    found = db.session.scalar(query.where(Nomination.id == nomination_id))
    if found is None:
        raise Missing(nomination_id)
    return found
