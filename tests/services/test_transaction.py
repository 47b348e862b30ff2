"""One act, one transaction: all or nothing, once, never nested."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audits import AuditRecord
from models.database import db
from models.people import Employer
from rules.refusals import Refused
from services import audits
from services.acting import Actor
from services.transaction import Repeated, transaction


@transaction
def found_company(by: Actor, title: str, fail: bool = False) -> int:
    """An act for these tests: one row and its record."""
    employer = Employer(title=title, created_at=by.now)
    db.session.add(employer)
    db.session.flush()
    audits.record(by, "found", "employer", employer.id)
    if fail:
        raise RuntimeError("power cut")
    return employer.id


def records(session: Session) -> int:
    return len(session.scalars(select(AuditRecord).where(AuditRecord.action == "found")).all())


def test_an_act_writes_row_and_record_together(by: Actor, session: Session) -> None:
    employer_id = found_company(by, "甲公司")
    assert session.get(Employer, employer_id).title == "甲公司"
    assert records(session) == 1


def test_an_act_that_fails_leaves_nothing(by: Actor, session: Session) -> None:
    with pytest.raises(RuntimeError):
        found_company(by, "甲公司", fail=True)
    assert session.scalar(select(Employer)) is None
    assert records(session) == 0


def test_the_same_request_key_has_one_effect(by: Actor, session: Session) -> None:
    keyed = replace(by, request_key="key-1")
    employer_id = found_company(keyed, "甲公司")
    with pytest.raises(Repeated) as repeat:
        found_company(keyed, "乙公司")
    assert repeat.value.subject_id == employer_id
    assert records(session) == 1


def test_a_constraint_becomes_a_refusal_at_its_field(by: Actor) -> None:
    found_company(by, "甲公司")
    with pytest.raises(Refused) as refusal:
        found_company(by, "甲公司")
    assert refusal.value.field == "title"


def test_acts_do_not_nest(by: Actor) -> None:
    @transaction
    def outer(by: Actor) -> None:
        found_company(by, "甲公司")

    with pytest.raises(RuntimeError, match="inside another act"):
        outer(by)
    found_company(by, "甲公司")  # and the next act runs again
