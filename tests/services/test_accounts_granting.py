"""Creating accounts, roles within one's own scope, links, closing and unlocking."""

from datetime import timedelta

import pytest

from models.accounts import Account
from models.audits import AuditRecord
from models.database import db
from rules.access import Grant, Role
from rules.refusals import Missing, Refused
from rules.states import AccountState, ContestState, EntryState
from services import accounts, accounts_granting, accounts_inviting
from services.accounts_granting import NewAccount, grant_of
from services.acting import Actor
from tests.builders import Builder

JUDGE = (Grant(Role.JUDGE),)


def new(username: str = "li.judge", grants: tuple[Grant, ...] = JUDGE, **more: str) -> NewAccount:
    """An account somebody asks for."""
    return NewAccount(username, more.pop("title", "李裁判"), grants, **more)


def test_a_new_account_waits_until_its_link_is_used(by: Actor) -> None:
    link = accounts_granting.create(by, new(" Li.Judge "), 14)
    account = accounts.get_account(link.account_id)
    assert account.username == "li.judge"
    assert accounts.state_of(account, by.now) is AccountState.WAITING
    assert accounts.activate(by, link.token, "hash") == account.id
    assert accounts.state_of(account, by.now) is AccountState.OPEN


def test_a_link_ends_after_its_days_and_after_one_use(by: Actor) -> None:
    link = accounts_granting.create(by, new(), 14)
    assert accounts.find_invitation(link.token, by.now + timedelta(days=13, hours=23))
    assert accounts.find_invitation(link.token, by.now + timedelta(days=14)) is None
    accounts.activate(by, link.token, "hash")
    with pytest.raises(Refused):
        accounts.activate(by, link.token, "other")


def test_a_new_link_ends_the_older_one(by: Actor) -> None:
    first = accounts_granting.create(by, new(), 14)
    second = accounts_granting.renew_link(by, first.account_id, 14)
    assert accounts.find_invitation(first.token, by.now) is None
    assert accounts.find_invitation(second.token, by.now)


