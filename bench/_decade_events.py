"""One event of an edition of the ten years, with entries, results, awards, levels and marks."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bench._decade_sizes import (
    EMPLOYERS,
    PASSED,
    PRIZES,
    SEATS,
    TECHNICIANS,
    TIERS,
    Decade,
    at,
    store,
)
from models.awards import Award, LevelGrant
from models.contests import Division, Event, RuleVersion
from models.entries import Entry, EntryMember
from models.judging import Mark, PanelSeat, Sheet
from models.levels import LevelLine, PersonLevel
from models.results import Result, Revision
from models.works import Work
from rules.judges import SeatAnswer, SeatDuty
from rules.ranking import EntryStatus
from rules.schemes import Aspect, AspectKind, Part, Scheme, Section
from rules.states import EntryState, EventState, RevisionState, SheetState
from services.demo_events import EventSketch, edition_rules, plan_for, scheme_for


class EventOf:
    """One event of an edition with everything that came of it."""

    def __init__(
        self,
        decade: Decade,
        year: int,
        contest_id: int,
        list_id: int,
        sketch: EventSketch,
        place: int,
    ) -> None:
        self.decade, self.year, self.sketch, self.place = decade, year, sketch, place
        self.contest_id, self.list_id = contest_id, list_id
        self.scheme: Scheme = scheme_for(sketch)
        self.event_id = decade.next(Event)
        self.divisions = (decade.next(Division), decade.next(Division))
        self.version_id, self.revision_id = decade.next(RuleVersion), decade.next(Revision)
        self.entries: list[dict[str, Any]] = []
        self.totals: dict[int, int] = {}

    def add(self, people: list[int]) -> None:
        """Put the event in with its entries, results, awards and levels."""
        held_on = date(self.year, 6, 1) + timedelta(self.place)
        store(Event, [self._event(held_on)])
        titles = (("staff", "职工组"), ("student", "学生组"))
        store(
            Division,
            [
                {"id": key, "event_id": self.event_id, "code": code, "title": title, "position": n}
                for n, (key, (code, title)) in enumerate(zip(self.divisions, titles, strict=True))
            ],
        )
        store(RuleVersion, [self._version()])
        store(Revision, [self._revision()])
        self.entries = [self._entry(n, person) for n, person in enumerate(people, start=1)]
        members = [
            {
                "id": decade_id, "entry_id": entry["id"], "event_id": self.event_id,
                "person_id": person, "position": 1, "active": True,
            }
            for entry, person in zip(self.entries, people, strict=True)
            for decade_id in (self.decade.next(EntryMember),)
        ]  # fmt: skip
        store(Entry, self.entries)
        store(EntryMember, members)
        self._outcomes(dict(zip((one["id"] for one in self.entries), people, strict=True)))

    def _event(self, held_on: date) -> dict[str, Any]:
        return {
            "id": self.event_id,
            "contest_id": self.contest_id,
            "code": self.sketch.code,
            "title": self.sketch.title,
            "occupation": self.sketch.occupation,
            "standard_level": 3,
            "team_size": 1,
            "venue": "慈溪市公共实训中心",
            "held_on": held_on,
            "position": self.place,
            "state": EventState.FINAL,
            "scheme": self.scheme.model_dump(mode="json"),
            "plan": plan_for().model_dump(mode="json"),
            "version": 1,
        }

    def _version(self) -> dict[str, Any]:
        return {
            "id": self.version_id,
            "event_id": self.event_id,
            "number": 1,
            "scheme": self.scheme.model_dump(mode="json"),
            "plan": plan_for().model_dump(mode="json"),
            "edition": edition_rules().model_dump(mode="json"),
            "digest": "",
            "reason": "",
            "frozen_at": at(self.year, 2),
        }

    def _revision(self) -> dict[str, Any]:
        return {
            "id": self.revision_id,
            "event_id": self.event_id,
            "number": 1,
            "state": RevisionState.SIGNED,
            "rule_version_id": self.version_id,
            "digest": "",
            "reason": "",
            "computed_at": at(self.year, 7),
            "signed_at": at(self.year, 7),
        }

    def _entry(self, number: int, person: int) -> dict[str, Any]:
        # A fifth are students; a few in a hundred were turned away, gave up or did not come.
        chance = self.decade.random.random()
        is_student = person % 5 == 0
        competed = chance >= 0.04
        return {
            "id": self.decade.next(Entry),
            "event_id": self.event_id,
            "division_id": self.divisions[is_student],
            "employer_id": 1 + person % self.decade.many(EMPLOYERS),
            "number": f"{self.year}-{self.place:02d}-{number:05d}",
            "title": f"选手{person}",
            "state": EntryState.WITHDRAWN if chance < 0.01 else EntryState.ACCEPTED,
            "remark": "",
            "in_competition": True,
            "code": f"{number:05d}",
            "status": EntryStatus.COMPETED if competed else EntryStatus.ABSENT,
            "submitted_at": at(self.year, 3),
            "version": 1,
        }

    def _outcomes(self, people: dict[int, int]) -> None:
        results: list[dict[str, Any]] = []
        for division in self.divisions:
            there = [one for one in self.entries if one["division_id"] == division]
            there = [one for one in there if one["state"] is EntryState.ACCEPTED]
            came = [one for one in there if one["status"] is EntryStatus.COMPETED]
            missed = [one for one in there if one["status"] is not EntryStatus.COMPETED]
            # In thousandths; marks are normal around the pass mark, as they are in real lists.
            marks = {
                one["id"]: min(99_000, max(10_000, round(self.decade.random.gauss(61_500, 13_000))))
                for one in came
            }
            came.sort(key=lambda one: (-marks[one["id"]], one["id"]))
            results += [
                self._result(one, rank, marks[one["id"]]) for rank, one in enumerate(came, start=1)
            ]
            results += [self._result(one, None, None) for one in missed]
            self.totals |= marks
            self._awards(came, people)
            self._levels(came, people)
        store(Result, results)

    def _result(self, entry: dict[str, Any], rank: int | None, total: int | None) -> dict[str, Any]:
        mark = None if total is None else Decimal(total).scaleb(-3)
        parts = {} if mark is None else _parts(self.scheme, mark)
        return {
            "id": self.decade.next(Result),
            "revision_id": self.revision_id,
            "entry_id": entry["id"],
            "status": entry["status"],
            "total": mark,
            "parts": parts,
            "passed": None if total is None else total >= 60_000,
            "rank": rank,
            "award_rank": rank,
            "reached": 1,
        }

    def _awards(self, ranked: list[dict[str, Any]], people: dict[int, int]) -> None:
        rows = []
        for rank, entry in enumerate(ranked, start=1):
            share = rank / len(ranked)
            found = next(((n, one) for n, one in enumerate(TIERS, 1) if share <= one[2]), None)
            if found is None:
                break
            order, (tier, title, _share) = found
            honours = ["慈溪市技能之星"] if rank == 1 else []
            row = {
                "id": self.decade.next(Award), "revision_id": self.revision_id,
                "entry_id": entry["id"], "tier": tier, "tier_title": title, "tier_order": order,
                "amount": Decimal(PRIZES[tier]), "honours": honours, "shared": False,
            }  # fmt: skip
            rows.append(row)
            self.decade.prizes.append(
                row | {
                    "person_id": people[entry["id"]], "event_id": self.event_id, "year": self.year,
                    "employer": entry["employer_id"],
                }
            )  # fmt: skip
        store(Award, rows)

    def _levels(self, ranked: list[dict[str, Any]], people: dict[int, int]) -> None:
        grants, lines, held = [], [], []
        occupation = self.sketch.occupation
        for rank, entry in enumerate(ranked, start=1):
            share, person = rank / len(ranked), people[entry["id"]]
            if share > PASSED:
                break
            level = 2 if share <= TECHNICIANS else 3
            grant = self.decade.next(LevelGrant)
            grants.append(
                {
                    "id": grant, "revision_id": self.revision_id, "entry_id": entry["id"],
                    "person_id": person, "level": level, "reason": "",
                }
            )  # fmt: skip
            if (person, occupation, level) in self.decade.levels:
                continue
            self.decade.levels.add((person, occupation, level))
            line = self.decade.next(LevelLine)
            common = {"person_id": person, "occupation": occupation, "level": level}
            lines.append(
                common | {
                    "id": line, "list_id": self.list_id, "grant_id": grant, "problems": [],
                    "has_problem": False, "reason": "", "active": True,
                }
            )  # fmt: skip
            held.append(
                common | {
                    "id": self.decade.next(PersonLevel), "line_id": line,
                    "certificate_number": f"S{line:012d}", "granted_on": date(self.year, 10, 20),
                    "recorded_at": at(self.year, 11),
                }
            )  # fmt: skip
        store(LevelGrant, grants)
        store(LevelLine, lines)
        store(PersonLevel, held)

    def mark(self) -> None:
        """Add works, sheets and marks of all who competed."""
        seats = [self._seat(part, n) for part in self.scheme.parts for n in self._numbers(part)]
        store(PanelSeat, seats)
        works, sheets, marks = [], [], []
        for entry in self.entries:
            if entry["id"] not in self.totals:
                continue
            works.append(self._work(entry))
            for seat in seats:
                sheet = self._sheet(works[-1], seat)
                sheets.append(sheet)
                marks += self._marks(sheet["id"], seat, self.totals[entry["id"]])
        store(Work, works)
        store(Sheet, sheets)
        store(Mark, marks)

    def _numbers(self, part: Part) -> range:
        return range(1, 2 if part.entered_by == "clerk" else SEATS + 1)

    def _seat(self, part: Part, number: int) -> dict[str, Any]:
        names = ["clerk"] if part.entered_by == "clerk" else ["judge1", "judge2", "judge3"]
        return {
            "id": self.decade.next(PanelSeat),
            "event_id": self.event_id,
            "part": part.key,
            "number": number,
            "account_id": self.decade.accounts[names[number - 1]],
            "duty": SeatDuty.MEMBER,
            "answer": SeatAnswer.ACCEPTED,
            "is_leader": number == 1,
        }

    def _work(self, entry: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": self.decade.next(Work),
            "event_id": self.event_id,
            "division_id": entry["division_id"],
            "stage": "",
            "code": entry["code"],
            "entry_id": entry["id"],
            "status": EntryStatus.COMPETED,
            "remark": "",
        }

    def _sheet(self, work: dict[str, Any], seat: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": self.decade.next(Sheet),
            "event_id": self.event_id,
            "work_id": work["id"],
            "seat_id": seat["id"],
            "stage": "",
            "state": SheetState.SIGNED,
            "signed_at": at(self.year, 7),
            "version": 1,
        }

    def _marks(self, sheet_id: int, seat: dict[str, Any], total: int) -> Iterator[dict[str, Any]]:
        part = next(one for one in self.scheme.parts if one.key == seat["part"])
        for aspect in _aspects(part.sections):
            yield {
                "id": self.decade.next(Mark),
                "sheet_id": sheet_id,
                "aspect": aspect.key,
                "value": self._value(aspect, total),
                "version": 1,
                "updated_at": at(self.year, 7),
            }

    def _value(self, aspect: Aspect, total: int) -> Decimal:
        """Return a mark near the share of the whole that the entry reached."""
        share = min(1.0, max(0.0, total / 100_000 + self.decade.random.gauss(0, 0.12)))
        if aspect.kind is AspectKind.MEASUREMENT:
            return Decimal(round(share))
        if aspect.kind is AspectKind.JUDGEMENT:
            return Decimal(round(share * 3))
        return Decimal(round(share * float(aspect.maximum) * 2)) / 2


def _parts(scheme: Scheme, total: Decimal) -> dict[str, Any]:
    passed = total >= 60
    return {one.key: {"score": format(total, "f"), "passed": passed, "judges": []}
            for one in scheme.parts}  # fmt: skip


def _aspects(sections: Sequence[Section]) -> Iterator[Aspect]:
    for one in sections:
        yield from one.aspects
        yield from _aspects(one.sections)
