"""An event up to its results: entries, marks, rules, and the acts that follow, for tests."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.accounts import Account
from models.calendars import CalendarYear
from models.contests import Event, RuleVersion
from models.database import db
from models.entries import Entry
from models.judging import Mark, PanelSeat, Sheet
from rules.plans import EditionRules, EventPlan, default_event_plan, default_scheme
from rules.ranking import EntryStatus
from rules.schemes import Panel, Scheme
from rules.states import EventState, SheetState
from services import certificates, notices, results
from services.acting import Actor
from tests.builders import Builder, work_of

NOW = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)
TODAY = date(2026, 9, 15)
AFTER = NOW + timedelta(days=30)
ONE_JUDGE = default_scheme(panel=Panel())


def followed(client: FlaskClient, url: str) -> TestResponse:
    """Press a button; return the page to which it leads."""
    return client.get(client.post(url).headers["Location"])


class Story:
    """One event whose marks are confirmed, and the people who bring it to its end."""

    def __init__(
        self,
        build: Builder,
        scheme: Scheme = ONE_JUDGE,
        plan: EventPlan | None = None,
        edition: EditionRules | None = None,
        **more: Any,
    ) -> None:
        self.build = build
        plan, edition = plan or default_event_plan(), edition or EditionRules()
        self.event: Event = build.event(
            state=EventState.REVIEW,
            scheme=scheme.model_dump(mode="json"),
            plan=plan.model_dump(mode="json"),
            **more,
        )
        self.contest = self.event.contest
        self.contest.sponsors = "慈溪市人力资源和社会保障局、慈溪市总工会"
        self.contest.rules = edition.model_dump(mode="json")
        db.session.add(
            RuleVersion(
                event_id=self.event.id,
                number=1,
                scheme=scheme.model_dump(mode="json"),
                plan=plan.model_dump(mode="json"),
                edition=edition.model_dump(mode="json"),
                digest="d" * 64,
                frozen_at=NOW,
            )
        )
        if db.session.get(CalendarYear, 2026) is None:
            db.session.add(CalendarYear(year=2026, source="test"))
        judge = build.account("judge", self.contest.id)
        self.seats = {
            part.key: [
                PanelSeat(
                    event_id=self.event.id,
                    part=part.key,
                    number=number,
                    account_id=(judge if number == 1 else build.account("judge")).id,
                )
                for number in range(1, part.panel.judges + 1)
            ]
            for part in scheme.parts
        }
        db.session.add_all([seat for seats in self.seats.values() for seat in seats])
        db.session.commit()
        self._numbers = itertools.count()

    def entry(
        self,
        theory: str | Sequence[str] | None = None,
        practical: str | Sequence[str] | None = None,
        **more: Any,
    ) -> Entry:
        """An entry with its marks; a text gives every seat of the part the same mark."""
        number = next(self._numbers)
        if more.get("person") is None:  # a birth date each, so that many numbers differ
            id_number = self.build.id_number(date(1980, 1, 1) + timedelta(days=number))
            more["person"] = self.build.person(id_number=id_number)
        entry = self.build.entry(self.event, code=f"W{number:03d}", **more)
        for part, given in (("theory", theory), ("practical", practical)):
            if given is not None:
                self.marks(entry, part, given)
        db.session.commit()
        return entry

    def marks(self, entry: Entry, part: str, given: str | Sequence[str]) -> None:
        """Enter and sign the marks of all seats of one part."""
        seats = self.seats[part]
        values = [given] * len(seats) if isinstance(given, str) else list(given)
        for seat, value in zip(seats, values, strict=False):
            sheet = Sheet(
                event_id=self.event.id,
                work_id=work_of(entry).id,
                seat_id=seat.id,
                state=SheetState.SIGNED,
            )
            sheet.marks = [Mark(aspect=f"{part}_mark", value=Decimal(value), updated_at=NOW)]
            db.session.add(sheet)

    def field(self, totals: Iterable[str], **more: Any) -> list[Entry]:
        """One entry for each total, with the same mark in both parts."""
        return [self.entry(total, total, **more) for total in totals]

    def absent(self, status: EntryStatus = EntryStatus.ABSENT) -> Entry:
        """An entry that did not compete to the end."""
        return self.entry(status=status)

    def actor(self, role: str, now: datetime = NOW) -> Actor:
        """Somebody with this role, who acts now."""
        return self.build.actor(self.account(role), now)

    def account(self, role: str) -> Account:
        """An account with this role for the contest."""
        return self.build.account(role, self.contest.id)

    def computed(self) -> int:
        """Compute the results; return the revision."""
        return results.compute(self.actor("organizer"), self.event.id)

    def signed(self) -> int:
        """Compute and sign; return the revision."""
        return results.sign(self.actor("supervisor"), self.computed())

    def posted(self) -> int:
        """Compute, sign and post; return the notice."""
        return notices.post(
            self.actor("bureau_staff"),
            self.contest.id,
            revision_ids=[self.signed()],
            title="获奖名单公示",
            body="现将拟获奖名单予以公示。",
            contact="市人力社保局职业能力建设科 0574-00000000",
            starts_on=TODAY,
        )

    def final(self) -> None:
        """Bring the event to its end."""
        notices.close(self.actor("bureau_staff", AFTER), self.posted())

    def issued(self) -> None:
        """Bring the event to its end and issue the certificates."""
        self.final()
        certificates.issue(self.actor("bureau_staff", AFTER), self.contest.id)
