"""A contest of very many people, led to its end, whose secrets a test knows."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from flask import current_app
from PIL import Image
from sqlalchemy import insert, update

from models.awards import Award
from models.certificates import Certificate
from models.contests import Contest, Event, RuleVersion
from models.database import Base, db
from models.entries import Entry
from models.messages import Message
from models.payouts import BankAccount
from models.people import Person
from models.provincial import (
    ProvincialContest,
    ProvincialEvent,
    ProvincialResult,
    ProvincialSlot,
    ProvincialSlotMember,
)
from models.results import Result, Revision
from models.works import Work
from rules.days import DayRules
from rules.draws import LotKind
from rules.identity import IdKind
from rules.objections import Conclusion, Filing
from rules.payees import AccountKind
from rules.people import PersonFacts
from rules.plans import EditionRules, EventPlan, default_event_plan
from rules.provincial import (
    EntrantStatus,
    EventFormat,
    ProvincialLevel,
    ProvincialState,
    ResultState,
    SlotSource,
    SlotState,
)
from rules.ranking import EntryStatus
from rules.selections import RoundState
from rules.states import (
    CertificateState,
    ContestState,
    EntryState,
    EventState,
    RevisionState,
)
from services import (
    accounts_inviting,
    certificates,
    certificates_issuing,
    certificates_layouts,
    claims,
    directories,
    notices,
    objections,
    objections_files,
    objections_handling,
    statements,
)
from services.acting import Actor
from services.attachments import Upload
from services.certificates_numbers import take_part
from services.claims import Asked
from services.demo_names import person_name
from services.entries_bulk import NewEntry, add_entries
from services.people import bulk_people, chunks, person_index, table_of
from tests.builders import Builder, first_stage
from tests.hall_rooms import contest_with, drawn, laid_out
from tests.leak_forms import make_card, make_id
from tests.leaks import Secrets
from tests.results_story import AFTER, NOW, TODAY, Story
from tests.selection_bulk import add_application, add_proposal, add_round
from tests.workshop_rows import add_master, add_pair, add_workshop

REGIONS = ("330282", "330281", "330212", "341222", "411481", "362330", "522401", "110105")
# Words that may stand nowhere in public: what objectors say of themselves, mail addresses.
OBJECTOR, MAIL = "郑国平异议人", "cen.jianguo@example.cn"
SHARES = (("一等奖", 10, "1000"), ("二等奖", 20, "500"), ("三等奖", 70, "100"))


def make_people(count: int, seed: int = 1) -> list[tuple[PersonFacts, str]]:
    """Make up people and a bank card for each; numbers can belong to nobody (order code 000).

    Some share a name, some have rare characters or a dot in it, some numbers end in X, and the
    older ones have the numbers that once had fifteen digits.
    """
    random, used = Random(seed), set[str]()
    found: list[tuple[PersonFacts, str]] = []
    while len(found) < count:
        born = date(1960, 1, 1) + timedelta(days=random.randrange(17_000))
        number = make_id(random.choice(REGIONS), born, 0)
        if number in used:
            continue
        used.add(number)
        sex = random.choice("MF")
        name = person_name(random, sex) if random.random() > 0.02 else "陈伟"
        phone = random.choice(("139", "158", "177", "199")) + f"0{random.randrange(10**7):07d}"
        card = make_card("622000" + f"{random.randrange(10**9):09d}{'0' * random.randrange(4)}")
        facts = PersonFacts(name, IdKind.RESIDENT, number, phone, None, born, sex)
        found.append((facts, card))
    return found


def plan() -> EventPlan:
    """Everybody gets an award, so that everybody stands in public lists; honours ask for ages."""
    tiers = [
        {"key": f"t{place}", "name": name, "share": share, "amount": amount}
        for place, (name, share, amount) in enumerate(SHARES, start=1)
    ]
    honours = [
        {"title": "青年岗位能手", "granted_by": "团市委", "oldest": 35},
        {"title": "巾帼标兵", "granted_by": "妇联", "sex": "F"},
    ]
    awards = {"tiers": tiers, "share_rounding": "ceiling", "honours": honours}
    usual = default_event_plan().model_dump()
    return EventPlan.model_validate(usual | {"awards": awards, "tie_breaks": ()})


class Crowd:
    """The contest, its people, and what was made of it.

    A part of them goes the whole way through the services, from marks to certificates; the others
    get the rows that such a way leaves, in bulk.
    """

    def __init__(self, build: Builder, count: int, events: int = 10, played: int = 60) -> None:
        self.build = build
        self.edition = EditionRules(day=DayRules(board="live", board_names=True))
        self.contest: Contest = build.contest(ContestState.PUBLISHED)
        statements.make_key(build.actor(now=NOW))
        self.people = make_people(count)
        self.employer = build.employer(contact_phone="13900000001")
        known = [(facts, self.employer.id) for facts, _ in self.people]
        self.ids = bulk_people(Actor(None, NOW), known)
        self._bank()
        self.secrets = [
            Secrets(
                key,
                facts.name,
                facts.id_number,
                facts.birth_date,
                facts.phone or "",
                card,
                (person_index(facts.id_number),),
            )
            for key, (facts, card) in zip(self.ids, self.people, strict=True)
        ]
        self.story = self._story(build.contest(ContestState.PUBLISHED), range(played))
        self._mark(self.story)
        self._finish(self.story)
        size = max(1, -(-(count - played) // events))
        for start in range(played, count, size):
            self._fill(self._story(self.contest, range(start, min(start + size, count))))
        self._close()
        self._claim(min(5, played - 1))
        self._teach()
        self._select()
        self._go_higher()
        self._beside()

    def _teach(self) -> None:
        """Let the first of the crowd lead a workshop in which others learn."""
        leader, master, learner = (db.session.get_one(Person, key) for key in self.ids[:3])
        host = {"employer_id": self.employer.id}
        self.workshop = add_workshop(self.build, leader, about="承担技术攻关。", **host)
        add_master(self.workshop, master)
        add_pair(self.build, leader, learner, workshop_id=self.workshop.id, **host)
        tiles = [directories.Tile(self.workshop.district, 1, 1)]
        directories.save_map(self.build.actor(now=NOW), tiles, [])

    def _go_higher(self) -> None:
        """Let the first of the crowd win in a contest of the province."""
        contest = ProvincialContest(
            code="P1", title="省大赛", level=ProvincialLevel.PROVINCE, year=NOW.year, rules={},
            organiser="省人社厅", starts_on=NOW.date(), ends_on=NOW.date(), created_at=NOW,
            state=ProvincialState.CLOSED, is_public=True,
        )  # fmt: skip
        contest.events = [ProvincialEvent(code="1", title="钳工", format=EventFormat.SINGLE)]
        db.session.add(contest)
        db.session.flush()
        for key, (facts, _) in zip(self.ids[:5], self.people[:5], strict=True):
            slot = ProvincialSlot(
                event_id=contest.events[0].id, reference=f"P1-{key:06d}", title=facts.name,
                state=SlotState.COMPETED, status=EntrantStatus.STAFF, source=SlotSource.BY_HAND,
                reason=f"{facts.id_number} {facts.phone}", added_at=NOW,
                employer_id=self.employer.id,
            )  # fmt: skip
            slot.members = [ProvincialSlotMember(person_id=key, event_id=slot.event_id)]
            slot.result = ProvincialResult(
                rank=1, prize="一等奖", recorded_at=NOW, confirmed_at=NOW,
                state=ResultState.CONFIRMED,
            )  # fmt: skip
            db.session.add(slot)
        db.session.commit()
        self.higher = contest.id

    def _select(self) -> None:
        """Choose the first of the crowd in a round; what they wrote says all about them."""
        self.round = add_round(self.build, NOW.date(), RoundState.DECIDED)
        chosen = [
            add_application(
                self.round,
                key,
                self.employer.id,
                answers={"about": f"{facts.id_number} {facts.phone} {facts.birth_date}"},
            )
            for key, (facts, _) in zip(self.ids[:5], self.people[:5], strict=True)
        ]
        add_proposal(self.round, chosen)

    def _bank(self) -> None:
        """Store everybody's bank card."""
        clerk = self.build.account("payer")
        rows = [
            {
                "person_id": key,
                "kind": AccountKind.CARD,
                "holder": facts.name,
                "number": card,
                "last_four": card[-4:],
                "bank": "慈溪农村商业银行",
                "branch": "",
                "bank_code": "",
                "consent": "",
                "paper": "收款信息确认表",
                "entered_at": NOW,
                "entered_by_id": clerk.id,
            }
            for key, (facts, card) in zip(self.ids, self.people, strict=True)
        ]
        _insert(BankAccount, rows)
        db.session.commit()

    def _story(self, contest: Contest, places: Sequence[int]) -> Story:
        story = Story(self.build, plan=plan(), edition=self.edition, contest=contest)
        event = story.event
        rows = [
            NewEntry(
                event.id,
                event.divisions[place % 2].id,
                self.employer.id,
                self.people[place][0].name,
                (self.ids[place],),
                EntryState.ACCEPTED,
            )
            for place in places
        ]
        self.entered = add_entries(Actor(None, NOW), {event.id: event.code}, rows)
        db.session.commit()
        return story

    def _fill(self, story: Story) -> None:
        """Store signed results and awards as they are after computing."""
        event, version = story.event, db.select(RuleVersion.id)
        revision = Revision(
            event_id=event.id,
            number=1,
            state=RevisionState.SIGNED,
            rule_version_id=db.session.scalars(version.filter_by(event_id=event.id)).one(),
            digest="d" * 64,
            computed_at=NOW,
            signed_at=NOW,
        )
        db.session.add(revision)
        event.state = EventState.SIGNED
        db.session.flush()
        _insert(Result, [_result(revision.id, *pair) for pair in enumerate(self.entered, 1)])
        _insert(Award, [_award(revision.id, *pair) for pair in enumerate(self.entered, 1)])

    def _mark(self, story: Story) -> None:
        """Give each entry a work and signed marks, no two the same."""
        event, stage = story.event, first_stage(story.event)
        for place, key in enumerate(self.entered):
            entry = db.session.get_one(Entry, key)
            entry.code = f"W{place:04d}"
            db.session.add(
                Work(
                    event_id=event.id,
                    division_id=entry.division_id,
                    stage=stage,
                    code=entry.code,
                    entry_id=key,
                )
            )
            db.session.flush()
            for part, steps in (("practical", place // 4), ("theory", place % 4)):
                story.marks(entry, part, str(Decimal(99) - Decimal(steps) / 2))
        db.session.commit()

    def _finish(self, story: Story) -> None:
        """Lead an event to its end: signed, put up, objected to, closed, certified."""
        self.notice = story.posted()
        staff = story.actor("bureau_staff")
        self.codes = [self._object(staff, n) for n in range(2)]
        later = replace(staff, now=AFTER)
        notices.close(later, self.notice)
        certificates.issue(later, story.contest.id)
        first = db.session.scalars(db.select(Certificate)).first()
        assert first is not None
        certificates.revoke(later, first.id, reason="冒名顶替")

    def _close(self) -> None:
        """Put up all others, make their results final, and store their certificates."""
        self.long_notice = notices.post(
            self.story.actor("bureau_staff"),
            self.contest.id,
            revision_ids=[one.id for one in notices.list_postable(self.contest.id)],
            title="获奖名单公示（全部）",
            body="现将拟获奖名单予以公示。",
            contact="市人力社保局职业能力建设科 0574-00000000",
            starts_on=TODAY,
        )
        final = update(Event).where(Event.contest_id == self.contest.id)
        db.session.execute(final.values(state=EventState.FINAL))
        db.session.commit()
        by = Actor(None, AFTER)
        due = certificates_issuing.due_of(self.contest.id)
        layout = certificates_layouts.layout_for(due[0].contest)
        version = certificates_layouts.version_part(by, layout)
        db.session.flush()
        taken = take_part(by, [one.series for one in due])
        made = [
            _certificate(by, one, certificates_issuing.facts_of(by, one, number, layout, str))
            | {"layout_id": version.id}
            for one, number in zip(due, taken, strict=True)
        ]
        _insert(Certificate, made)
        db.session.commit()

    def _object(self, staff: Actor, number: int) -> str:
        """Let somebody object; the first objection is answered."""
        entry = list(objections.entries_of(self.notice))[number]
        phone = f"1770009988{number}"
        facts = "该选手参赛时已经离开原单位，请核实其参赛资格。"
        filing = Filing(f"{OBJECTOR}{number}", phone, facts, "", entry)
        filed = objections.file_objection(Actor(None, NOW), self.notice, filing)
        self.secrets.append(Secrets(-1 - number, "", phone=phone))
        if number == 0:
            folder = current_app.config["SETTINGS"].files_dir
            by, upload = Actor(None, NOW), Upload("证明.png", _picture())
            objections_files.attach_own(by, filed.code, upload, folder)
            objections_handling.take(staff, filed.id)
            objections_handling.answer(
                staff, filed.id, finding=Conclusion.NOT_UPHELD, text="经核查，资格属实。"
            )
        return filed.code

    def _claim(self, place: int) -> None:
        """Open the page of somebody's lifetime, as a winner without an account does."""
        facts, by = self.people[place][0], Actor(None, AFTER)
        key = claims.new_key()
        asked = Asked(facts.id_number, facts.phone or "", "198.51.100.7")
        claims.begin(by, key, asked, "{}".format)
        code = db.session.scalars(db.select(Message.body)).one()
        self.claim = claims.enter(by, key, code or "")
        query = db.select(Certificate.number).filter_by(person_id=self.ids[place])
        self.claimed = db.session.scalars(query).one()

    def _beside(self) -> None:
        """Prepare what is public before the end: a live board, a draw, an invitation."""
        story = Story(self.build, edition=self.edition, contest=self.contest)
        story.field(["91", "82", "73"])
        story.event.state = EventState.SCORING
        contest = contest_with(self.build, screen_names="masked")
        event = self.build.event(contest, EventState.DRAWN)
        for _ in range(4):
            self.build.entry(event, employer_id=self.build.employer().id)
        organizer = self.build.actor(self.build.account("organizer"))
        laid_out(organizer, event)
        self.lot, self.hall = drawn(organizer, event, LotKind.STATION, 1), event
        self.live = story.event
        links = accounts_inviting.invite_contestants(organizer, contest.id, 60)
        self.token = links[0].token
        owner = self.build.account("contestant", person_id=self.ids[0])
        owner.email, owner.phone = MAIL, self.people[0][0].phone
        db.session.commit()
        self.secrets += list(_secrets_of(event.id)) + list(_secrets_of(story.event.id))


def _secrets_of(event_id: int) -> Iterator[Secrets]:
    query = db.select(Entry).where(Entry.event_id == event_id)
    for entry in db.session.scalars(query):
        for member in entry.members:
            one = member.person
            yield Secrets(one.id, one.name, one.id_number, one.birth_date, one.phone or "")


def _picture() -> bytes:
    target = io.BytesIO()
    Image.new("L", (40, 40), 255).save(target, "PNG")
    return target.getvalue()


def _result(revision_id: int, place: int, entry_id: int) -> dict[str, Any]:
    return {
        "revision_id": revision_id,
        "entry_id": entry_id,
        "status": EntryStatus.COMPETED,
        "total": Decimal(100) - Decimal(place) / 100,
        "parts": {},
        "passed": True,
        "rank": place,
        "award_rank": place,
        "reached": 1,
    }


def _award(revision_id: int, place: int, entry_id: int) -> dict[str, Any]:
    order = 1 if place <= 10 else 2 if place <= 30 else 3
    name, _share, amount = SHARES[order - 1]
    return {
        "revision_id": revision_id,
        "entry_id": entry_id,
        "tier": f"t{order}",
        "tier_title": name,
        "tier_order": order,
        "amount": Decimal(amount),
        "honours": ["青年岗位能手"] if order == 1 else [],
        "shared": False,
    }


def _certificate(by: Actor, due: certificates_issuing.Due, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": facts["number"],
        "check_code": certificates_issuing.new_check_code(),
        **certificates_issuing.columns_of(due),
        "facts": facts,
        "digest": certificates_issuing.digest_of(facts),
        "state": CertificateState.ISSUED,
        "issued_at": by.now,
        "revoked_reason": "",
    }


def _insert(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    for chunk in chunks(rows, 5_000):
        db.session.execute(insert(table_of(model)), list(chunk))
