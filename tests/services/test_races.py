"""Several at once, released by a barrier, on a database without a surrounding transaction."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, func, select, text

from models.accounts import Account
from models.audits import AuditRecord
from models.database import db
from models.people import Employer
from services import accounts, audits
from services.acting import Actor
from services.transaction import Repeated, transaction
from tests.builders import NOW, Builder

CROWD = 7


def own_database(folder: Path) -> str:
    """Return the address of an empty database; on PostgreSQL a schema of its own."""
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        return f"sqlite:///{folder / 'races.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS races CASCADE"))
        connection.execute(text("CREATE SCHEMA races"))
    engine.dispose()
    return f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3Draces"


def all_at_once(app: Flask, work: Callable[[int], object]) -> list[object]:
    """Run the work in a crowd of threads that start together; give results or errors."""
    barrier = threading.Barrier(CROWD)
    outcomes: list[object] = []

    def run(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                outcomes.append(work(number))
            except Exception as error:  # every kind is an outcome to look at
                outcomes.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@transaction
def register(by: Actor, title: str) -> int:
    employer = Employer(title=title, created_at=by.now)
    db.session.add(employer)
    db.session.flush()
    audits.record(by, "register", "employer", employer.id)
    return employer.id


def test_one_request_sent_many_times_has_one_effect(committing: Flask) -> None:
    by = Actor(None, NOW, "r", "sent-many-times")
    outcomes = all_at_once(committing, lambda number: register(by, f"公司{number}"))
    made = [outcome for outcome in outcomes if isinstance(outcome, int)]
    repeats = [outcome for outcome in outcomes if isinstance(outcome, Repeated)]
    assert (len(made), len(repeats)) == (1, CROWD - 1), outcomes
    assert {repeat.subject_id for repeat in repeats} == set(made)
    with committing.app_context():
        count = (
            select(func.count()).select_from(AuditRecord).where(AuditRecord.action == "register")
        )
        assert db.session.scalar(count) == 1


def test_no_wrong_password_is_left_uncounted(committing: Flask) -> None:
    with committing.app_context():
        account_id = Builder().account("judge").id
    by = Actor(None, NOW)
    outcomes = all_at_once(committing, lambda _: accounts.record_failure(by, account_id))
    assert outcomes == [None] * CROWD
    with committing.app_context():
        assert db.session.get(Account, account_id).failures == CROWD
