"""A call of a superior from its paper to the granted honour, told in small verbs."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from models.accounts import Account
from models.database import db
from models.honours import Honour
from models.nominations import Nomination, NominationCall
from models.people import Employer, Person
from rules.honours import HonourKind, HonourLevel, HonourSource, HonourVia
from rules.nomination_programmes import starting_rules
from rules.nomination_rules import CallRules
from rules.selections import EvidenceKind, Post, UnitKind
from rules.states import HonourState
from services import (
    calendars,
    nominations,
    nominations_candidates,
    nominations_files,
    nominations_forms,
    nominations_notices,
    nominations_outcomes,
    nominations_ranking,
    nominations_sending,
)
from services.acting import Actor, system
from services.attachments import Upload
from services.nominations import CallFacts
from services.nominations_blanks import blank_form
from services.nominations_candidates import Achievement, CandidateFacts
from services.nominations_outcomes import Outcome
from tests.builders import Builder

BEGIN = date(2026, 9, 1)
OWN_UNTIL, SUPERIOR_UNTIL = date(2026, 9, 30), date(2026, 10, 31)


def at(day: date) -> datetime:
    """Ten o'clock in China."""
    return datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)


def pdf(pages: int = 1) -> bytes:
    """A PDF with so many empty pages."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def picture(colour: str = "white") -> bytes:
    """A small picture."""
    target = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(target, "JPEG")
    return target.getvalue()


class NominationStory:
    """One bureau with two people, and a unit with an account."""

    def __init__(self, build: Builder, folder: Path) -> None:
        self.build, self.folder = build, folder
        calendars.seed(system(at(BEGIN)))
        self.one: Account = build.account("bureau_staff", title="经办")
        self.two: Account = build.account("bureau_staff", title="复核")
        self.employer: Employer = build.employer()
        self.unit: Account = build.account("employer", employer_id=self.employer.id)

    def first(self, day: date = BEGIN) -> Actor:
        """Who enters and checks."""
        return Actor(self.one.id, at(day))

    def second(self, day: date = BEGIN) -> Actor:
        """Who opens and approves."""
        return Actor(self.two.id, at(day))

    def own(self, day: date = BEGIN) -> Actor:
        """The unit."""
        return Actor(self.unit.id, at(day))

    def facts(self, **more: Any) -> CallFacts:
        """What the superior's paper says."""
        usual: dict[str, Any] = {
            "title": "第十七届高技能人才评选表彰",
            "level": HonourLevel.NATIONAL,
            "year": 2026,
            "superior": "人力资源和社会保障部",
            "document": "人社部函〔2026〕18号",
            "own_until": OWN_UNTIL,
            "superior_until": SUPERIOR_UNTIL,
        }
        return CallFacts(**(usual | more))

    def rules(self, key: str = "national", **more: Any) -> CallRules:
        """The rules that come with the program."""
        made = starting_rules(key, BEGIN)
        return made.model_copy(update={"sender": "慈溪市人力资源和社会保障局"} | more)

    def call(self, rules: CallRules | None = None, **more: Any) -> NominationCall:
        """An open call with an approved form for each list."""
        rules = rules or self.rules()
        key = nominations.write_call(self.first(), self.facts(**more), rules)
        for one in rules.lists:
            for form in one.forms:
                made = nominations_forms.upload_form(
                    self.first(), key, one.key, form.key, blank_form(), self.folder
                )
                nominations_forms.approve_form(self.second(), made)
        nominations.open_call(self.second(), key)
        return nominations.get_call(key)

    def worker(self, level: int = 1, **more: Any) -> Person:
        """Somebody of the unit with a skill level."""
        return self.build.person(held_level=level, employer_id=self.employer.id, **more)

    def honour(
        self,
        person: Person,
        title: str,
        level: HonourLevel,
        day: date = date(2022, 12, 1),
        kind: HonourKind = HonourKind.TITLE,
    ) -> Honour:
        """A title that stands in the register."""
        row = Honour(
            person_id=person.id,
            title=title,
            kind=kind,
            level=level,
            granted_by="浙江省人力资源和社会保障厅",
            granted_on=day,
            programme=title,
            year=day.year,
            via=HonourVia.SELECTION,
            source=HonourSource.EXTERNAL,
            document="浙人社发〔2022〕5号",
            state=HonourState.STANDING,
            recorded_at=at(day),
        )
        made: Honour = self.build._kept(row)
        return made

    def said(self, **more: Any) -> CandidateFacts:
        """What staff or the unit enter of a fit candidate."""
        usual: dict[str, Any] = {
            "reasons": "技艺精湛，在同行中享有声望。",
            "merits": "扎根一线二十年。\n攻克技术难题十余项，带徒十二人。",
            "post": Post.FRONT_LINE,
            "unit_kind": UnitKind.COMPANY,
            "occupation": "钳工",
            "trade_since": date(2005, 7, 1),
            "retires_on": date(2045, 5, 1),
            "central": False,
            "evidence": (Achievement(EvidenceKind.PATENT, "一种精密夹具", date(2023, 5, 4)),),
        }
        return CandidateFacts(**(usual | more))

    def nominated(
        self,
        call: NominationCall,
        list_key: str,
        person: Person | None = None,
        papers: bool = True,
        **more: Any,
    ) -> Nomination:
        """A candidate of the bureau, with all papers or none."""
        person = person or self.worker()
        key = nominations_candidates.nominate(self.first(), call.id, list_key, person.id)
        nominations_candidates.edit_candidate(self.first(), key, self.said(**more))
        row = nominations_candidates.get_nomination(key)
        if papers:
            self.papers(row)
        return row

    def papers(self, row: Nomination, by: Actor | None = None) -> None:
        """Every material of the list: pictures, and at last a PDF of three pages."""
        one = nominations.rules_of(row.call).find(row.list_key)
        for number, material in enumerate(one.materials):
            is_last = number == len(one.materials) - 1
            data = pdf(3) if is_last else picture(f"#{number * 60 + 40:02x}8040")
            name = "材料.pdf" if is_last else "证书.jpg"
            nominations_files.attach(
                by or self.first(), row.id, material.key, Upload(name, data), self.folder
            )

    def checked(self, *rows: Nomination) -> None:
        """The first of the bureau finds every clause fulfilled."""
        for row in rows:
            nominations_candidates.check(self.first(), row.id)

    def ranked(self, call: NominationCall, list_key: str, *rows: Nomination) -> None:
        """An order of a list."""
        ranks: Mapping[int, int] = {row.id: place for place, row in enumerate(rows, start=1)}
        nominations_ranking.rank(self.first(), call.id, list_key, ranks)

    def noticed(self, call: NominationCall, day: date = date(2026, 9, 7)) -> date:
        """The names stand in a notice; return the first day after it."""
        key = nominations_notices.post_notice(self.first(day), call.id, "职业能力建设科 0574-0")
        return nominations_notices.public_notice(key).notice.ends_on + timedelta(days=1)

    def approved(self, call: NominationCall, day: date = date(2026, 9, 7)) -> date:
        """The notice has ended, and the second of the bureau approved."""
        after = self.noticed(call, day)
        nominations_notices.approve_names(self.second(after), call.id)
        return after

    def sent(self, call: NominationCall, day: date = date(2026, 9, 7)) -> date:
        """All papers went to the superior."""
        after = self.approved(call, day)
        nominations_sending.send(self.first(after), call.id, "", self.folder)
        return after

    def answered(
        self, call: NominationCall, granted: Mapping[int, bool], day: date = date(2026, 12, 1)
    ) -> None:
        """The superior's decision is entered with its scan."""
        outcome = Outcome(day, "人社部发〔2026〕90号", granted)
        proof = Upload("决定.pdf", pdf(2))
        nominations_outcomes.record_outcome(self.first(day), call.id, outcome, proof, self.folder)

    def state(self, row: Nomination) -> str:
        """The state as the database has it."""
        db.session.expire_all()
        return nominations_candidates.get_nomination(row.id).state
