"""What a judge signed, as one text that has one digest for ever."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from rules.data import plain

# Without letters and figures that look alike on paper.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10


def content_of(
    work: str,
    scheme: str,
    seat: str,
    version: int,
    signed_at: datetime,
    marks: Mapping[str, Decimal],
) -> str:
    """Write a signed sheet as text: equal sheets give equal texts, letter by letter."""
    facts = {
        "marks": {aspect: plain(value) for aspect, value in marks.items()},
        "scheme": scheme,
        "seat": seat,
        "signed_at": signed_at.astimezone(UTC).isoformat(),
        "version": version,
        "work": work,
    }
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(content: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(content.encode()).hexdigest()


def marks_in(content: str) -> dict[str, Decimal]:
    """Read the marks of a receipt's text again."""
    return {aspect: Decimal(value) for aspect, value in json.loads(content)["marks"].items()}


def differences(
    then: Mapping[str, Decimal], now: Mapping[str, Decimal]
) -> list[tuple[str, Decimal | None, Decimal | None]]:
    """List the aspects whose marks differ, with the mark then and now."""
    keys = [*then, *(key for key in now if key not in then)]
    return [(key, then.get(key), now.get(key)) for key in keys if then.get(key) != now.get(key)]


def tidy_code(text: str) -> str:
    """Read a receipt's code as people type it: small letters, blanks and dashes do not matter."""
    return "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())
