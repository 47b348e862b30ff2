"""The public check finds a certificate by its code, or by number and name together."""

import pytest
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from services import certificates_verifying, statements
from services.certificates_verifying import find_by_code, find_by_name, is_code
from tests.builders import Builder
from tests.results_story import NOW, Story


@pytest.fixture
def one(build: Builder) -> Certificate:
    """The certificate of somebody with a dot in the name."""
    statements.make_key(build.actor(now=NOW))
    story, person = Story(build), build.person()
    person.name = "乌尔娜·巴雅尔"
    story.entry("80", "80", person=person)
    story.field(["70"])
    story.issued()
    return db.session.scalars(select(Certificate).order_by(Certificate.id)).first()  # type: ignore[return-value]


def test_a_code_is_found_however_it_is_typed(one: Certificate) -> None:
    code = one.check_code
    for typed in (code, f"{code[:4]} {code[4:8]}-{code[8:]}".lower(), code.replace("A", "Ａ")):
        assert is_code(typed) and find_by_code(typed) == one
    for typed in ("", "%", code[:-1], f"{code}A", "'; drop table", "证书", one.number):
        assert not is_code(typed) and find_by_code(typed) is None


def test_a_number_is_found_with_its_name_only(one: Certificate) -> None:
    for number in (one.number, one.number.lower().replace("-", "　"), one.number.replace("-", "")):
        for name in ("乌尔娜·巴雅尔", "乌尔娜•巴雅尔", "乌尔娜 巴雅尔", "乌尔娜巴雅尔"):
            assert find_by_name(number, name) == one
    for number, name in (
        (one.number, ""),
        (one.number, "乌尔娜"),
        (one.number[:-1], one.facts["name"]),
        ("", one.facts["name"]),
        ("%", "%"),
    ):
        assert find_by_name(number, name) is None


def test_nothing_is_found_while_nothing_is_issued(build: Builder) -> None:
    build.event()
    assert find_by_name("JN-1", "") is None and find_by_name("", "") is None


def test_what_the_register_says_is_what_was_signed(one: Certificate) -> None:
    checked = certificates_verifying.look_up(one)
    register = certificates_verifying.register_of(checked)
    assert register["name"] == "乌尔娜·巴雅尔" and register["date"] == one.facts["date"]
    assert checked.key == statements.active_key() and register["kid"] == checked.said.key
    assert (checked.revoked, checked.replaced_at, checked.new_number) == (False, None, None)
    one.statement = None
    assert certificates_verifying.look_up(one).key is None
