"""Break a text into lines and find the size at which it fits; what does not fit is told."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rules.certificate_layouts import Fit

# A line begins with none of the first and ends with none of the second.
NO_START = frozenset("、。，．：；！？）》」』】〕〉’”…—·・％!),.:;?]}%")
NO_END = frozenset("（《「『【〔〈‘“([{")
STEP = 0.5  # points from one size to the next


class Piece(NamedTuple):
    """What is never torn apart: its text, its width at size 1, the words it belongs to.

    Pieces of the same `whole` stay on one line where the line is long enough; 0 belongs to none.
    """

    text: str
    width: float
    whole: int = 0


class Room(NamedTuple):
    """The box to fill, in points, and how."""

    width: float
    height: float
    size: float
    least: float
    leading: float
    indent: float
    fit: Fit
    most_lines: int


class Fitted(NamedTuple):
    """The size, and for each line where it begins and ends; `first` lines are set in."""

    size: float
    lines: tuple[tuple[int, int, bool], ...]


def fitted(pieces: Sequence[Piece], room: Room) -> Fitted | None:
    """Return the largest setting that the room allows; None when even the least does not fit."""
    words = list(_words(pieces))
    paragraphs = 1 + sum(piece.text == "\n" for piece in pieces)
    limits = [paragraphs, room.most_lines] if room.fit is Fit.SHRINK else [room.most_lines]
    for limit in limits:
        for size in _sizes(room):
            most = min(limit, int(room.height / (size * room.leading) + 1e-6))
            lines = _lines(pieces, words, room.width / size, room.indent)
            if len(lines) <= most and _within(pieces, lines, room, size):
                return Fitted(size, tuple(lines))
    return None


def _sizes(room: Room) -> Iterator[float]:
    size = room.size
    while size > room.least:
        yield size
        size -= STEP
    yield room.least


def _within(
    pieces: Sequence[Piece], lines: Sequence[tuple[int, int, bool]], room: Room, size: float
) -> bool:
    """Say whether every line is narrow enough: a single piece may be wider than the box."""
    for start, end, first in lines:
        width = sum(piece.width for piece in pieces[start:end]) + room.indent * first
        if width * size > room.width + 1e-6:
            return False
    return True


def _words(pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Yield the runs of pieces between which a line can be broken."""
    start = 0
    for at in range(1, len(pieces)):
        if _breakable(pieces[at - 1], pieces[at]):
            yield start, at
            start = at
    if pieces:
        yield start, len(pieces)


def _breakable(before: Piece, after: Piece) -> bool:
    if "\n" in (before.text, after.text):
        return True
    if after.text[0] in NO_START or before.text[-1] in NO_END or after.text.isspace():
        return False
    if before.whole and before.whole == after.whole:
        return False
    return before.text.isspace() or not (_latin(before.text) and _latin(after.text))


def _latin(text: str) -> bool:
    return text[0] < "\u2e80" and not text.isspace()


def _lines(
    pieces: Sequence[Piece], words: Sequence[tuple[int, int]], width: float, indent: float
) -> list[tuple[int, int, bool]]:
    """Fill one line after the other; a word longer than a whole line is torn where it must be."""
    lines: list[tuple[int, int, bool]] = []
    line, first, used = 0, True, indent
    for start, end in words:
        if pieces[start].text == "\n":
            lines.append((line, start, first))
            line, first, used = end, True, indent
            continue
        wide = sum(piece.width for piece in pieces[start:end])
        if used + _without_blanks(pieces, start, end) <= width + 1e-9:
            used += wide
            continue
        if line < start:
            lines.append(_trimmed(pieces, line, start, first))
            line, first, used = start, False, 0.0
        for at in range(start, end):
            if used + pieces[at].width > width + 1e-9 and line < at:
                lines.append((line, at, first))
                line, first, used = at, False, 0.0
            used += pieces[at].width
    lines.append(_trimmed(pieces, line, len(pieces), first))
    return lines


def _without_blanks(pieces: Sequence[Piece], start: int, end: int) -> float:
    while end > start and pieces[end - 1].text.isspace():
        end -= 1
    return sum(piece.width for piece in pieces[start:end])


def _trimmed(pieces: Sequence[Piece], start: int, end: int, first: bool) -> tuple[int, int, bool]:
    while end > start and pieces[end - 1].text == " ":
        end -= 1
    return start, end, first
