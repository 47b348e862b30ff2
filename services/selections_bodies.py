"""Bodies of a round: how many each may recommend, and who takes steps for them (R5.06)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.accounts import Account, RoleGrant
from models.database import db
from models.selections import SelectionClerk, SelectionQuota, SelectionRound
from rules.access import Role
from rules.data import InvalidRules
from rules.refusals import Missing, Refused
from rules.selections import Body, Channel, RoundState
from rules.texts import N_
from services import audits, selections
from services.acting import Actor
from services.people_employers import find_employers, title_key
from services.selections import lock_round
from services.transaction import transaction
from services.workbooks import Column, Row, Table, read_table
from services.workbooks_writing import write_table

MOST_PLACES = 1000
# Bodies that take steps through accounts of their own.
WITH_CLERKS = (Body.DISTRICT, Body.UNION, Body.ASSOCIATION)


class BodyKind(StrEnum):
    """Who recommends: a unit, an association, a district."""

    EMPLOYER = "employer"
    ASSOCIATION = "association"
    DISTRICT = "district"


_CHANNELS = {
    BodyKind.EMPLOYER: Channel.EMPLOYER,
    BodyKind.ASSOCIATION: Channel.ASSOCIATION,
    BodyKind.DISTRICT: Channel.PERSON,
}
WORDS = {
    BodyKind.EMPLOYER: ("单位", "Employer"),
    BodyKind.ASSOCIATION: ("行业协会", "Association"),
    BodyKind.DISTRICT: ("镇（街道）", "District"),
}
COLUMNS = (
    Column(
        "kind",
        ("推荐主体", "Body"),
        required=True,
        choices=tuple(words[0] for words in WORDS.values()),
    ),
    Column("name", ("名称", "Name"), required=True),
    Column("places", ("推荐名额", "Places"), required=True, kind="integer"),
)


class QuotaFacts(NamedTuple):
    """A body and how many it may recommend."""

    kind: BodyKind
    name: str
    places: int


def _opened(round_id: int) -> SelectionRound:
    row = lock_round(round_id)
    if row.state not in (RoundState.DRAFT, RoundState.OPEN):
        raise Refused(N_("The review has begun; what bodies recommend stays."))
    return row


@transaction
def set_quotas(by: Actor, round_id: int, wanted: Sequence[QuotaFacts]) -> int:
    """Write down how many each of these bodies may recommend; the last word counts."""
    row = _opened(round_id)
    employers = find_employers(one.name for one in wanted if one.kind is BodyKind.EMPLOYER)
    for one in wanted:
        _set_quota(row, one, employers)
    after: dict[str, Any] = {"count": len(wanted)}
    if len(wanted) == 1:
        after = {"title": wanted[0].name, "value": wanted[0].places}
    audits.record(by, "set_quotas", "selection_round", row.id, after=after)
    return row.id


def _set_quota(row: SelectionRound, one: QuotaFacts, employers: Mapping[str, Any]) -> None:
    if not 0 <= one.places <= MOST_PLACES:
        raise Refused(N_("Give a number from 0 to %(most)s."), "places", most=MOST_PLACES)
    own: dict[str, Any] = {"employer_id": None, "association": "", "district": ""}
    if one.kind is BodyKind.EMPLOYER:
        employer = employers.get(title_key(one.name))
        if employer is None:
            raise Refused(N_("No employer with this name is registered."), "name")
        own["employer_id"] = employer.id
    else:
        own[one.kind.value] = one.name
    query = select(SelectionQuota).where(SelectionQuota.round_id == row.id)
    for name, value in own.items():
        column = getattr(SelectionQuota, name)
        query = query.where(column.is_(None) if value is None else column == value)
    quota = db.session.scalar(query)
    if quota is None:
        quota = SelectionQuota(round_id=row.id, channel=_CHANNELS[one.kind], **own)
        db.session.add(quota)
    quota.places = one.places
    db.session.flush()


@transaction
def remove_quota(by: Actor, round_id: int, quota_id: int) -> int:
    """Remove what was written down for a body."""
    row = _opened(round_id)
    quota = db.session.get(SelectionQuota, quota_id)
    if quota is None or quota.round_id != row.id:
        raise Missing(quota_id)
    before = {"title": name_of(quota), "value": quota.places}
    db.session.delete(quota)
    audits.record(by, "remove_quota", "selection_round", row.id, before=before)
    return row.id


def name_of(quota: SelectionQuota) -> str:
    """Return the name of the body of a quota."""
    return quota.employer.title if quota.employer else quota.association or quota.district


def list_quotas(round_id: int) -> Sequence[SelectionQuota]:
    """List the quotas of the bodies of a round."""
    query = select(SelectionQuota).options(joinedload(SelectionQuota.employer))
    query = query.where(SelectionQuota.round_id == round_id).order_by(SelectionQuota.id)
    return db.session.scalars(query).all()


def quota_template() -> bytes:
    """Write the empty spreadsheet of quotas."""
    return write_table(COLUMNS, [], "推荐名额")


def read_quotas(data: bytes, filename: str) -> list[QuotaFacts]:
    """Read a spreadsheet of quotas; raise InvalidRules with everything that is wrong in it."""
    table = read_table(data, filename, COLUMNS, 2000)
    problems = [*_problems(table)]
    if problems:
        raise InvalidRules(problems)
    kinds = {words[0]: kind for kind, words in WORDS.items()}
    return [
        QuotaFacts(
            kinds[str(row.values["kind"])], str(row.values["name"]), _whole(row, MOST_PLACES)
        )
        for row in table.rows
    ]


def _whole(row: Row, most: int) -> int:
    value = row.values["places"]
    return int(str(value)) if value is not None and 0 <= int(str(value)) <= most else most


def _problems(table: Table) -> Sequence[Refused]:
    found = [*table.problems]
    for row in table.rows:
        found += row.problems
    if found:
        return found
    names = [str(row.values["name"]) for row in table.rows if row.values["kind"] == "单位"]
    known = find_employers(names)
    for row in table.rows:
        name = str(row.values["name"])
        if row.values["kind"] == "单位" and title_key(name) not in known:
            text = N_("Row %(row)s: no employer with the name %(name)s is registered.")
            found.append(Refused(text, "file", row=row.number, name=name))
        if not 0 <= int(str(row.values["places"])) <= MOST_PLACES:
            text = N_("Row %(row)s: give a number from 0 to %(most)s.")
            found.append(Refused(text, "file", row=row.number, most=MOST_PLACES))
    return found


@transaction
def name_clerk(by: Actor, round_id: int, username: str, step: str, district: str) -> int:
    """Let an account take a step of the chain, for one district or association or for all."""
    row = _opened(round_id)
    if step not in {key for key, _title in clerk_steps(row)}:
        raise Refused(N_("Choose a step that a district, union or association takes."), "step")
    query = (
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.username == username.lower(), RoleGrant.role == Role.SELECTION_CLERK)
    )
    account = db.session.scalar(query)
    if account is None:
        text = N_("No account with this user name has the role of a checker of selections.")
        raise Refused(text, "username")
    same = select(SelectionClerk.id).where(
        SelectionClerk.round_id == row.id,
        SelectionClerk.account_id == account.id,
        SelectionClerk.step == step,
        SelectionClerk.district == district,
    )
    if db.session.scalar(same) is not None:
        raise Refused(N_("This account takes this step already."), "username")
    clerk = SelectionClerk(round_id=row.id, account_id=account.id, step=step, district=district)
    db.session.add(clerk)
    db.session.flush()
    after = {"account": account.id, "step": step, "value": district}
    audits.record(by, "name_clerk", "selection_round", row.id, after=after)
    return row.id


@transaction
def remove_clerk(by: Actor, round_id: int, clerk_id: int) -> int:
    """Take a step away from an account."""
    row = lock_round(round_id)
    clerk = db.session.get(SelectionClerk, clerk_id)
    if clerk is None or clerk.round_id != row.id:
        raise Missing(clerk_id)
    before = {"account": clerk.account_id, "step": clerk.step, "value": clerk.district}
    db.session.delete(clerk)
    audits.record(by, "remove_clerk", "selection_round", row.id, before=before)
    return row.id


def list_clerks(round_id: int) -> Sequence[SelectionClerk]:
    """List who takes steps of a round for bodies."""
    query = select(SelectionClerk).options(joinedload(SelectionClerk.account))
    query = query.where(SelectionClerk.round_id == round_id)
    return db.session.scalars(query.order_by(SelectionClerk.step, SelectionClerk.id)).all()


def clerk_steps(row: SelectionRound) -> list[tuple[str, str]]:
    """List the steps that bodies take through accounts of their own."""
    return [
        (step.key, step.title)
        for step in selections.rules_of(row).chain
        if step.body in WITH_CLERKS
    ]
