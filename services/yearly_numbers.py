"""Numbers that begin anew each year, such as JNDS-2026-0007."""

from typing import Any

from sqlalchemy import func, select

from models.database import db


def next_after(column: Any, prefix: str) -> int:
    """Return the number after the highest one that begins like this; the first is 1."""
    query = select(func.max(column)).where(column.startswith(prefix, autoescape=True))
    last = db.session.scalar(query)
    return 1 if last is None else int(last.removeprefix(prefix)) + 1
