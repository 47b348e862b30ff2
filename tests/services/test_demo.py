"""The demonstration: real acts on made-up people, so that every desk has work."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from models.accounts import Account
from models.certificates import Certificate
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.judging import Mark, Sheet, Spread
from models.notices import Notice
from models.payouts import PayoutOrder
from models.people import Employer, Person
from models.results import Revision
from rules.access import Grant, Holder, Role
from rules.identity import parse_unit_code
from rules.payouts import Obstacle
from rules.refusals import Refused
from rules.states import EntryState, EventState, NoticeState, RevisionState, SheetState
from services import accounts, awards, demo, demo_accounts, demo_scenes, payouts_dues, payouts_lists
from services.demo_payouts import NO_ACCOUNT
from services.desks_tasks import Task
from tests.builders import Builder
from tests.conftest import Tell
from tests.services.test_desks import Statements, cards

NOW = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)


def quiet(_line: str) -> None:
    """Print nothing."""


@pytest.fixture(scope="module", autouse=True)
def small(tell: Tell) -> None:
    """The small demonstration."""
    tell(lambda: demo.build("small", NOW, "hash", say=quiet))


pytestmark = pytest.mark.usefixtures("app")


def states() -> Counter[EventState]:
    """Count the events by state."""
    return Counter(db.session.scalars(select(Event.state)))


def test_the_small_demonstration_gives_every_role_work() -> None:
    assert states() == {
        EventState.FINAL: 3,
        EventState.REGISTERING: 1,
        EventState.SCORING: 1,
        EventState.NOTICE: 1,
        EventState.REVIEW: 1,
        EventState.SIGNED: 1,
    }
    entries = Counter(db.session.scalars(select(Entry.state)))
    assert entries[EntryState.SUBMITTED] and entries[EntryState.RETURNED]
    sheets = Counter(db.session.scalars(select(Sheet.state)))
    assert sheets[SheetState.OPEN] and sheets[SheetState.SIGNED]
    revisions = Counter(db.session.scalars(select(Revision.state)))
    assert revisions[RevisionState.DRAFT] == 1
    assert Counter(db.session.scalars(select(Notice.state)))[NoticeState.POSTED] == 1
    assert db.session.scalar(select(func.count()).select_from(Spread))


def test_the_present_edition_has_three_events_and_sixty_entries() -> None:
    query = (
        select(Event.title, func.count())
        .join(Entry, Entry.event_id == Event.id)
        .join(Contest, Contest.id == Event.contest_id)
        .where(Contest.title == demo_scenes.star_title(2026))
        .group_by(Event.id)
    )
    counts = [count for _title, count in db.session.execute(query)]
    assert (len(counts), sum(counts)) == (3, 60)


def test_each_role_has_an_account_and_the_winner_a_certificate() -> None:
    assert demo_accounts.find_demo_accounts() == list(demo_accounts.DEMO_ACCOUNTS)
    winner = db.session.scalar(select(Account).where(Account.username == "winner"))
    employer = db.session.scalar(select(Account).where(Account.username == "employer"))
    assert winner and employer and employer.employer_id
    own = select(func.count()).where(Certificate.person_id == winner.person_id)
    assert db.session.scalar(own)
    entered = select(EntryMember).join(Entry).join(Event)
    still_open = entered.where(Event.state == EventState.REGISTERING)
    assert db.session.scalar(still_open.where(EntryMember.person_id == winner.person_id))


def test_nothing_in_the_story_lies_in_the_future() -> None:
    for column in (Entry.submitted_at, Mark.updated_at, Certificate.issued_at, Notice.posted_at):
        latest = db.session.scalar(select(func.max(column)))
        assert latest is not None and latest <= NOW


def test_employers_have_codes_that_hold() -> None:
    employers = db.session.scalars(select(Employer)).all()
    assert len(employers) == 30
    assert all(parse_unit_code(employer.uscc or "") for employer in employers)


def test_a_database_that_holds_something_is_refused() -> None:
    before = db.session.scalar(select(func.count()).select_from(Person))
    with pytest.raises(Refused):
        demo.build("small", NOW, "hash", say=quiet)
    assert db.session.scalar(select(func.count()).select_from(Person)) == before


def holder_named(username: str) -> Holder:
    """The holder of a demonstration account."""
    account = accounts.find_account(username)
    assert account is not None
    return account.holder()


# What waits on each role's desk.
EXPECTED = {
    "organizer": {Task.REVIEW, Task.SEAT},
    "chief": {Task.WATCH},
    "judge1": {Task.MARK},
    "clerk": {Task.MARK, Task.PAPER},
    "supervisor": {Task.SIGN, Task.OVERSEE},
    "employer": {
        Task.CHECK_SELECTIONS,
        Task.MEND,
        Task.ENTER,
        Task.OWN_ENTRIES,
        Task.REPORT_WORKSHOP,
        Task.SIGN_PAIRS,
        Task.SIGN_AMENDMENTS,
        Task.SEND_SELECTION,
    },
    "winner": {
        Task.DOWNLOAD,
        Task.OWN_ENTRIES,
        Task.ENTER,
        Task.SIGN_OWN_PAIRS,
        Task.CONFIRM_MONTHS,
        Task.CONFIRM_MILESTONES,
        Task.SEND_SELECTION,
        Task.OWN_PROVINCIAL,
    },
    "bureau": {
        Task.CHECK_SELECTIONS,
        Task.POST_NOTICE,
        Task.WAIT_NOTICE,
        Task.RETURN_LEVELS,
        Task.OBJECTIONS,
        Task.WORKSHOPS_OVERDUE,
        Task.CHECK_APPLICATION,
        Task.NOTIFY_APPLICATION,
        Task.DECIDE_CASES,
        Task.CHECK_TITLE_REPORTS,
        Task.GIVE_BENEFITS,
        Task.AGREE_NAMING,
        Task.SEND_ENTRY_FORM,
        Task.TAKE_INTAKES,
    },
    "payer": {Task.PAY, Task.RETURN_PAYOUT},
    "approver": {Task.APPROVE_PAYOUT},
    "admin": {Task.ACTIVATE},
}


def test_every_role_of_the_demonstration_has_work() -> None:
    found = {username: set(cards(holder_named(username))) for username in EXPECTED}
    assert found == EXPECTED


def test_the_counts_are_right() -> None:
    assert cards(holder_named("organizer"))[Task.REVIEW].count == 8
    judge = cards(holder_named("judge1"))[Task.MARK]
    assert (judge.count, judge.key, judge.of) == (11, 6, 17)
    assert cards(holder_named("employer"))[Task.MEND].count == 2
    assert cards(holder_named("payer"))[Task.PAY].amount == Decimal(165_000)
    assert cards(holder_named("admin"))[Task.ACTIVATE].count == 2


def test_all_roles_together_take_few_statements(statements: Statements, build: Builder) -> None:
    everything = Holder(1, tuple(Grant(role) for role in Role), 1, 1)
    with statements() as few:
        cards(everything)
    for _ in range(3):
        build.entry(build.event(state=EventState.REGISTERING), EntryState.SUBMITTED)
    with statements() as many:
        cards(everything)
    # Nobody has them all; thirteen are for workshops, mentorships and stipends, three for checks,
    # ballots and proposals of selections.
    assert len(few) == len(many) <= 17 + 13 + 3


@pytest.mark.parametrize("role", Role)
def test_one_role_takes_few_statements(statements: Statements, role: Role) -> None:
    with statements() as seen:
        cards(Holder(1, (Grant(role),), 1, 1))
    assert len(seen) <= 16


def test_orders_agree_with_the_list_of_payments_to_the_cent() -> None:
    query = select(PayoutOrder).where(PayoutOrder.contest_id.is_not(None))
    orders = db.session.scalars(query.order_by(PayoutOrder.id)).all()
    contest_id = orders[0].contest_id
    orders = [order for order in orders if order.contest_id == contest_id]
    sums = payouts_lists.sums_of([order.id for order in orders]).values()
    dues = payouts_dues.read_dues(contest_id)
    waiting = [one.price for one in dues if one.obstacle is Obstacle.NO_ACCOUNT]
    listed = awards.list_payments(None, contest_id)
    for name in ("gross", "tax", "net"):
        ordered = sum((getattr(one, name) for one in sums), Decimal(0))
        rest = sum((getattr(one, name) for one in waiting), Decimal(0))
        assert ordered + rest == getattr(listed, name) > 0
    assert len(waiting) == NO_ACCOUNT
