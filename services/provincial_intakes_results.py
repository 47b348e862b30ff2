"""Delegations in a contest of our own: what they sent, their results, and the table of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from models.awards import Award
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry
from models.provincial import ProvincialImport
from models.provincial_delegations import ProvincialIntake
from models.results import Result, Revision
from rules import provincial_exchange as exchange
from rules.provincial import Medal, ProvincialImportKind
from rules.provincial_exchange import ResultsFile
from rules.provincial_imports import medal_of
from rules.provincial_rankings import Standing, Tally, counted, standings
from rules.provincial_rules import ProvincialRules
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.states import EntryState, EventState, RevisionState
from rules.texts import N_
from services import audits, provincial_exchange_signing
from services.acting import Actor
from services.transaction import transaction


@dataclass(frozen=True)
class Delegation:
    """A delegation in a contest of ours: how much it sent, and where it stands."""

    title: str
    entries: int
    events: int
    withdrawn: int
    results: int
    standing: Standing


def list_delegations(contest_id: int) -> list[Delegation]:
    """List the delegations that sent entries, in the order of the table (R2.30)."""
    sent: dict[str, list[tuple[int, EntryState]]] = {}
    query = (
        select(ProvincialIntake.delegation, Entry.event_id, Entry.state)
        .join(Entry, Entry.id == ProvincialIntake.entry_id)
        .where(ProvincialIntake.contest_id == contest_id)
        .order_by(ProvincialIntake.delegation, ProvincialIntake.id)
    )
    for title, event_id, state in db.session.execute(query):
        sent.setdefault(title, []).append((event_id, state))
    found = _results(contest_id)
    tallies = [_tally(title, found.get(title, [])) for title in sent]
    worth = ProvincialRules().medal_points
    return [
        _delegation(one, sent[one.tally.delegation], found) for one in standings(tallies, worth)
    ]


def _results(contest_id: int) -> dict[str, list[tuple[int, Medal | None, bool]]]:
    """Return event, medal and presence of each final result, by delegation."""
    query = _final(contest_id).with_only_columns(
        ProvincialIntake.delegation, Entry.event_id, Award.tier_title, Result.status
    )
    found: dict[str, list[tuple[int, Medal | None, bool]]] = {}
    for title, event_id, tier, status in db.session.execute(query):
        line = (event_id, medal_of(tier or ""), status is EntryStatus.COMPETED)
        found.setdefault(title, []).append(line)
    return found


def _tally(title: str, results: Sequence[tuple[int, Medal | None, bool]]) -> Tally:
    started = {event_id for event_id, _, is_there in results if is_there}
    return Tally(title, len(started), counted(medal for _, medal, _ in results))


def _delegation(
    standing: Standing,
    sent: Sequence[tuple[int, EntryState]],
    found: Mapping[str, Sequence[tuple[int, Medal | None, bool]]],
) -> Delegation:
    title = standing.tally.delegation
    standing_ones = [event for event, state in sent if state is EntryState.ACCEPTED]
    return Delegation(
        title=title,
        entries=len(standing_ones),
        events=len({*standing_ones}),
        withdrawn=len(sent) - len(standing_ones),
        results=len(found.get(title, [])),
        standing=standing,
    )


def _final(contest_id: int) -> Select[str, str, Result, str]:
    return (
        select(ProvincialIntake.reference, Entry.title, Result, Award.tier_title)
        .join(Entry, Entry.id == ProvincialIntake.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Revision, (Revision.event_id == Event.id) & (Revision.state == RevisionState.SIGNED))
        .join(Result, (Result.revision_id == Revision.id) & (Result.entry_id == Entry.id))
        .outerjoin(Award, (Award.revision_id == Revision.id) & (Award.entry_id == Entry.id))
        .where(ProvincialIntake.contest_id == contest_id, Event.state == EventState.FINAL)
        .order_by(ProvincialIntake.id)
    )


def list_intakes(contest_id: int) -> Sequence[ProvincialImport]:
    """List the files with entries of a contest, the newest first."""
    query = select(ProvincialImport).where(
        ProvincialImport.contest_id == contest_id,
        ProvincialImport.kind == ProvincialImportKind.ENTRIES,
    )
    return db.session.scalars(query.order_by(ProvincialImport.id.desc()).limit(200)).all()


def results_content(contest_id: int, delegation: str, document: str = "") -> ResultsFile:
    """Return the final results of a delegation's entries, as an exchange file says them."""
    contest = db.session.get(Contest, contest_id)
    if contest is None:
        raise Missing(contest_id)
    query = _final(contest_id).where(ProvincialIntake.delegation == delegation)
    found = [
        exchange.ExchangeResult(
            reference=reference,
            name=name,
            rank=result.rank,
            total=result.total,
            medal=medal_of(tier or ""),
            prize=tier or "",
            absent=result.status is not EntryStatus.COMPETED,
        )
        for reference, name, result, tier in db.session.execute(query)
    ]
    if not found:
        raise Refused(N_("No entry of this delegation has a final result yet."))
    return ResultsFile(
        contest_code=contest.code,
        contest=contest.title,
        delegation=delegation,
        document=document,
        results=tuple(found),
    )


def results_file(
    contest_id: int, delegation: str, document: str = "", *, as_table: bool = False
) -> bytes:
    """Return the final results of a delegation's entries as a signed exchange file."""
    content = results_content(contest_id, delegation, document)
    return provincial_exchange_signing.written(content, as_table=as_table)


@transaction
def record_results_file(by: Actor, contest_id: int, delegation: str) -> int:
    """Record that results were given out to a delegation; return the contest's id."""
    after = {"delegation": delegation}
    audits.record(by, "give_results", "contest", contest_id, contest_id=contest_id, after=after)
    return contest_id
