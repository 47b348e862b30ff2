"""One migrated database for the whole run; every test is rolled back."""

import contextvars
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

from app import create_app
from models.database import db
from services import control_memory, draws
from services.acting import Actor
from tests.builders import Builder

# The same in every application of a run: encrypted rows and password hashes are shared.
KEYS = {
    "secret_key": "a key for tests only 0123456789",
    "data_key": "another key for tests 9876543210",
}
# No test hangs on how fast the machine is.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
_POSTGRES: list[str] = []  # the address of the run's database, once it is there
NOON = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)  # a Tuesday, twelve o'clock in China


def pytest_configure() -> None:
    """Give each of several workers a PostgreSQL database of its own, as they have with SQLite."""
    worker, url = os.environ.get("PYTEST_XDIST_WORKER"), os.environ.get("TEST_DATABASE_URL")
    if not worker or not url:
        return
    shared = make_url(url)
    own = shared.set(database=f"{shared.database}_{worker}")
    engine = create_engine(shared, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        name = connection.dialect.identifier_preparer.quote(str(own.database))
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    os.environ["TEST_DATABASE_URL"] = own.render_as_string(hide_password=False)


class Browser(FlaskClient):
    """A visitor's browser without JavaScript; each request has a context of its own."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request as if from outside."""
        db.session.commit()  # end the test's own savepoint, or its rollback would undo the request
        return contextvars.Context().run(super().open, *args, **kwargs)


class Clock:
    """The application's clock, in the hands of a test."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a fresh database, brought up by the migrations."""
    folder: Path = tmp_path_factory.mktemp("instance")
    url = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{folder / 'test.db'}"
    app = create_app(skillstar_mode="testing", instance_dir=folder, database_url=url, **KEYS)
    app.config["WTF_CSRF_ENABLED"] = False  # the browser tests run with it
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
            _POSTGRES.append(url)
        upgrade()
        db.engine.dispose()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module", autouse=True)
def swept() -> Iterator[None]:
    """Clear away the rows that were rolled back, file by file.

    The private PostgreSQL server does not do it by itself: in the middle of a test it would find
    tables with nothing but dead rows, take them for empty, and plan joins accordingly.
    """
    yield
    if not _POSTGRES:
        return
    engine = create_engine(_POSTGRES[0], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM"))
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    """The clock that the application reads in this test."""
    return Clock()


@pytest.fixture
def app(migrated: Flask, clock: Clock, tmp_path: Path) -> Iterator[Flask]:
    """The application inside a transaction that is rolled back after the test."""
    migrated.extensions["skillstar_clock"] = clock
    migrated.config["SETTINGS"].instance_dir = tmp_path
    control_memory.forget()  # ids come again after a rollback
    with migrated.app_context():
        engines: dict[str | None, Any] = db._app_engines[migrated]
        engine = engines[None]
        with engine.connect() as connection:
            outer = connection.begin()
            connection.begin_nested()  # commits inside the test become savepoints
            engines[None] = connection
            try:
                yield migrated
            finally:
                db.session.remove()
                engines[None] = engine
                outer.rollback()


@pytest.fixture(autouse=True)
def seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws that are the same in every run: no test may hang on the luck of the draw."""
    numbers = itertools.count(1)
    monkeypatch.setattr(draws, "new_seed", lambda: sha256(b"%d" % next(numbers)).hexdigest())


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the test's own application context."""
    return db.session()


@pytest.fixture
def build(app: Flask) -> Builder:
    """Real rows for a test."""
    return Builder()


@pytest.fixture
def by(build: Builder, clock: Clock) -> Actor:
    """An administrator who acts now."""
    return build.actor(build.account("administrator"), clock.now)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    app.test_client_class = Browser
    return app.test_client()


@pytest.fixture
def statements(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collect the SQL statements sent while a block runs."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                seen.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return collect
