"""Paper beside the screen: what a printed sheet carries, and what is wrong between two readings.

Each printed page says in its QR code which work, seat and page it is, by which version of the
scheme it was printed, and a check that only this installation can make (R2.24).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

HANDS = 2
VERSION_LENGTH = 8
CHECK_LENGTH = 12
_SIGN = "SKILLSTAR1"
_PAYLOAD = re.compile(
    rf"{_SIGN}\*(\d{{1,9}})\*([^*]{{0,20}})\*(\d{{1,3}})\*(\d{{1,3}})\*(\d{{1,3}})/(\d{{1,3}})"
    rf"\*([0-9A-F]{{{VERSION_LENGTH}}})\*([0-9A-F]{{{CHECK_LENGTH}}})"
)
_REFERENCE = re.compile(r"([0-9A-Z]{1,20})(?:-(\d{1,3})-(\d{1,3}))?")


class PageState(StrEnum):
    """A scanned page: filed with its sheet, waiting in the tray, or put away."""

    FILED = "filed"
    TRAY = "tray"
    DROPPED = "dropped"


class PageProblem(StrEnum):
    """Why a scanned page could not be filed by its code."""

    NONE = "none"
    UNREADABLE = "unreadable"
    FOREIGN = "foreign"
    OUTDATED = "outdated"
    UNKNOWN = "unknown"
    RESERVE = "reserve"
    DUPLICATE = "duplicate"


class Agreement(StrEnum):
    """How the readings of one line of a sheet stand to each other."""

    WAITING = "waiting"
    SAME = "same"
    CLERKS_DIFFER = "clerks_differ"
    SCREEN_DIFFERS = "screen_differs"


@dataclass(frozen=True)
class PaperPage:
    """What the QR code of one printed page says; without a code it is a reserve sheet."""

    event_id: int
    code: str
    bench: int
    seat: int
    page: int
    pages: int
    version: str

    @property
    def text(self) -> str:
        """Return what the check is made of."""
        place = f"{self.bench}*{self.seat}*{self.page}/{self.pages}"
        return f"{_SIGN}*{self.event_id}*{self.code}*{place}*{self.version}"

    def payload(self, check: str) -> str:
        """Return the whole text of the QR code."""
        return f"{self.text}*{check}"


def short_version(digest: str) -> str:
    """Return the prefix of a scheme's digest that is printed."""
    return digest[:VERSION_LENGTH].upper()


def short_check(signature: str) -> str:
    """Return the prefix of a signature that is printed."""
    return signature[:CHECK_LENGTH].upper()


def read_payload(text: str) -> tuple[PaperPage, str] | None:
    """Read the text of a QR code as a page and its check; None if it is not one of ours."""
    found = _PAYLOAD.fullmatch(text.strip())
    if found is None:
        return None
    event_id, code, bench, seat, page, pages, version, check = found.groups()
    numbers = (int(bench), int(seat), int(page), int(pages))
    return PaperPage(int(event_id), code, *numbers, version), check


def reference(code: str, bench: int, seat: int) -> str:
    """Return the short name of a sheet that people can type: work code, part, seat."""
    return f"{code}-{bench}-{seat}"


@dataclass(frozen=True)
class SheetReference:
    """A reference as typed or scanned; without bench and seat only the work is known."""

    code: str
    bench: int | None = None
    seat: int | None = None


def read_reference(text: str) -> SheetReference | None:
    """Read what a clerk typed, or what a scanner sent from the QR code; None if it is neither."""
    scanned = read_payload(text)
    if scanned is not None:
        page = scanned[0]
        return SheetReference(page.code, page.bench, page.seat) if page.code else None
    typed = re.sub(r"[‐‑–—−_./\s]+", "-", unicodedata.normalize("NFKC", text).strip()).upper()
    found = _REFERENCE.fullmatch(typed)
    if found is None:
        return None
    code, bench, seat = found.groups()
    return SheetReference(
        code, None if bench is None else int(bench), None if seat is None else int(seat)
    )


@dataclass(frozen=True)
class Readings:
    """All that is known of one sheet: up to two keyings, rulings on single lines, the screen.

    A line that stands empty on the paper is not in a keying; a ruling says so with None.
    """

    hands: tuple[Mapping[str, Decimal], ...]
    rulings: Mapping[str, Decimal | None]
    marks: Mapping[str, Decimal]

    def has_paper(self, key: str, needed: int) -> bool:
        """Say whether it is known what the paper says on a line."""
        if key in self.rulings:
            return True
        return len(self.hands) >= needed and len({hand.get(key) for hand in self.hands}) == 1

    def paper(self, key: str) -> Decimal | None:
        """Return what the paper says on a line, once that is known."""
        return self.rulings[key] if key in self.rulings else self.hands[0].get(key)

    @cached_property
    def is_in_doubt(self) -> bool:
        """Say whether the clerks disagree on some line."""
        keys = {key for hand in self.hands for key in hand}
        return any(not self.has_paper(key, len(self.hands)) for key in keys)

    def agreement(self, key: str, needed: int) -> Agreement:
        """Say how the readings of a line stand to each other."""
        if len(self.hands) < needed:
            return Agreement.WAITING
        if not self.has_paper(key, needed):
            return Agreement.CLERKS_DIFFER
        if needed == HANDS and key not in self.marks and self.is_in_doubt:
            return Agreement.WAITING  # goes to the screen with the rest of the sheet
        same = self.paper(key) == self.marks.get(key)
        return Agreement.SAME if same else Agreement.SCREEN_DIFFERS

    def differing(self, keys: Iterable[str], needed: int) -> list[str]:
        """List the lines that block: the clerks disagree, or paper and screen do."""
        apart = {Agreement.CLERKS_DIFFER, Agreement.SCREEN_DIFFERS}
        return [key for key in keys if self.agreement(key, needed) in apart]


def paginate(
    heights: Sequence[tuple[float, bool]], room: float, last: float
) -> list[tuple[int, int]]:
    """Part rows into pages of so much room, the last with less; give each page's first and end.

    A row is its height and whether it is a heading: no page ends with one.
    """
    pages: list[tuple[int, int]] = []
    start, used = 0, 0.0
    for at, (height, _) in enumerate(heights):
        if used + height > room and at > start:
            cut = at - 1 if heights[at - 1][1] and at - 1 > start else at
            pages.append((start, cut))
            start, used = cut, sum(h for h, _ in heights[cut:at])
        used += height
    pages.append((start, len(heights)))
    if used > last and len(heights) - start > 1:
        pages[-1:] = _shared(heights, start, last)
    return pages


def _shared(
    heights: Sequence[tuple[float, bool]], start: int, last: float
) -> list[tuple[int, int]]:
    """Move rows from a last page that is too full to one more page."""
    cut, left = len(heights), 0.0
    while cut - 1 > start and left + heights[cut - 1][0] <= last:
        cut -= 1
        left += heights[cut][0]
    if heights[cut - 1][1] and cut - 1 > start:
        cut -= 1
    return [(start, cut), (cut, len(heights))]
