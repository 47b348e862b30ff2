"""Run migrations on the application's own engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeDecorator

from models.database import db, write_lock


def plain_types(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write a column type of ours as what the database knows, so that migrations stand alone."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    return f"sa.{item.impl_instance!r}"


def run() -> None:
    """Apply the migrations in one transaction each."""
    with db.engine.connect() as connection, _tables_may_be_copied(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transaction_per_migration=True,
            render_item=plain_types,
            **current_app.extensions["migrate"].configure_args,
        )
        with write_lock(), context.begin_transaction():
            context.run_migrations()


@contextmanager
def _tables_may_be_copied(connection: Connection) -> Iterator[None]:
    """Let SQLite copy a table that others point at; afterwards every key must lead somewhere."""
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()  # the switch does nothing inside a transaction
    cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
        lost = cursor.execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"rows that point at nothing: {lost[:10]}")
    finally:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()


run()
