"""The database: its base class, its session, and how a connection is opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.orm import DeclarativeBase

from rules.titles import bare_title

try:  # Debian's own SQLite 3.40 can corrupt a WAL database; the wheel brings a mended one.
    import pysqlite3.dbapi2 as sqlite_module
except ImportError:  # pragma: no cover - no wheel for this platform
    import sqlite3 as sqlite_module

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
WAL_IS_SAFE = sqlite_module.sqlite_version_info >= (3, 51, 3)


class Base(DeclarativeBase):
    """Parent of all tables."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)

_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def write_lock() -> Iterator[None]:
    """Let transactions begun inside take SQLite's write lock at once."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def is_writing() -> bool:
    """Say whether an act is under way in this context."""
    return _writing.get()


@event.listens_for(Engine, "connect")
def _open(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite_module.Connection):
        return
    connection.isolation_level = None  # we begin transactions ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 15000")
    cursor.execute(f"PRAGMA journal_mode = {'WAL' if WAL_IS_SAFE else 'DELETE'}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
    connection.create_function("bare_title", 1, bare_title, deterministic=True)


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # A reader that turns writer gets BUSY at once, so a writer says so from the start.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing() else "BEGIN")


def engine_options(url: str) -> dict[str, Any]:
    """Return what the engine needs for this database address."""
    if url.startswith("sqlite"):
        return {"module": sqlite_module}
    return {
        "pool_pre_ping": True,
        "pool_size": 8,
        "max_overflow": 8,
        "connect_args": {"options": _server_options(url)},
    }


def _server_options(url: str) -> str:
    """Return our settings of a PostgreSQL session, and behind them those that the address names.

    An argument of the connection takes the place of the address's own, so it must hold both; of
    two settings of one name the later counts.
    """
    own = make_url(url).query.get("options", ())
    # Compiling a statement takes longer than any of ours runs, and figures sort in memory.
    ours = "-c jit=off -c work_mem=16MB"
    return " ".join([ours, own] if isinstance(own, str) else [ours, *own])
