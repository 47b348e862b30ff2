"""Accounts of the demonstration: one for each role, more judges, and some that still wait."""

from dataclasses import dataclass
from random import Random

from models.accounts import Account
from rules.access import Grant, Role
from rules.refusals import Missing
from services import accounts, accounts_granting, audits
from services.accounts_granting import NewAccount
from services.acting import Actor
from services.demo_names import person_name
from services.transaction import transaction

JUDGES = 5


@dataclass(frozen=True)
class DemoAccount:
    """An account that everybody who tries the program may use."""

    username: str
    role: Role
    title: str


DEMO_ACCOUNTS = (
    DemoAccount("organizer", Role.ORGANIZER, "林海燕"),
    DemoAccount("chief", Role.CHIEF_JUDGE, "王建平"),
    DemoAccount("judge1", Role.JUDGE, "周立"),
    DemoAccount("judge2", Role.JUDGE, "沈国强"),
    DemoAccount("judge3", Role.JUDGE, "陆晓敏"),
    DemoAccount("judge4", Role.JUDGE, "胡志军"),
    DemoAccount("judge5", Role.JUDGE, "徐慧萍"),
    DemoAccount("recorder", Role.JUDGE, "方晓雯"),
    DemoAccount("clerk", Role.ENTRY_CLERK, "戚佳怡"),
    DemoAccount("sealer", Role.SEALER, "蒋文斌"),
    DemoAccount("hall", Role.HALL_CLERK, "施丹"),
    DemoAccount("arbitrator", Role.ARBITRATOR, "俞振华"),
    DemoAccount("checker", Role.SELECTION_CLERK, "龚雪芳"),
    DemoAccount("reviewer1", Role.REVIEWER, "宓建华"),
    DemoAccount("reviewer2", Role.REVIEWER, "孙百川"),
    DemoAccount("reviewer3", Role.REVIEWER, "余秀珍"),
    DemoAccount("supervisor", Role.SUPERVISOR, "岑文华"),
    DemoAccount("employer", Role.EMPLOYER, "毛丽君"),
    DemoAccount("winner", Role.CONTESTANT, "获奖选手"),
    DemoAccount("bureau", Role.BUREAU_STAFF, "叶永康"),
    DemoAccount("bureau2", Role.BUREAU_STAFF, "顾红梅"),
    DemoAccount("payer", Role.PAYER, "罗素琴"),
    DemoAccount("approver", Role.APPROVER, "胡国栋"),
    DemoAccount("admin", Role.ADMINISTRATOR, "孙宏远"),
)


@transaction
def add_demo_accounts(by: Actor, password_hash: str) -> dict[str, int]:
    """Open one account for each role; return their ids by user name."""
    found = {}
    for wanted in DEMO_ACCOUNTS:
        account = _opened(by, wanted.username, wanted.title, wanted.role, password_hash)
        found[wanted.username] = account.id
    audits.record(by, "build_demo", "account", None, after={"count": len(found)})
    return found


@transaction
def add_judges(by: Actor, random: Random, count: int, password_hash: str) -> list[int]:
    """Open so many more judges' accounts; return their ids."""
    found = []
    for number in range(JUDGES + 1, JUDGES + 1 + count):
        title = person_name(random, random.choice("MF"))
        account = _opened(by, f"judge{number}", title, Role.JUDGE, password_hash)
        found.append(account.id)
    audits.record(by, "build_demo", "account", None, after={"count": count})
    return found


@transaction
def bind_account(
    by: Actor, account_id: int, employer_id: int | None = None, person_id: int | None = None
) -> int:
    """Bind a demonstration account to its employer, or to its person, whose name it takes."""
    account = accounts.get_account(account_id)
    account.employer_id = employer_id
    if person_id is not None:
        account.person_id = person_id
    audits.record(by, "edit", "account", account_id, after={"employer_id": employer_id})
    return account_id


@transaction
def rename_account(by: Actor, account_id: int, title: str) -> int:
    """Give a demonstration account the name of its person."""
    accounts.get_account(account_id).title = title
    audits.record(by, "edit", "account", account_id, after={"title": title})
    return account_id


def invite_some(by: Actor) -> None:
    """Make two accounts that nobody has opened yet."""
    waiting = (("judge.zheng", "郑一鸣", Role.JUDGE), ("clerk.yu", "余小红", Role.ENTRY_CLERK))
    for username, title, role in waiting:
        accounts_granting.create(by, NewAccount(username, title, (Grant(role),)), 14)


def find_demo_accounts() -> list[DemoAccount]:
    """List the demonstration's accounts that are there."""
    return [one for one in DEMO_ACCOUNTS if _is_open(one.username)]


def account_title(username: str) -> str:
    """Return the name that an account shows; raise Missing."""
    account = accounts.find_account(username)
    if account is None:
        raise Missing(username)
    return account.title


def _is_open(username: str) -> bool:
    account = accounts.find_account(username)
    return account is not None and account.active


def _opened(by: Actor, username: str, title: str, role: Role, password_hash: str) -> Account:
    account = accounts.add_account(by, username, title, password_hash=password_hash)
    accounts.add_grant(account, role)
    return account
