"""An event with a whole chain of signatures, for tests."""

from decimal import Decimal
from typing import Any

from models.accounts import Account
from models.contests import RuleVersion
from models.database import db
from models.judging import PanelSeat
from rules.days import DayRules
from rules.plans import EditionRules, default_event_plan
from rules.schemes import Aspect, Panel, Part, Scheme, Section
from rules.signoffs import WHOLE, Step
from services import contests, judging, marks, signoffs
from services.acting import Actor
from services.marks import Typed
from tests.builders import NOW, Builder
from tests.judging_rooms import Room, open_room

FULL: tuple[Any, ...] = ("group", "clerk", "supervisor")
NO_CHECK: dict[str, Any] = {"check_top_percent": Decimal(0), "check_random_percent": Decimal(0)}


def plain_scheme(judges: int = 2) -> Scheme:
    """One part, one aspect out of 100, the mean of the judges."""
    aspect = Aspect(key="A1", title="尺寸", maximum=Decimal(100))
    section = Section(key="A", title="加工", aspects=(aspect,))
    panel = Panel(judges=judges, minimum=judges)
    part = Part(key="work", title="操作", weight=Decimal(100), sections=(section,), panel=panel)
    return Scheme(title="", parts=(part,))


class SignoffRoom:
    """A room of judges whose edition wants signatures, with those who give them."""

    def __init__(
        self, build: Builder, entries: int = 3, scheme: Scheme | None = None, **day: Any
    ) -> None:
        self.scheme = scheme or plain_scheme()
        self.room: Room = open_room(build, entries, self.scheme)
        self.event_id = self.room.event_id
        event = self.room.event
        rules = EditionRules(day=DayRules(**({"signoff": FULL} | day)))
        event.contest.rules = rules.model_dump(mode="json")
        plan = default_event_plan().model_copy(update={"levels": None, "tie_breaks": ()})
        event.plan = plan.model_dump(mode="json")
        db.session.add(
            RuleVersion(
                event_id=event.id,
                number=1,
                scheme=self.scheme.model_dump(mode="json"),
                plan=event.plan,
                edition=event.contest.rules,
                digest="d" * 64,
                frozen_at=NOW,
            )
        )
        db.session.commit()
        self.clerk = build.account("entry_clerk")
        self.supervisor = build.account("supervisor")
        self.judges = self.room.judges
        self.chief = self.room.chief

    def by(self, account: Account) -> Actor:
        """Somebody who acts now."""
        return Actor(account.id, NOW, "test")

    def mark(self, *totals: str) -> None:
        """Let every judge sign the same marks, in the order of the entries."""
        for judge in self.judges:
            for sheet, value in zip(self.room.sheets(judge), totals, strict=True):
                marks.sign_sheet(self.by(judge), sheet.id, [Typed(sheet.id, "A1", value)])

    def seat(self, number: int = 1) -> PanelSeat:
        """One judge's seat."""
        return next(seat for seat in self.room.seats() if seat.number == number)

    def lead(self, number: int = 1) -> Account:
        """Name the head of the group; return the account."""
        signoffs.name_leader(self.by(self.chief), self.seat(number).id)
        return self.seat(number).account

    def digest(self, step: Step, part: str = WHOLE) -> str:
        """Return the digest that the page shows for a step."""
        db.session.expire_all()
        found = signoffs.read_chain(contests.get_event(self.event_id))
        return found.link(step, part).digest

    def confirm(self, account: Account, step: Step, part: str = WHOLE) -> None:
        """Confirm a step for the marks of now."""
        digest = self.digest(step, part)
        signoffs.confirm_step(self.by(account), self.event_id, step, part, digest)

    def confirmed(self, *totals: str) -> None:
        """Bring the chain to the chief judge's confirmation."""
        self.mark(*totals)
        self.confirm(self.lead(), Step.GROUP, "work")
        self.confirm(self.clerk, Step.CLERK)
        judging.confirm(self.by(self.chief), self.event_id)
