"""The eve of a contest day: rules that ask for every safeguard, one event, and all its people."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from models.accounts import Account
from models.database import db
from rules.access import Role
from rules.days import DayRules
from rules.plans import EditionRules, default_event_plan
from rules.schemes import Aspect, Panel, Part, Scheme, Section
from services import calendars, editions, panels
from tests.browser.acting import rename
from tests.builders import Builder

EVE = datetime(2026, 9, 10, 1, 0, tzinfo=UTC)
MORNING = datetime(2026, 10, 15, 0, 30, tzinfo=UTC)
PART = "work"
JUDGES = tuple(f"judge{number}" for number in range(1, 6))
SEALERS = ("sealer1", "sealer2", "sealer3")
CLERKS = ("clerk1", "clerk2")
ARBITRATORS = ("arbitrator1", "arbitrator2")
SIDES = {"陈建国": "宏达机械", "王秀英": "永兴模具", "李伟华": "东海轴承"}
STAFF = {
    Role.ORGANIZER: ("organizer",),
    Role.CHIEF_JUDGE: ("chief",),
    Role.SUPERVISOR: ("supervisor", "keyholder"),
    Role.SEALER: SEALERS,
    Role.JUDGE: JUDGES,
    Role.ENTRY_CLERK: CLERKS,
    Role.ARBITRATOR: ARBITRATORS,
}


@dataclass(frozen=True)
class Eve:
    """What is known before the day: the event, and what would tell who stands behind a code."""

    contest_id: int
    event_id: int
    secrets: tuple[str, ...]


def day_rules() -> DayRules:
    """Every safeguard of the day, and appeals that two members decide."""
    return DayRules(
        code_layers=3,
        escrow=True,
        double_keying=True,
        signoff=("group", "clerk", "supervisor"),
        reopening_people=2,
        check_top_percent=Decimal(30),
        check_random_percent=Decimal(0),
        appeal_clock_start="results",
        appeal_votes=2,
    )


def day_scheme() -> Scheme:
    """One part with two aspects, five judges; their highest and lowest do not count."""
    aspects = (
        Aspect(key="A1", title="尺寸", maximum=Decimal(60)),
        Aspect(key="A2", title="外观", maximum=Decimal(40)),
    )
    section = Section(key="A", title="加工", aspects=aspects)
    panel = Panel(judges=5, minimum=3, drop_high=1, drop_low=1)
    part = Part(key=PART, title="操作", weight=Decimal(100), sections=(section,), panel=panel)
    return Scheme(title="", parts=(part,))


def prepare(build: Builder) -> Eve:
    """Publish the edition, accept three entries of three employers, seat the judges."""
    calendars.seed(build.actor(now=EVE))
    people = {name: _member(build, role, name) for role, names in STAFF.items() for name in names}
    rules = EditionRules(day=day_rules()).model_dump(mode="json")
    contest = build.contest(rules=rules, sponsors="慈溪市人力资源和社会保障局")
    plan = default_event_plan().model_copy(update={"levels": None, "tie_breaks": ()})
    event = build.event(
        contest,
        scheme=day_scheme().model_dump(mode="json"),
        plan=plan.model_dump(mode="json"),
    )
    editions.publish(build.actor(people["organizer"], EVE), contest.id)
    secrets = []
    for number, (name, company) in enumerate(SIDES.items(), start=1):
        employer = build.employer(title=company)
        account = build.account(Role.EMPLOYER, title=company, employer_id=employer.id)
        rename(build, account, f"leader{number}")
        entry = build.entry(event, person=build.person(name=name), employer_id=employer.id)
        secrets += [name, company, entry.number]
    for name in JUDGES:
        panels.seat(build.actor(people["organizer"], EVE), event.id, PART, people[name].id)
    found = Eve(contest.id, event.id, tuple(secrets))
    db.session.remove()
    return found


def _member(build: Builder, role: Role, name: str) -> Account:
    account = build.account(role, title=name)
    rename(build, account, name)
    return account
