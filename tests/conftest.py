"""One migrated database for the whole run; every test is rolled back."""

import contextvars
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import Any, Protocol, TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
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
T = TypeVar("T")
_POSTGRES: list[str] = []  # the address of the run's database, once it is there
# The files that take longest come first: no worker is left with one while the others have nothing.
LONGEST = (
    "tests/browser/test_accessibility.py",
    "tests/test_public_leaks.py",
    "tests/test_code_leaks.py",
    "tests/blueprints/test_statement_counts.py",
    "tests/services/test_demo_awards.py",
    "tests/test_access.py",
    "tests/browser/",
    "tests/chaos/",
    "tests/services/test_demo",
    "tests/services/test_documents",
    "tests/services/test_scans.py",
    "tests/services/test_workbooks.py",
)
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the longest files to the front where several workers share them."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    ranks = {
        path: next((rank for rank, start in enumerate(LONGEST) if path.startswith(start)), 99)
        for path in {item.nodeid.partition("::")[0] for item in items}
    }
    items.sort(key=lambda item: ranks[item.nodeid.partition("::")[0]])


class Templates(BytecodeCache):
    """Templates compiled once for all applications of a run: each new one took five seconds."""

    def __init__(self) -> None:
        self.compiled: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of a template whose text is the same."""
        bucket.code = self.compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        if bucket.code is not None:
            self.compiled[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Templates()}


class Browser(FlaskClient):
    """A visitor's browser without JavaScript; each request has a context of its own."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request as if from outside."""
        db.session.commit()  # end the test's own savepoint, or its rollback would undo the request
        return contextvars.Context().run(super().open, *args, **kwargs)


class Tell(Protocol):
    """Tells a story: the rows it makes are there in every test of the file."""

    def __call__(self, story: Callable[[], T]) -> T:
        """Play the story and give what it returns."""


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


@contextmanager
def _undone(app: Flask) -> Iterator[None]:
    """Undo in the end what a block writes: its commits are savepoints of one transaction.

    Within another such block that is the same transaction, undone to where this block began.
    """
    engines: dict[str | None, Any] = db._app_engines[app]
    engine = engines[None]
    with engine.connect() if isinstance(engine, Engine) else nullcontext(engine) as connection:
        outer = connection.begin_nested() if connection.in_transaction() else connection.begin()
        inner = connection.begin_nested()
        engines[None] = connection
        try:
            yield
        finally:
            db.session.remove()
            engines[None] = engine
            inner.close()
            outer.rollback()


def _set(app: Flask, clock: Clock, folder: Path) -> None:
    app.extensions["skillstar_clock"] = clock
    app.config["SETTINGS"].instance_dir = folder
    control_memory.forget()  # ids come again after a rollback


@pytest.fixture(scope="module")
def tell(migrated: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tell]:
    """Tell a story once for a whole file: each of its tests begins at the end of the story."""
    folder = tmp_path_factory.mktemp("story")

    def told(story: Callable[[], T]) -> T:
        _set(migrated, Clock(), folder)
        with migrated.app_context(), pytest.MonkeyPatch.context() as monkeypatch:
            _number_seeds(monkeypatch)
            found = story()
            db.session.commit()
            db.session.remove()
        return found

    with migrated.app_context(), _undone(migrated):
        migrated.extensions["told_files"] = folder
        yield told
        del migrated.extensions["told_files"]


@pytest.fixture
def app(migrated: Flask, clock: Clock, tmp_path: Path) -> Iterator[Flask]:
    """The application inside a transaction that is rolled back after the test."""
    _set(migrated, clock, tmp_path)
    if (told := migrated.extensions.get("told_files")) is not None:
        shutil.copytree(told, tmp_path, dirs_exist_ok=True)
    with migrated.app_context(), _undone(migrated):
        yield migrated


def _number_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = itertools.count(1)
    monkeypatch.setattr(draws, "new_seed", lambda: sha256(b"%d" % next(numbers)).hexdigest())


@pytest.fixture(autouse=True)
def seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws that are the same in every run: no test may hang on the luck of the draw."""
    _number_seeds(monkeypatch)


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
