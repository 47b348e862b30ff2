"""Marks that come late, twice or in the wrong order: what becomes of each of them.

Every device numbers what is entered on it. Of one aspect the last entry of a device counts; what
another device or page wrote meanwhile is never overwritten without asking.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

PROTOCOL = 2  # 1 was one mark per request, without a number of the device


class Outcome(StrEnum):
    """What became of a mark that was sent; only the first three are final."""

    SAVED = "saved"
    SAME = "same"
    PASSED = "passed"  # a later entry of the same device was here before it
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Known:
    """A mark as stored: no value and version 0 where there is none."""

    value: Decimal | None = None
    version: int = 0


@dataclass(frozen=True)
class LastSent:
    """The last entry of a device for an aspect, and the version of the mark after it."""

    sequence: int
    version: int


def decide(
    value: Decimal | None, base: int, sequence: int, stored: Known, last: LastSent | None
) -> Outcome:
    """Say what becomes of a mark that was based on a version and numbered by its device."""
    if last is not None and sequence <= last.sequence:
        return Outcome.PASSED
    if value == stored.value:
        return Outcome.SAME
    # What the device wrote itself is no change by others, even if it never heard the answer.
    own = last is not None and last.version == stored.version
    return Outcome.SAVED if own or base == stored.version else Outcome.CONFLICT
