"""Past contests from the bureau's lists: one row an entrant, previewed, confirmed, undone whole."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from models.database import db
from models.people import Employer, Person
from models.provincial import (
    ProvincialContest,
    ProvincialEvent,
    ProvincialImport,
    ProvincialResult,
    ProvincialSlot,
    ProvincialSlotMember,
)
from rules.identity import IdKind, parse_id
from rules.people import SEX_OF, PersonFacts, parse_name
from rules.provincial import (
    IMPORT_MOVES,
    EntrantStatus,
    EventFormat,
    ProvincialImportKind,
    ProvincialImportState,
    ProvincialLevel,
    ProvincialState,
    ResultState,
    SlotSource,
    SlotState,
)
from rules.provincial_imports import medal_of, rank_of
from rules.provincial_rules import ProvincialRules
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from services import audits, people
from services.acting import Actor
from services.histories_undoing import referred
from services.provincial_slots import new_reference
from services.transaction import transaction
from services.workbooks import Column, Row, read_table

SUBJECT = "provincial_import"
COLUMNS = (
    Column("contest", ("竞赛名称", "Contest"), required=True),
    Column("year", ("年份", "Year"), required=True, kind="integer"),
    Column("level", ("级别", "Level")),
    Column("organiser", ("主办单位", "Organiser")),
    Column("delegation", ("代表队", "Delegation")),
    Column("teams", ("参赛队数", "Delegations"), kind="integer"),
    Column("event", ("赛项", "Event"), required=True),
    Column("format", ("形式", "Format")),
    Column("demonstration", ("示范赛", "Demonstration")),
    Column("team", ("队伍", "Team")),
    Column("name", ("姓名", "Name"), required=True),
    Column("id_number", ("身份证号", "Identity number"), kind="digits"),
    Column("employer", ("单位", "Employer")),
    Column("company", ("企业职工", "Company staff")),
    Column("status", ("身份", "Status")),
    Column("rank", ("名次", "Rank")),
    Column("prize", ("奖项", "Prize")),
    Column("document", ("文号", "Document")),
)
_LEVELS = {"": "province", "省": "province", "省级": "province", "国家": "nation",
           "国家级": "nation", "世界": "world", "世界级": "world"}  # fmt: skip
_FORMATS = {"": "single", "单人": "single", "双人": "pair", "三人": "triple"}
_STATUSES = {"": "staff", "职工": "staff", "教师": "teacher", "学生": "student"}
_YES, _NO = ("是", "yes", "企业"), ("", "否", "no")
NOT_KNOWN = N_("%(column)s: %(value)s is not known here.")


def read_history(data: bytes, filename: str, today: date) -> list[dict[str, Any]]:
    """Read a list of past entrants; each row carries what is wrong in it."""
    table = read_table(data, filename, COLUMNS)
    if table.problems:
        raise table.problems[0]
    return [_read(row, today) for row in table.rows]


def _read(row: Row, today: date) -> dict[str, Any]:
    text = {
        key: str(value if value is not None else "").strip() for key, value in row.values.items()
    }
    problems = [str(one) for one in row.problems]
    for key, words in (("level", _LEVELS), ("format", _FORMATS), ("status", _STATUSES)):
        if text[key] not in words:
            problems.append(str(Refused(NOT_KNOWN, column=key, value=text[key])))
        text[key] = words.get(text[key], "")
    for key in ("company", "demonstration"):
        if text[key].lower() not in (*_YES, *_NO):
            problems.append(str(Refused(NOT_KNOWN, column=key, value=text[key])))
    problems += _person_problems(text, today)
    return {"row": row.number, "problems": problems, **text}


def _person_problems(text: Mapping[str, str], today: date) -> Iterator[str]:
    try:
        parse_name(text["name"])
        if text["id_number"]:
            parse_id(IdKind.RESIDENT, text["id_number"], today)
    except Refused as problem:
        yield str(problem)


@transaction
def preview_history(by: Actor, data: bytes, filename: str) -> int:
    """Keep a list of past entrants until somebody confirms it; nothing of it counts before."""
    rows = read_history(data, filename, by.today)
    digest = hashlib.sha256(data).hexdigest()
    same = select(ProvincialImport.id).where(
        ProvincialImport.digest == digest,
        ProvincialImport.state == ProvincialImportState.CONFIRMED,
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise Refused(N_("This file was taken over already."), "file")
    made = ProvincialImport(
        kind=ProvincialImportKind.HISTORY,
        filename=filename[:200],
        digest=digest,
        rows=rows,
        row_count=len(rows),
        problem_count=sum(bool(one["problems"]) for one in rows),
        before={},
        created_at=by.now,
        account_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    after = {"rows": made.row_count, "problems": made.problem_count, "digest": digest}
    audits.record(by, "preview", SUBJECT, made.id, after=after)
    return made.id


@transaction
def confirm_history(by: Actor, import_id: int) -> int:
    """Take a previewed list over: contests, events, entrants, results; return its id."""
    batch = locked_import(import_id)
    batch.state = moved(IMPORT_MOVES, batch.state, ProvincialImportState.CONFIRMED)
    if batch.problem_count:
        raise Refused(N_("Mend the rows with problems in the file, and read it again."))
    maker = _Maker(by, batch.id)
    for row in batch.rows:
        maker.add(row)
    db.session.flush()
    batch.before = maker.made()
    batch.settled_at, batch.settled_by_id = by.now, by.account_id
    after = {key: len(ids) for key, ids in batch.before.items()}
    audits.record(by, "confirm", SUBJECT, import_id, after=after)
    return import_id


@dataclass
class _Team:
    slot: ProvincialSlot
    count: int = 0


class _Maker:
    """Makes rows of a list, each contest, event and team once."""

    def __init__(self, by: Actor, import_id: int) -> None:
        self.by, self.import_id = by, import_id
        self.contests: dict[tuple[str, int], ProvincialContest] = {}
        self.events: dict[tuple[int, str, str], ProvincialEvent] = {}
        self.teams: dict[tuple[int, str], _Team] = {}
        self.employers: dict[str, int] = {}
        # Whom nobody knew before: they go when the list is undone.
        self.new_people: list[int] = []
        self.new_employers: list[int] = []

    def add(self, row: Mapping[str, Any]) -> None:
        """Add one entrant."""
        contest = self._contest(row)
        event = self._event(contest, row)
        team = self._team(contest, event, row)
        team.count += 1
        name = parse_name(row["name"])
        names = [part for part in team.slot.title.split("、") if part]
        team.slot.title = people.entry_title([*names, name])
        person = self._person(row) if row["id_number"] else None
        db.session.add(
            ProvincialSlotMember(
                slot_id=team.slot.id, event_id=event.id, person_id=person, name=name,
                position=team.count,
            )
        )  # fmt: skip

    def _contest(self, row: Mapping[str, Any]) -> ProvincialContest:
        key = (row["contest"], int(row["year"]))
        if key not in self.contests:
            self._refuse_known(*key)
            year = key[1]
            made = ProvincialContest(
                code=f"H{self.import_id}-{len(self.contests) + 1}",
                title=key[0][:120],
                year=year,
                level=ProvincialLevel(row["level"]),
                organiser=row["organiser"],
                delegation_title=row["delegation"],
                document=row["document"],
                starts_on=date(year, 1, 1),
                ends_on=date(year, 12, 31),
                state=ProvincialState.CLOSED,
                rules=ProvincialRules().model_dump(mode="json"),
                created_at=self.by.now,
            )
            self.contests[key] = self._kept(made)
        return self.contests[key]

    def _refuse_known(self, title: str, year: int) -> None:
        query = select(ProvincialContest.id).where(
            ProvincialContest.title == title, ProvincialContest.year == year
        )
        if db.session.scalar(query.limit(1)) is not None:
            text = N_("%(title)s of %(year)s is there already.")
            raise Refused(text, title=title, year=year)

    def _event(self, contest: ProvincialContest, row: Mapping[str, Any]) -> ProvincialEvent:
        key = (contest.id, row["event"], row["format"])
        if key not in self.events:
            place = sum(one[0] == contest.id for one in self.events) + 1
            made = ProvincialEvent(
                contest_id=contest.id,
                code=f"{place:02d}",
                title=row["event"][:60],
                format=EventFormat(row["format"]),
                is_demonstration=row["demonstration"].lower() in _YES,
                teams=int(row["teams"]) if row["teams"] else None,
                position=place,
            )
            self.events[key] = self._kept(made)
        return self.events[key]

    def _team(
        self, contest: ProvincialContest, event: ProvincialEvent, row: Mapping[str, Any]
    ) -> _Team:
        key = (event.id, row["team"] or f"row {row['row']}")
        if key not in self.teams:
            slot = ProvincialSlot(
                event_id=event.id,
                reference=new_reference(contest.code),
                title="",
                state=SlotState.COMPETED,
                status=EntrantStatus(row["status"]),
                of_company=row["company"].lower() in _YES,
                employer_id=self._employer(row["employer"]),
                source=SlotSource.HISTORY,
                added_at=self.by.now,
                added_by_id=self.by.account_id,
            )
            self.teams[key] = _Team(self._kept(slot))
            if row["rank"] or row["prize"]:
                self._result(slot, row)
        return self.teams[key]

    def _result(self, slot: ProvincialSlot, row: Mapping[str, Any]) -> None:
        db.session.add(
            ProvincialResult(
                slot_id=slot.id,
                rank=rank_of(row["rank"]),
                medal=medal_of(row["prize"]),
                prize=row["prize"][:40],
                document=row["document"] or row["contest"],
                state=ResultState.CONFIRMED,
                recorded_at=self.by.now,
                confirmed_at=self.by.now,
                recorded_by_id=self.by.account_id,
                import_id=self.import_id,
            )
        )

    def _employer(self, title: str) -> int | None:
        if not title:
            return None
        if title not in self.employers:
            found = db.session.scalar(select(Employer.id).where(Employer.title == title))
            if found is None:
                found = self._kept(Employer(title=title, created_at=self.by.now)).id
                self.new_employers.append(found)
            self.employers[title] = found
        return self.employers[title]

    def _person(self, row: Mapping[str, Any]) -> int:
        number = parse_id(IdKind.RESIDENT, row["id_number"], self.by.today)
        facts = PersonFacts(
            parse_name(row["name"]), IdKind.RESIDENT, number.normalized,
            birth_date=number.birth_date, sex=SEX_OF[number.sex],
        )  # fmt: skip
        is_known = people.find_person(number.normalized) is not None
        person_id = people.add_person(self.by, facts)
        if not is_known:
            self.new_people.append(person_id)
        return person_id

    def _kept(self, row: Any) -> Any:
        db.session.add(row)
        db.session.flush()
        return row

    def made(self) -> dict[str, list[int]]:
        """Return what was made, so that all of it can be undone."""
        return {
            "contests": [one.id for one in self.contests.values()],
            "events": [one.id for one in self.events.values()],
            "slots": [one.slot.id for one in self.teams.values()],
            "people": self.new_people,
            "employers": self.new_employers,
        }


@transaction
def undo_history(by: Actor, import_id: int, *, reason: str) -> int:
    """Undo a whole list: its contests, events, entrants and results go.

    People and employers that it made go too, but for those on whom anything else builds by now.
    """
    batch = locked_import(import_id)
    check_reason(reason)
    if batch.kind is not ProvincialImportKind.HISTORY:
        raise Missing(import_id)
    batch.state = moved(IMPORT_MOVES, batch.state, ProvincialImportState.UNDONE)
    made = batch.before
    tables: Sequence[tuple[Any, Any, str]] = (
        (ProvincialResult, ProvincialResult.slot_id, "slots"),
        (ProvincialSlotMember, ProvincialSlotMember.slot_id, "slots"),
        (ProvincialSlot, ProvincialSlot.id, "slots"),
        (ProvincialEvent, ProvincialEvent.id, "events"),
        (ProvincialContest, ProvincialContest.id, "contests"),
    )
    for table, column, key in tables:
        for part in people.chunks(made[key]):
            db.session.execute(delete(table).where(column.in_(part)))
    gone = {"people": _forget(Person, made.get("people", []))}
    gone["employers"] = _forget(Employer, made.get("employers", []))
    batch.before, batch.reason = {}, reason
    batch.settled_at, batch.settled_by_id = by.now, by.account_id
    audits.record(by, "undo", SUBJECT, import_id, after={"reason": reason, **gone})
    return import_id


def _forget(model: type[Person | Employer], ids: Sequence[int]) -> int:
    """Delete those of these rows that nothing names any more; return how many."""
    free = sorted({*ids} - {*referred(model, ids)})
    for part in people.chunks(free):
        db.session.execute(delete(model).where(model.id.in_(part)))
    db.session.expire_all()
    return len(free)


@transaction
def discard_import(by: Actor, import_id: int) -> int:
    """Put a file away that was not confirmed, with what it said."""
    batch = locked_import(import_id)
    batch.state = moved(IMPORT_MOVES, batch.state, ProvincialImportState.DISCARDED)
    batch.rows = []
    audits.record(by, "discard", SUBJECT, import_id)
    return import_id


def locked_import(import_id: int) -> ProvincialImport:
    """Part: lock a file; raise Missing."""
    row = db.session.get(ProvincialImport, import_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(import_id)
    return row


def get_import(import_id: int) -> ProvincialImport:
    """Return a file; raise Missing."""
    row = db.session.get(ProvincialImport, import_id)
    if row is None:
        raise Missing(import_id)
    return row


def list_imports(kind: ProvincialImportKind) -> Sequence[ProvincialImport]:
    """List the files of a kind, the newest first."""
    query = select(ProvincialImport).where(ProvincialImport.kind == kind)
    return db.session.scalars(query.order_by(ProvincialImport.id.desc()).limit(100)).all()