def test_secrets_stand_in_no_record_and_no_row(by: Actor) -> None:
    link = accounts_granting.create(by, new(phone="13900000000", email="li@example.com"), 14)
    said = " ".join(str((r.before, r.after)) for r in db.session.query(AuditRecord).all())
    assert link.token not in said and "13900000000" not in said and "li@example" not in said
    assert link.token not in repr(link)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (new("x"), "username"),
        (new("a b/c"), "username"),
        (new(title=""), "title"),
        (new(title="名" * 61), "title"),
        (new(email="nobody"), "email"),
        (new(phone="12"), "phone"),
        (new(grants=()), "roles"),
        (new(grants=(Grant(Role.EMPLOYER),)), "employer"),
        (new(employer="没有的单位"), "employer"),
        (new(id_number="330282199005170003"), "id_number"),
        (new(id_number="11010519491231002X"), "id_number"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(by: Actor, wanted: NewAccount, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        accounts_granting.create(by, wanted, 14)
    assert refusal.value.field == field
    assert accounts.find_account(wanted.username or "x") is None


def test_a_taken_user_name_is_refused(by: Actor) -> None:
    accounts_granting.create(by, new(), 14)
    with pytest.raises(Refused) as refusal:
        accounts_granting.create(by, new("LI.judge"), 14)
    assert refusal.value.field == "username"


def test_an_account_binds_to_its_employer_and_its_person(by: Actor, build: Builder) -> None:
    employer, person = build.employer(), build.person()
    wanted = new(employer=employer.title, id_number=person.id_number)
    account = accounts.get_account(accounts_granting.create(by, wanted, 14).account_id)
    assert (account.employer_id, account.person_id) == (employer.id, person.id)


@pytest.mark.parametrize("typed", ["宏达(集团)公司", "宏达（集团）公司", "宏达 (集团）公司"])
def test_an_employer_is_found_whichever_brackets_are_typed(
    typed: str, by: Actor, build: Builder
) -> None:
    employer = build.employer(title="宏达（集团）公司")
    found = accounts_granting.find_employer(typed)
    assert found is not None and found.id == employer.id


def test_an_organizer_hands_out_roles_in_his_contest_only(build: Builder) -> None:
    mine, other = build.contest(), build.contest()
    event = build.event(mine)
    by = build.actor(build.account("organizer", mine.id))
    accounts_granting.create(by, new("one", (Grant(Role.JUDGE, mine.id),)), 14)
    accounts_granting.create(by, new("two", (Grant(Role.JUDGE, mine.id, event.id),)), 14)
    for grant in (Grant(Role.JUDGE), Grant(Role.JUDGE, other.id), Grant(Role.ADMINISTRATOR)):
        with pytest.raises(Refused):
            accounts_granting.create(by, new("three", (grant,)), 14)


def test_an_organizer_of_everything_makes_no_administrator(build: Builder) -> None:
    by = build.actor(build.account("organizer"))
    account = build.account("judge")
    with pytest.raises(Refused):
        accounts_granting.grant(by, account.id, Role.ADMINISTRATOR, "all")


def test_an_organizer_cannot_take_over_an_administrator(build: Builder) -> None:
    by = build.actor(build.account("organizer"))
    chief = build.account("administrator")
    for act in (accounts_granting.close, accounts_granting.unlock):
        with pytest.raises(Refused):
            act(by, chief.id)
    with pytest.raises(Refused):
        accounts_granting.renew_link(by, chief.id, 14)


def test_roles_are_granted_once_and_taken_back(by: Actor, build: Builder) -> None:
    account, event = build.account("judge"), build.event()
    for _ in range(2):
        accounts_granting.grant(by, account.id, Role.CHIEF_JUDGE, f"e:{event.id}")
    found = [(g.role, g.contest_id, g.event_id) for g in account.grants]
    assert found == [(Role.JUDGE, None, None), (Role.CHIEF_JUDGE, event.contest_id, event.id)]
    accounts_granting.revoke(by, account.id, account.grants[1].id)
    assert [g.role for g in account.grants] == [Role.JUDGE]


def test_a_role_of_another_account_is_not_there(by: Actor, build: Builder) -> None:
    one, two = build.account("judge"), build.account("judge")
    with pytest.raises(Missing):
        accounts_granting.revoke(by, one.id, two.grants[0].id)


@pytest.mark.parametrize("scope", ["", "c:", "c:x", "e:999999", "all:1", "x:1"])
def test_an_unreadable_scope_is_refused(app: object, scope: str) -> None:
    with pytest.raises(Refused):
        grant_of(Role.JUDGE, scope)


def test_the_employers_role_needs_an_employer(by: Actor, build: Builder) -> None:
    with pytest.raises(Refused):
        accounts_granting.grant(by, build.account("judge").id, Role.EMPLOYER, "all")


def test_the_last_administrator_stays(by: Actor, build: Builder) -> None:
    account = accounts.get_account(by.account_id or 0)
    with pytest.raises(Refused):
        accounts_granting.revoke(by, account.id, account.grants[0].id)
    build.account("administrator")
    accounts_granting.revoke(by, account.id, account.grants[0].id)
    assert account.grants == []


def test_closing_ends_sessions_and_links(by: Actor, build: Builder) -> None:
    account = build.account("judge")
    session_key = account.fs_uniquifier
    link = accounts_granting.renew_link(by, account.id, 14)
    accounts_granting.close(by, account.id)
    assert accounts.state_of(account, by.now) is AccountState.CLOSED
    assert account.fs_uniquifier != session_key
    assert accounts.find_invitation(link.token, by.now) is None


def test_nobody_closes_the_own_account(by: Actor, build: Builder) -> None:
    build.account("administrator")
    with pytest.raises(Refused):
        accounts_granting.close(by, by.account_id or 0)


def test_unlocking_lets_in_at_once(by: Actor, build: Builder) -> None:
    account = build.account("judge")
    for _ in range(accounts.FAILURES_ALLOWED):
        accounts.record_failure(by, account.id)
    assert accounts.state_of(account, by.now) is AccountState.LOCKED
    accounts_granting.unlock(by, account.id)
    assert accounts.state_of(account, by.now) is AccountState.OPEN


def test_an_unknown_account_is_missing(by: Actor) -> None:
    with pytest.raises(Missing):
        accounts_granting.unlock(by, 999999)


def test_the_first_administrator_comes_from_the_machine(app: object, build: Builder) -> None:
    by = Actor(None, build.actor().now)
    link = accounts_granting.create_administrator(by, "root.admin", 14)
    account = db.session.get(Account, link.account_id)
    assert account and [g.role for g in account.grants] == [Role.ADMINISTRATOR]


def test_accepted_contestants_without_account_are_invited_once(by: Actor, build: Builder) -> None:
    event = build.event(build.contest(ContestState.PUBLISHED))
    person = build.person()
    build.entry(event, person=person)
    build.entry(build.event(event.contest), person=person)  # a second event, the same person
    build.entry(event, EntryState.SUBMITTED)
    has_one = build.person()
    build.entry(event, person=has_one)
    build.account("contestant", person_id=has_one.id)
    assert accounts_inviting.count_without_account(event.contest_id) == 1
    (link,) = accounts_inviting.invite_contestants(by, event.contest_id, 14)
    account = accounts.get_account(link.account_id)
    assert account.person_id == person.id
    assert [g.role for g in account.grants] == [Role.CONTESTANT]
    assert accounts.find_invitation(link.token, by.now)
    with pytest.raises(Refused):
        accounts_inviting.invite_contestants(by, event.contest_id, 14)


def test_a_taken_entry_number_as_user_name_gets_a_letter(by: Actor, build: Builder) -> None:
    event = build.event(build.contest(ContestState.PUBLISHED))
    entry = build.entry(event)
    name = accounts.normal_name(f"{event.contest.code}-{entry.number}")
    accounts_granting.create(by, new(name), 14)
    (link,) = accounts_inviting.invite_contestants(by, event.contest_id, 14)
    assert link.username == name + "x"


def test_an_organizer_of_one_contest_invites_into_that_contest(build: Builder) -> None:
    event = build.event(build.contest(ContestState.PUBLISHED))
    build.entry(event)
    by = build.actor(build.account("organizer", event.contest_id))
    (link,) = accounts_inviting.invite_contestants(by, event.contest_id, 14)
    grants = accounts.get_account(link.account_id).grants
    assert [(g.role, g.contest_id) for g in grants] == [(Role.CONTESTANT, event.contest_id)]
