"""Proofs of notices that other bodies posted: recorded with their days, kept as files (R3.07)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from models.contests import Event
from models.database import db
from models.notices import NoticeProof, NoticeProofItem
from models.results import Revision
from rules import attachments as types
from rules.data import InvalidRules
from rules.notice_chains import NoticeLevel, Span, proof_problems
from rules.refusals import Missing, Refused
from rules.states import EventState, RevisionState
from rules.texts import N_
from services import audits, calendars, contests, files, notices_chains
from services.acting import Actor
from services.attachments import Kept, Opened, Upload, keep_upload
from services.notices_chains import Place
from services.transaction import transaction


@dataclass(frozen=True)
class Proof:
    """What a document proves: a level, of whom, for which results, from day to day."""

    level: str
    place: Place
    revision_ids: frozenset[int]
    span: Span


def record_proof(by: Actor, contest_id: int, proof: Proof, upload: Upload, folder: Path) -> int:
    """Record a notice that was posted elsewhere; refused, its file leaves no bytes behind."""
    with files.keeping(folder) as keep:
        return add_proof(by, contest_id, proof, keep_upload(upload, keep))


@transaction
def add_proof(by: Actor, contest_id: int, proof: Proof, kept: Kept) -> int:
    """Add the row of a proof whose bytes are kept."""
    revisions = _signed(contest_id, proof.revision_ids)
    _check(contest_id, proof, revisions, by.today)
    _refuse_twice(proof, kept.sha256)
    row = NoticeProof(
        contest_id=contest_id,
        level=proof.level,
        employer_id=proof.place.employer_id,
        district=proof.place.district,
        starts_on=proof.span.starts_on,
        ends_on=proof.span.ends_on,
        title=kept.title,
        kind=kept.kind,
        size=kept.stored.size,
        sha256=kept.sha256,
        file_key=kept.stored.key,
        file_sha256=kept.stored.sha256,
        added_at=by.now,
        added_by_id=by.account_id,
    )
    row.items = [NoticeProofItem(revision_id=one.id) for one in revisions]
    db.session.add(row)
    db.session.flush()
    after = {
        "level": proof.level,
        "place": proof.place.key,
        "digest": kept.sha256,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "revisions": [one.id for one in revisions],
    }
    audits.record(by, "record_proof", "notice_proof", row.id, contest_id=contest_id, after=after)
    return row.id


def _signed(contest_id: int, wanted: Collection[int]) -> list[Revision]:
    """Return the results under lock; those that wait for their next notice only."""
    query = (
        select(Revision)
        .join(Revision.event)
        .where(Event.contest_id == contest_id, Event.state == EventState.SIGNED)
        .where(Revision.state == RevisionState.SIGNED, Revision.id.in_(wanted))
        .order_by(Revision.id)
        .with_for_update()
    )
    found = list(db.session.scalars(query))
    if not found:
        raise Refused(N_("Choose at least one event."), "revision_ids")
    if len(found) < len(wanted):
        raise Refused(N_("Only signed results that stand in no notice wait."), "revision_ids")
    return found


def _check(contest_id: int, proof: Proof, revisions: Sequence[Revision], today: date) -> None:
    levels = contests.rules_of(contests.get_outline(contest_id)).notice_levels
    level = _outside(levels, proof.level)
    chains = notices_chains.chains_of(levels, [one.id for one in revisions])
    calendar = calendars.load_calendar()
    problems: dict[str, Refused] = {}
    for one in revisions:
        chain = chains[one.id]
        here = next(step for step in chain if step.level.code == level.code)
        if proof.place.key not in here.owed:
            problem = Refused(
                N_("%(event)s: nobody of this employer or district is on the list."),
                "revision_ids",
                event=one.event.title,
            )
            problems[str(problem)] = problem
        earlier = chain[: chain.index(here)]
        for problem in proof_problems(level, proof.span, earlier, today, calendar):
            problems[str(problem)] = problem
    if problems:
        raise InvalidRules(list(problems.values()))


def _outside(levels: Iterable[NoticeLevel], code: str) -> NoticeLevel:
    for level in levels:
        if level.code == code and level.posted == "outside":
            return level
    raise Refused(N_("This level is not proven by a document."), "level")


def _refuse_twice(proof: Proof, sha256: str) -> None:
    same = (
        select(NoticeProof.id)
        .join(NoticeProof.items)
        .where(NoticeProof.sha256 == sha256, NoticeProof.level == proof.level)
        .where(NoticeProof.employer_id.is_not_distinct_from(proof.place.employer_id))
        .where(NoticeProof.district == proof.place.district)
        .where(NoticeProof.starts_on == proof.span.starts_on)
        .where(NoticeProof.ends_on == proof.span.ends_on)
        .where(NoticeProofItem.revision_id.in_(proof.revision_ids))
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise Refused(N_("This file is there already."), "file")


def open_proof(by: Actor, proof_id: int, folder: Path) -> Opened:
    """Return the file of a proof; every download is recorded before it begins."""
    row = db.session.get(NoticeProof, proof_id)
    if row is None:
        raise Missing(proof_id)
    data = files.read(folder, row.file_key, row.file_sha256)
    record_opening(by, proof_id)
    return Opened(row.title, types.BY_KIND[row.kind].mimetype, data)


@transaction
def record_opening(by: Actor, proof_id: int) -> int:
    """Record that somebody took a copy of a proof."""
    row = db.session.get_one(NoticeProof, proof_id)
    after = {"digest": row.sha256}
    audits.record(by, "download", "notice_proof", proof_id, contest_id=row.contest_id, after=after)
    return proof_id


def list_proofs(contest_id: int) -> Sequence[NoticeProof]:
    """List the proofs of a contest, the newest first."""
    query = select(NoticeProof).where(NoticeProof.contest_id == contest_id)
    return db.session.scalars(query.order_by(NoticeProof.id.desc())).all()


def list_keys() -> set[str]:
    """List the keys of all kept files, so that none of them is swept away."""
    return set(db.session.scalars(select(NoticeProof.file_key)))
