"""Rounds whose applications are checked: a chain of all bodies, with who takes its steps."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from models.accounts import Account
from models.database import db
from models.people import Employer
from models.selection_applications import SelectionApplication, SelectionFile
from models.selection_checks import SelectionStep
from models.selections import SelectionClerk
from rules.access import Role
from rules.selection_rounds import Step
from rules.selections import ApplicationState, Body, Channel, Post, UnitKind
from services import selection_checks, selection_checks_acting
from services.acting import Actor
from services.selection_checks_acting import Found
from services.transaction import transaction
from tests.builders import Builder
from tests.selection_story import START, SelectionStory, at, plain_rules

DISTRICT = "浒山街道"
CHAIN = (
    Step(
        key="unit", title="单位推荐", body=Body.EMPLOYER, channels=(Channel.EMPLOYER,), ranks=True
    ),
    Step(key="county", title="街道审核", body=Body.DISTRICT, days=3),
    Step(
        key="bureau", title="市局资格审核", body=Body.BUREAU, checklist=("身份证核对", "证书核对")
    ),
)


@transaction
def _begin(by: Actor, application_id: int) -> int:
    row = db.session.get_one(SelectionApplication, application_id)
    selection_checks.start_chain(by, row)
    return application_id


@dataclass
class Checking:
    """A published round with a unit, a district's clerk, and two of the bureau."""

    build: Builder
    chain: tuple[Step, ...] = CHAIN
    more: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.story = SelectionStory(self.build)
        rules = plain_rules(chain=self.chain, **({"unit_quota": 2} | self.more))
        self.round_id = self.story.published(rules)
        self.employer: Employer = self.build.employer(district=DISTRICT)
        self.unit = self.build.account(Role.EMPLOYER, employer_id=self.employer.id)
        self.clerk = self.named("county", DISTRICT)
        self.staff, self.second = self.story.one, self.story.other

    def named(self, step: str, place: str = "") -> Account:
        """An account that takes a step for a place."""
        account = self.build.account(Role.SELECTION_CLERK)
        row = SelectionClerk(
            round_id=self.round_id, account_id=account.id, step=step, district=place
        )
        self.build._kept(row)
        return account

    def on(self, account: Account, days: int = 5) -> Actor:
        """An account on a day of the round."""
        return Actor(account.id, at(START + timedelta(days=days)))

    def applied(self, channel: Channel = Channel.PERSON, **more: Any) -> int:
        """An application that fulfils the clauses and was submitted."""
        person = more.pop("person", None) or self.build.person(employer_id=self.employer.id)
        writer = self.unit if channel is Channel.EMPLOYER else None
        facts: dict[str, Any] = {
            "round_id": self.round_id,
            "number": self.build.number(),
            "person_id": person.id,
            "employer_id": self.employer.id,
            "channel": channel,
            "account_id": writer.id if writer else None,
            "district": DISTRICT,
            "occupation": "钳工",
            "post": Post.FRONT_LINE,
            "unit_kind": UnitKind.COMPANY,
            "trade_since": date(2005, 7, 1),
            "answers": {},
            "state": ApplicationState.CHECKING,
            "begun_at": at(START),
            "saved_at": at(START),
            "submitted_at": at(START),
        }
        row = self.build._kept(SelectionApplication(**(facts | more)))
        if row.state is ApplicationState.CHECKING:
            _begin(self.on(self.staff, 1), row.id)
        return int(row.id)

    def step(self, application_id: int, key: str) -> SelectionStep:
        """A step of an application as it stands."""
        db.session.expire_all()
        rows = selection_checks.steps_of_application(application_id)
        return next(row for row in rows if row.key == key)

    def application(self, application_id: int) -> SelectionApplication:
        """An application as it stands."""
        db.session.expire_all()
        return db.session.get_one(SelectionApplication, application_id)

    def passed(self, account: Account, application_id: int, key: str, **found: Any) -> int:
        """An account passes an application on."""
        step = self.step(application_id, key)
        return selection_checks_acting.pass_step(self.on(account), step.id, Found(**found))

    def proven(self, step_id: int) -> None:
        """A file that proves a notice."""
        self.build._kept(
            SelectionFile(
                round_id=self.round_id,
                holder="step",
                holder_id=step_id,
                title="公示照片.jpg",
                kind="jpg",
                size=10,
                sha256=f"{step_id:064x}",
                file_key=f"{step_id:032x}",
                file_sha256=f"{step_id:064x}",
                added_at=at(START),
            )
        )


ALL = {"items": frozenset({"身份证核对", "证书核对"})}
