"""Where signed results are in the chain of notices of their edition (R3.07)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.awards import Award
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.notices import Notice, NoticeItem, NoticeProof, NoticeProofItem
from models.people import Employer
from models.results import Revision
from rules.data import InvalidRules
from rules.notice_chains import (
    LevelFacts,
    LevelStanding,
    NoticeLevel,
    Posted,
    Span,
    next_posted,
    posting_problems,
    standings,
)
from rules.plans import EditionRules
from rules.refusals import Refused
from rules.states import EventState, NoticeState, RevisionState
from rules.texts import N_
from services import objections_holds, objections_restarts

WHOLE = ""
Levels = Sequence[NoticeLevel]
Chain = list[LevelStanding]


class Place(NamedTuple):
    """Of whom a proof is: an employer, a district, or neither for the whole list."""

    employer_id: int | None = None
    district: str = ""

    @property
    def key(self) -> str:
        """Return the place as a text that a form can carry."""
        if self.employer_id is not None:
            return f"employer:{self.employer_id}"
        return f"district:{self.district}" if self.district else WHOLE

    @classmethod
    def read(cls, key: str) -> "Place":
        """Return the place that a text stands for; an unknown text is the whole list."""
        kind, _, rest = key.partition(":")
        if kind == "employer" and rest.isdecimal() and len(rest) < 10:
            return cls(employer_id=int(rest))
        return cls(district=rest) if kind == "district" else cls()


class Stage(NamedTuple):
    """An event with signed results, and how far it is at each level."""

    event: Event
    revision: Revision
    chain: Chain


def list_stages(contest_id: int, levels: Levels) -> list[Stage]:
    """List the events of a contest that have signed results, each with its chain."""
    query = (
        select(Revision)
        .join(Revision.event)
        .options(joinedload(Revision.event))
        .where(Event.contest_id == contest_id, Revision.state == RevisionState.SIGNED)
        .where(Event.state.in_((EventState.SIGNED, EventState.NOTICE, EventState.FINAL)))
        .order_by(Event.position, Event.id)
    )
    revisions = db.session.scalars(query).all()
    chains = chains_of(levels, [one.id for one in revisions])
    return [Stage(one.event, one, chains[one.id]) for one in revisions]


def chains_of(levels: Levels, revision_ids: Collection[int]) -> dict[int, Chain]:
    """Return for each revision how far it is at each level; the number of statements is fixed."""
    required = _required(levels, revision_ids)
    proofs, posted = _proofs(revision_ids), _posted(revision_ids)
    return {
        revision_id: standings(
            levels,
            {
                level.code: LevelFacts(
                    required[revision_id, level.proof],
                    proofs[revision_id, level.code],
                    posted.get((revision_id, level.code)),
                )
                for level in levels
            },
        )
        for revision_id in revision_ids
    }


def _required(
    levels: Levels, revision_ids: Collection[int]
) -> Mapping[tuple[int, str], Mapping[str, str]]:
    """Return who owes a proof for each list; people without an employer have no unit to ask."""
    found: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    query = (
        select(Award.revision_id, Employer.id, Employer.title, Employer.district)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Employer, Employer.id == Entry.employer_id)
        .where(Award.revision_id.in_(revision_ids))
        .distinct()
    )
    for revision_id, employer_id, title, district in db.session.execute(
        query.order_by(Employer.id)
    ):
        found[revision_id, "employer"][Place(employer_id).key] = title
        found[revision_id, "district"][Place(district=district).key] = district
    for revision_id in revision_ids:
        found[revision_id, "whole"][WHOLE] = ""
    return found


def _proofs(revision_ids: Collection[int]) -> Mapping[tuple[int, str], dict[str, Span]]:
    """Return the proofs of each list by level and place; of several the newest counts."""
    found: dict[tuple[int, str], dict[str, Span]] = defaultdict(dict)
    query = (
        select(NoticeProofItem.revision_id, NoticeProof)
        .join(NoticeProof, NoticeProof.id == NoticeProofItem.proof_id)
        .where(NoticeProofItem.revision_id.in_(revision_ids))
    )
    for revision_id, proof in db.session.execute(query.order_by(NoticeProof.id)):
        key = Place(proof.employer_id, proof.district).key
        found[revision_id, proof.level][key] = Span(proof.starts_on, proof.ends_on)
    return found


def _posted(revision_ids: Collection[int]) -> dict[tuple[int, str], Posted]:
    query = (
        select(NoticeItem.revision_id, Notice)
        .join(Notice, Notice.id == NoticeItem.notice_id)
        .where(NoticeItem.revision_id.in_(revision_ids), NoticeItem.taken_out_at.is_(None))
        .where(Notice.state != NoticeState.WITHDRAWN)
    )
    rows = [(row[0], row[1]) for row in db.session.execute(query.order_by(Notice.id))]
    held = objections_holds.open_at({notice.id for _, notice in rows})
    return {
        (revision_id, notice.level): Posted(
            notice.starts_on,
            notice.ends_on,
            notice.state is NoticeState.CLOSED,
            tuple(held.get(notice.id, ())),
        )
        for revision_id, notice in rows
    }


class Terms(NamedTuple):
    """Under which terms a notice is posted; its level is empty where there is no chain."""

    level: str
    working_days: int
    count_first_day: bool


def terms_of(rules: EditionRules, revisions: Sequence[Revision], starts_on: date) -> Terms:
    """Return the terms of a notice of these results; refuse what the chain does not allow."""
    if not rules.notice_levels:
        days = objections_restarts.days_needed(rules, revisions)
        return Terms("", days, rules.count_first_day)
    level = level_to_post(rules.notice_levels, revisions, starts_on)
    return Terms(level.code, level.working_days, level.count_first_day)


def level_to_post(levels: Levels, revisions: Sequence[Revision], starts_on: date) -> NoticeLevel:
    """Return the level at which these results are to be posted; refuse with every reason."""
    if not revisions:
        raise Refused(N_("Choose at least one event."), "revision_ids")
    chains = chains_of(levels, [one.id for one in revisions])
    found = {one.id: next_posted(chains[one.id]) for one in revisions}
    codes = {level.code for level in found.values() if level is not None}
    if len(codes) > 1 or None in found.values():
        raise Refused(
            N_("These events are at different levels of the chain; post them apart."),
            "revision_ids",
        )
    level = next(level for level in levels if level.code in codes)
    problems = {
        f"{one.event.title}{problem.message}{problem.params}": Refused(
            N_("%(event)s: %(problem)s"), problem.field, event=one.event.title, problem=problem
        )
        for one in revisions
        for problem in posting_problems(chains[one.id], level.code, starts_on)
    }
    if problems:
        raise InvalidRules(list(problems.values()))
    return level


def ready(levels: Levels, revisions: Sequence[Revision], today: date) -> list[int]:
    """Return the results that can be posted together today: those at the first open level."""
    if not levels:
        return [one.id for one in revisions]
    chains = chains_of(levels, [one.id for one in revisions])
    for level in levels:
        free = [
            key
            for key, chain in chains.items()
            if next_posted(chain) == level and not posting_problems(chain, level.code, today)
        ]
        if free:
            return free
    return []


def is_final(levels: Levels, code: str) -> bool:
    """Say whether a notice of this level makes results final: only the last one does."""
    return not levels or code in ("", levels[-1].code)
