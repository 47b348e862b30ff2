"""Column types: exact numbers, aware times, encrypted texts, named states; titles compared."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Enum, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

from models.encryption import keyring


class Utc(TypeDecorator[datetime]):
    """An instant; aware UTC outside, in both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; keep UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Scaled(TypeDecorator[Decimal]):
    """A decimal with a fixed number of places, stored as a whole number."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Shift to a whole number; refuse digits that would be lost."""
        if value is None:
            return None
        shifted = Decimal(value).scaleb(self.places)
        if shifted != shifted.to_integral_value():
            raise ValueError("more decimal places than the column keeps")
        return int(shifted)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Shift back, exactly."""
        return None if value is None else Decimal(value).scaleb(-self.places)


class Encrypted(TypeDecorator[str]):
    """A text that only the application can read; the column's name is bound into it."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt."""
        return None if value is None else keyring.seal(value, self.column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt."""
        return None if value is None else keyring.open(value, self.column)


class EncryptedDate(TypeDecorator[date]):
    """A date that only the application can read."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Encrypt the ISO form."""
        return None if value is None else keyring.seal(value.isoformat(), self.column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """Decrypt."""
        return None if value is None else date.fromisoformat(keyring.open(value, self.column))


class EncryptedJson(TypeDecorator[Any]):
    """JSON data that only the application can read."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Encrypt the JSON text."""
        if value is None:
            return None
        return keyring.seal(json.dumps(value, ensure_ascii=False), self.column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Decrypt and parse."""
        return None if value is None else json.loads(keyring.open(value, self.column))


def _values(states: type[StrEnum]) -> list[str]:
    return [state.value for state in states]


def named(states: type[StrEnum], name: str) -> Enum:
    """Return a text column type whose values a check constraint limits to these names."""
    values: Callable[[Any], list[str]] = _values
    return Enum(
        states,
        name=name,
        native_enum=False,
        create_constraint=True,
        values_callable=values,
        length=24,
        validate_strings=True,
    )


class bare_title(GenericFunction[str]):
    """What two spellings of one title have in common, as `rules.titles` says; SQLite calls that."""

    type = String()
    inherit_cache = True


@compiles(bare_title, "postgresql")
def _bare_by_the_server(element: Any, compiler: Any, **more: Any) -> str:
    inner = compiler.process(element.clauses, **more)
    return rf"lower(regexp_replace(normalize({inner}, NFKC), '\s', '', 'g'))"
