"""A room whose sheets are on paper, with the clerks who key them."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.accounts import Account
from models.contests import Contest
from models.database import db
from rules.days import DayRules
from rules.plans import EditionRules
from rules.schemes import Scheme
from services import contests, papers, papers_keying
from services.papers import Paper
from tests.builders import Builder
from tests.judging_rooms import Room, open_room

GOOD = {"A1": "52.5", "A2": "1", "A3": "2"}


@dataclass
class PaperRoom:
    """A room and its clerks."""

    room: Room
    clerks: list[Account]

    def papers(self) -> list[Paper]:
        """The paper sheets."""
        event = contests.get_event(self.room.event_id)
        return papers.find_papers(event.id, contests.scheme_of(event))

    def key(self, clerk: int, paper: Paper, values: Mapping[str, str] | None = None) -> int:
        """Let a clerk key a sheet."""
        by = self.room.by(self.clerks[clerk])
        return papers_keying.key_sheet(by, paper.sheet_id, GOOD if values is None else values)

    def blockers(self) -> list[str]:
        """What paper keeps the marks from being confirmed."""
        event = contests.get_event(self.room.event_id)
        return [str(one) for one in papers.list_blockers(event, contests.scheme_of(event))]


def use_double_keying(contest: Contest) -> None:
    """Have two clerks key each sheet."""
    rules = EditionRules(day=DayRules(double_keying=True))
    contest.rules = rules.model_dump(mode="json")
    db.session.commit()


def paper_room(
    build: Builder, double: bool = True, entries: int = 2, scheme: Scheme | None = None
) -> PaperRoom:
    """An open room, keyed twice if the edition says so, with three clerks."""
    room = open_room(build, entries, scheme)
    if double:
        use_double_keying(room.event.contest)
    return PaperRoom(room, [build.account("entry_clerk") for _ in range(3)])
