"""Claims: a code to the phone on record, and an answer that tells nobody anything."""

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from statistics import median

import pytest
from sqlalchemy import func, select

from models.claims import Claim
from models.database import db
from models.messages import Message
from models.people import Person
from rules.claims import (
    CODE_LIFE,
    MOST_PER_ADDRESS,
    MOST_PER_NUMBER,
    MOST_PER_PHONE,
    MOST_TRIES,
    OPEN_FOR,
    WINDOW,
)
from rules.messages import MessageChannel, MessageState
from rules.refusals import Refused
from services import claims
from services.acting import Actor, system
from services.claims import Asked, Wrong
from tests.builders import NOW, Builder

KEY = "a key of one browser"
STRANGER = "330282199005170002"


def ask(
    number: str, phone: str, key: str = KEY, by: Actor | None = None, address: str = "10.0.0.1"
) -> int:
    """Ask for a code."""
    return claims.begin(by or system(NOW), key, Asked(number, phone, address), "code {}".format)


def last() -> Message:
    """The newest message."""
    return db.session.scalars(select(Message).order_by(Message.id.desc())).first()  # type: ignore[return-value]


def code() -> str:
    """The code in the newest message."""
    found = re.search(r"\d{6}", last().body or "")
    assert found is not None
    return found[0]


def enter(typed: str, key: str = KEY, minutes: float = 0) -> str | Wrong:
    """Enter a code."""
    return claims.enter(system(NOW + timedelta(minutes=minutes)), key, typed)


def wrong(right: str) -> str:
    """Another code."""
    return f"{(int(right) + 1) % 10**6:06d}"


@pytest.fixture
def person(build: Builder) -> Person:
    """Somebody on record."""
    return build.person()  # type: ignore[no-any-return]


def test_a_code_opens_a_short_session(person: Person) -> None:
    phone = person.phone or ""
    ask(f" {person.id_number[:6]} {person.id_number[6:]} ", f"+86 {phone[:3]}-{phone[3:]}")
    message = last()
    assert (message.recipient, message.channel) == (phone, MessageChannel.SMS)
    assert message.state is MessageState.WAITING and message.expires_at == NOW + CODE_LIFE
    opened = enter(f" {code()[:3]} {code()[3:]}")
    assert isinstance(opened, str)
    assert claims.find_person(opened, NOW) == person.id
    assert claims.find_person(opened, NOW + OPEN_FOR) is None
    assert claims.find_person(KEY, NOW) is None and claims.find_person("", NOW) is None
    claims.leave(system(NOW), opened)
    assert claims.find_person(opened, NOW) is None
    assert enter(code()) == 0  # who has left asks anew


@pytest.mark.parametrize("who", ["stranger", "other phone", "no phone"])
def test_nothing_goes_to_a_phone_that_is_not_on_record(person: Person, who: str) -> None:
    number, phone = person.id_number, "13812345678"
    if who == "stranger":
        number, phone = STRANGER, person.phone or ""
    if who == "no phone":
        person.phone = None
        db.session.commit()
    ask(number, phone)
    assert last().state is MessageState.WITHHELD
    assert enter(code()) == MOST_TRIES - 1  # the right code of nobody is a wrong one


def test_a_code_is_tried_five_times_within_ten_minutes(person: Person) -> None:
    ask(person.id_number, person.phone or "")
    right = code()
    assert enter(right, key="another browser") == 0
    assert enter(right, minutes=10) == 0
    lefts = [enter(wrong(right)) for _ in range(MOST_TRIES)]
    assert lefts == [4, 3, 2, 1, 0] and all(isinstance(one, Wrong) for one in lefts)
    assert enter(right) == 0
    ask(person.id_number, person.phone or "")
    assert isinstance(enter(code(), minutes=9.9), str)
    assert isinstance(enter(code(), minutes=9.9), str)  # sent twice by a double click


def test_a_new_code_takes_the_place_of_the_old_one(person: Person) -> None:
    ask(person.id_number, person.phone or "")
    old = code()
    ask(person.id_number, person.phone or "")
    if code() != old:
        assert isinstance(enter(old), Wrong)
    assert isinstance(enter(code()), str)


@pytest.mark.parametrize("known", [True, False])
def test_codes_are_limited_by_number_phone_and_address(person: Person, known: bool) -> None:
    number, phone = (person.id_number, person.phone or "") if known else (STRANGER, "13800000000")
    for _ in range(MOST_PER_NUMBER):
        ask(number, phone, address="10.0.0.2")
    with pytest.raises(Refused, match="too often"):
        ask(number, "13700000000")
    with pytest.raises(Refused, match="too often"):
        ask("330282199005170010", phone)
    ask(number, phone, by=system(NOW + WINDOW))
    assert MOST_PER_PHONE == MOST_PER_NUMBER


def test_one_address_cannot_try_number_after_number(build: Builder) -> None:
    for place in range(MOST_PER_ADDRESS):
        ask(f"33028219900517{place:04d}", f"139{place:08d}")
    with pytest.raises(Refused, match="too often"):
        ask("110105199005170010", "13700000000")
    ask("110105199005170010", "13700000000", address="10.0.0.9")


@pytest.mark.parametrize(
    ("number", "phone", "field"),
    [
        ("", "13900000001", "id_number"),
        ("1234", "13900000001", "id_number"),
        ("330282199005170002; --", "13900000001", "id_number"),
        (STRANGER, "", "phone"),
        (STRANGER, "0574-63000000", "phone"),
    ],
)
def test_what_can_be_no_number_is_refused_whoever_it_is(
    build: Builder, number: str, phone: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        ask(number, phone)
    assert refused.value.field == field


def test_known_and_unknown_cost_the_same(
    build: Builder, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    """The statements are the same to the letter, and the time is the same but for noise."""
    people = [build.person() for _ in range(40)]
    pairs = [(one.id_number, one.phone) for one in people]
    seen: list[tuple[str, ...]] = []
    times: dict[bool, list[float]] = {True: [], False: []}
    for place, (number, phone) in enumerate(pairs):
        for known in (True, False):
            typed = phone if known else f"138{place:08d}"
            db.session.expire_all()
            begun = time.perf_counter()
            with statements() as sent:
                ask(number if known else f"44028219900517{place:04d}", typed, address=str(place))
            times[known].append(time.perf_counter() - begun)
            seen.append(tuple(sent))
    assert len(set(seen)) == 1
    assert 0.6 < median(times[True]) / median(times[False]) < 1.6


def test_claims_hold_hashes_only_and_are_forgotten(person: Person) -> None:
    ask(person.id_number, person.phone or "")
    (row,) = db.session.execute(select(Claim.__table__)).mappings()
    stored = str(dict(row))
    assert code() not in re.sub(r"[0-9a-f]{64}", "", stored)
    assert person.id_number not in stored and str(person.phone) not in stored
    assert "10.0.0.1" not in stored and KEY not in stored
    assert claims.forget_old(system(NOW + WINDOW)) == 0
    assert claims.forget_old(system(NOW + WINDOW * 2)) == 1
    assert db.session.scalar(select(func.count()).select_from(Claim)) == 0
