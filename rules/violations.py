"""Breaches of the rules: what they can lead to, and what evidence is taken (R2.19, R2.20)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rules.scheme_nodes import Deduction
from rules.schemes import Scheme
from rules.seats import Bench, benches

LARGEST_EVIDENCE = 10 * 1024 * 1024
# What a file is follows from its first bytes, never from its name.
_SIGNATURES = (
    (b"%PDF-", "pdf", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
)


class Effect(StrEnum):
    """What a breach leads to."""

    WARNING = "warning"
    DEDUCTION = "deduction"
    EXCLUSION = "exclusion"


@dataclass(frozen=True, slots=True)
class Chargeable:
    """A deduction of the scheme that can be recorded, and the bench whose recorder holds it."""

    bench: Bench
    deduction: Deduction


def chargeable(scheme: Scheme) -> Iterator[Chargeable]:
    """Yield every deduction of a scheme in the order of the recorders' sheets."""
    for bench in benches(scheme):
        for block in bench.recorded:
            for line in block.lines:
                if isinstance(line, Deduction):
                    yield Chargeable(bench, line)


def excludes(deduction: Deduction, times: Decimal) -> bool:
    """Say whether so many breaches put a work out of the contest by the scheme (R2.19)."""
    return deduction.disqualifies_at is not None and times >= deduction.disqualifies_at


def kind_of(data: bytes) -> tuple[str, str] | None:
    """Return file ending and media type of evidence; None for what is not taken."""
    found = (kind for signature, *kind in _SIGNATURES if data.startswith(signature))
    return next(((ending, media) for ending, media in found), None)
