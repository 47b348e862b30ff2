"""The tables: what migrations make is what the models say, and what is secret stays so."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from models.audits import AuditRecord
from models.columns import Scaled, Utc
from models.database import db, engine_options
from models.encryption import keyring
from models.people import Person
from rules.access import Role
from services import audits
from services.acting import Actor
from tests.builders import Builder


def test_migrations_make_what_the_models_say(app: Flask, session: Session) -> None:
    context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
    assert compare_metadata(context, db.metadata) == []


def test_personal_data_is_unreadable_in_the_database(build: Builder, session: Session) -> None:
    person = build.person(phone="13912345678")
    row = session.execute(text("SELECT * FROM person WHERE id = :id"), {"id": person.id}).one()
    stored = " ".join(str(value) for value in row)
    for secret in (person.id_number, person.id_number[6:14], "13912345678", "1990-05-17"):
        assert secret not in stored
    session.expire_all()
    assert session.get(Person, person.id).birth_date == date(1990, 5, 17)


def test_a_sealed_value_opens_only_in_its_own_column() -> None:
    sealed = keyring.seal("330282199005170005", "person.id_number")
    assert keyring.open(sealed, "person.id_number") == "330282199005170005"
    with pytest.raises(InvalidTag):
        keyring.open(sealed, "person.phone")
    assert sealed != keyring.seal("330282199005170005", "person.id_number")


def test_an_identity_number_belongs_to_one_person(build: Builder) -> None:
    number = build.id_number()
    build.person(id_number=number)
    with pytest.raises(IntegrityError):
        build.person(id_number=number)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_of_the_table_can_be_granted(
    build: Builder, session: Session, role: Role
) -> None:
    account = build.account(role)
    session.expire_all()
    assert [grant.role for grant in account.grants] == [role]


@pytest.mark.parametrize(
    ("role", "contest_id", "event_id"), [("nobody", None, None), ("judge", None, 1)]
)
def test_a_role_that_is_unknown_or_has_no_scope_is_not_stored(
    build: Builder, session: Session, role: str, contest_id: int | None, event_id: int | None
) -> None:
    row = {"a": build.account("judge").id, "r": role, "c": contest_id, "e": event_id}
    with pytest.raises(IntegrityError, match="ck_role_grant"):
        session.execute(
            text(
                "INSERT INTO role_grant (account_id, role, contest_id, event_id) "
                "VALUES (:a, :r, :c, :e)"
            ),
            row,
        )


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_record SET action = 'x'", "DELETE FROM audit_record"]
)
def test_audit_records_cannot_be_changed_or_deleted(
    by: Actor, session: Session, statement: str
) -> None:
    audits.record(by, "test", "nothing", None)
    session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))
    session.rollback()
    assert session.scalar(select(AuditRecord).where(AuditRecord.action == "test"))


def test_decimals_are_stored_exactly_or_not_at_all() -> None:
    column = Scaled(4)
    dialect = None
    assert column.process_bind_param(Decimal("12.5"), dialect) == 125000  # type: ignore[arg-type]
    assert column.process_result_value(125000, dialect) == Decimal("12.5000")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="decimal places"):
        column.process_bind_param(Decimal("0.00001"), dialect)  # type: ignore[arg-type]


def test_naive_times_are_refused(session: Session) -> None:
    dialect = session.get_bind().dialect
    with pytest.raises(ValueError, match="naive"):
        Utc().process_bind_param(datetime(2026, 1, 1), dialect)  # noqa: DTZ001
    assert Utc().process_result_value(datetime(2026, 1, 1), dialect) == datetime(  # noqa: DTZ001
        2026, 1, 1, tzinfo=UTC
    )


def test_settings_that_an_address_names_stay_behind_our_own() -> None:
    plain = engine_options("postgresql+psycopg://u@/d?host=%2Ftmp")
    assert plain["connect_args"]["options"] == "-c jit=off -c work_mem=16MB"
    named = engine_options("postgresql+psycopg://u@/d?options=-csearch_path%3Draces")
    assert named["connect_args"]["options"].endswith("16MB -csearch_path=races")
    twice = engine_options("postgresql+psycopg://u@/d?options=-ca%3D1&options=-cb%3D2")
    assert twice["connect_args"]["options"].endswith(" -ca=1 -cb=2")
    assert "connect_args" not in engine_options("sqlite:///x.db")
