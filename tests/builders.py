"""Build real rows for tests: a few words give a whole contest."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from flask.testing import FlaskClient
from flask_security.utils import hash_password

from models.accounts import Account
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.people import Employer, Person
from models.works import Work
from rules.access import Role
from rules.identity import check_digit
from rules.plans import EditionRules, default_event_plan, default_scheme
from rules.schemes import Scheme
from rules.states import ContestState, EntryState, EventState
from services import accounts, works
from services.acting import Actor
from services.people import person_index

PASSWORD = "correct horse battery"
NOW = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
_HASHES: dict[str, str] = {}


class Builder:
    """Rows with unique names; every method commits."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def number(self) -> int:
        """A number that nothing else bears."""
        return next(self._numbers)

    def actor(self, account: Account | None = None, now: datetime = NOW) -> Actor:
        """Who acts: this account, or a new administrator."""
        account = account or self.account("administrator")
        return Actor(account.id, now, "test-request")

    def account(
        self,
        role: str | Role,
        contest_id: int | None = None,
        event_id: int | None = None,
        **more: Any,
    ) -> Account:
        """An open account with one role; its password is PASSWORD."""
        number = next(self._numbers)
        hashed = _HASHES.get(PASSWORD) or _HASHES.setdefault(PASSWORD, hash_password(PASSWORD))
        account = accounts.add_account(
            Actor(None, NOW),
            f"{role}{number}",
            more.pop("title", f"测试{number}"),
            password_hash=hashed,
            **more,
        )
        accounts.add_grant(account, Role(role), contest_id, event_id)
        return self._kept(account)

    def contest(self, state: ContestState = ContestState.DRAFT, **more: Any) -> Contest:
        """A contest without events; entries are open in September 2026."""
        number = next(self._numbers)
        facts: dict[str, Any] = {
            "code": f"T{number}",
            "title": f"第{number}届慈溪市技能之星职业技能竞赛",
            "year": 2026,
            "entry_opens_on": date(2026, 9, 1),
            "entry_closes_on": date(2026, 9, 30),
            "starts_on": date(2026, 10, 15),
            "ends_on": date(2026, 10, 20),
            "rules": EditionRules().model_dump(mode="json"),
            "state": state,
            "created_at": NOW,
        }
        return self._kept(Contest(**(facts | more)))

    def event(
        self, contest: Contest | None = None, state: EventState = EventState.DRAFT, **more: Any
    ) -> Event:
        """An event with a staff and a student division, default scheme and plan."""
        contest = contest or self.contest(ContestState.PUBLISHED)
        number = next(self._numbers)
        facts: dict[str, Any] = {
            "contest_id": contest.id,
            "code": f"E{number:02d}",
            "title": f"钳工{number}",
            "occupation": "钳工",
            "scheme": default_scheme().model_dump(mode="json"),
            "plan": default_event_plan().model_dump(mode="json"),
            "state": state,
        }
        event = Event(**(facts | more))
        event.divisions = [
            Division(code="staff", title="职工组", position=1),
            Division(code="student", title="学生组", position=2),
        ]
        return self._kept(event)

    def employer(self, **more: Any) -> Employer:
        """An employer."""
        number = next(self._numbers)
        facts: dict[str, Any] = {"title": f"慈溪市第{number}机械有限公司", "created_at": NOW}
        return self._kept(Employer(**(facts | more)))

    def id_number(self, birth: date = date(1990, 5, 17)) -> str:
        """An identity number that can belong to nobody (order code 000)."""
        region = 330200 + next(self._numbers) % 99
        first = f"{region}{birth:%Y%m%d}000"
        return first + check_digit(first)

    def person(self, **more: Any) -> Person:
        """A person with an identity number of her own."""
        number = next(self._numbers)
        id_number = more.pop("id_number", None) or self.id_number()
        facts: dict[str, Any] = {
            "name": f"陈测试{number}",
            "name_key": f"chen ceshi{number}",
            "id_kind": "resident",
            "id_number": id_number,
            "id_index": person_index(id_number),
            "birth_date": date(1990, 5, 17),
            "sex": "F",
            "phone": f"139{number:08d}",
            "created_at": NOW,
        }
        return self._kept(Person(**(facts | more)))

    def entry(
        self,
        event: Event,
        state: EntryState = EntryState.ACCEPTED,
        person: Person | None = None,
        division: int = 0,
        **more: Any,
    ) -> Entry:
        """An entry of one person."""
        person = person or self.person()
        number = next(self._numbers)
        facts: dict[str, Any] = {
            "event_id": event.id,
            "division_id": event.divisions[division].id,
            "number": f"{event.code}-{number:04d}",
            "title": person.name,
            "state": state,
            "submitted_at": NOW,
        }
        entry = Entry(**(facts | more))
        entry.members = [EntryMember(person_id=person.id, event_id=event.id, position=1)]
        if entry.code is not None:
            self._kept(entry)
            works.add_works(event.id, first_stage(event), [entry.id])
        return self._kept(entry)

    def _kept(self, row: Any) -> Any:
        db.session.add(row)
        db.session.commit()
        return row


def first_stage(event: Event) -> str:
    """The key of the event's first stage."""
    return Scheme.model_validate(event.scheme).levels[0][0].key


def work_of(entry: Entry) -> Work:
    """The work of an entry in the first stage."""
    query = db.select(Work).where(Work.entry_id == entry.id, Work.stage == first_stage(entry.event))
    return db.session.scalars(query).one()


def sign_in(client: FlaskClient, account: Account) -> FlaskClient:
    """Sign a browser in through the page."""
    reply = client.post("/sign-in", data={"username": account.username, "password": PASSWORD})
    assert reply.status_code == 303, reply.text
    return client
