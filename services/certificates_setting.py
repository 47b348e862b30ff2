"""Set the texts of one person's certificate: shaped, fitted, broken into lines, put in place.

The same lines go into the fast PDF and into the page that WeasyPrint draws, so that the two can
be compared. Lengths are pixels of 1/96 inch, as in style sheets.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from rules.certificate_layouts import Anchor, DraftLayout, TextBox, Typeface, filled
from rules.certificate_lines import Fitted, Piece, Room, fitted
from rules.refusals import Refused
from rules.texts import N_
from services.certificates_fonts import Font, Glyph, font, missing_characters, runs

PIXELS = 96 / 25.4  # a millimetre
PER_POINT = 96 / 72
GRAIN = 1024  # Pango, which WeasyPrint sets with, counts in these parts of a pixel
_KEPT = 2000  # settings of one text box that are remembered


class DoesNotFit(Refused):
    """A text that is too long for its box even at the least size."""


class NoGlyph(Refused):
    """A text with characters that no font has."""


class Hand(NamedTuple):
    """How a glyph is drawn: font and colour; a strong one is what a reader would stress."""

    font: Font
    colour: str
    strong: bool


class Shaped(NamedTuple):
    """A piece of text with its glyphs, and how they are drawn."""

    piece: Piece
    glyphs: tuple[Glyph, ...]
    hand: Hand


@dataclass(frozen=True)
class Run:
    """Some glyphs of a line in one hand, what they say piece by piece, and where they begin."""

    hand: Hand
    glyphs: tuple[Glyph, ...]
    words: tuple[str, ...]
    x: float


@dataclass(frozen=True)
class SetLine:
    """A line: the room it has, where its glyphs stand, and its runs."""

    left: float
    top: float
    width: float
    height: float
    baseline: float
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class SetText:
    """A text of the layout, set: its lines at the size that fits."""

    text: TextBox
    size: float
    spacing: float
    lines: tuple[SetLine, ...]


class Setter:
    """Sets the texts of one layout; texts that many people share are set once.

    `struts` say how far below the middle of a line its baseline is, in parts of the size, as
    WeasyPrint laid it out.
    """

    def __init__(self, layout: DraftLayout, struts: Mapping[Typeface, float]) -> None:
        self._layout = layout
        self._struts = struts
        self._known: dict[str, dict[tuple[str, ...], SetText]] = {
            text.key: {} for text in layout.texts
        }

    def set(self, values: dict[str, str]) -> list[SetText]:
        """Set all texts; raise DoesNotFit or NoGlyph."""
        return [self._set(text, values) for text in self._layout.texts]

    def set_one(self, text: TextBox, values: dict[str, str]) -> SetText:
        """Set one text of the layout; raise DoesNotFit or NoGlyph."""
        return self._set(text, values)

    def problems(self, values: dict[str, str]) -> list[Refused]:
        """List what keeps these values from being printed."""
        found: list[Refused] = []
        for text in self._layout.texts:
            try:
                self._set(text, values)
            except (DoesNotFit, NoGlyph) as problem:
                found.append(problem)
        return found

    def _set(self, text: TextBox, values: dict[str, str]) -> SetText:
        words = tuple(filled(part, values) for part in text.parts)
        known = self._known[text.key]
        if words not in known:
            if len(known) >= _KEPT:
                known.clear()
            known[words] = self._fit(text, words)
        return known[words]

    def _fit(self, text: TextBox, words: tuple[str, ...]) -> SetText:
        lacking = missing_characters("".join(words))
        if lacking:
            raise NoGlyph(
                N_("No font has these characters: %(characters)s."),
                # A reader's screen cannot show them either; the code can be looked up.
                characters=", ".join(f"{one} (U+{ord(one):04X})" for one in lacking),
                text=text.key,
            )
        shaped = list(_shaped(text, words, text.language or self._layout.language))
        fit = fitted([one.piece for one in shaped], _room(text))
        if fit is None:
            raise DoesNotFit(
                N_("This text is too long for its place: %(words)s"),
                words="".join(words).replace("\n", " "),
                text=text.key,
            )
        size = int(fit.size * PER_POINT * GRAIN) / GRAIN
        strut = _strut(font(text.typeface), self._struts[text.typeface], size)
        lines = tuple(_placed(text, shaped, fit, _Measure(size, strut)))
        return SetText(text, size, text.spacing * size, lines)


def _room(text: TextBox) -> Room:
    millimetre = 72 / 25.4
    height = text.box.height * millimetre
    return Room(
        text.box.width * millimetre,
        height,
        text.size,
        text.least,
        text.leading,
        text.indent,
        text.fit,
        text.most_lines,
    )


def _shaped(text: TextBox, words: Sequence[str], language: str) -> Iterator[Shaped]:
    for at, (part, said) in enumerate(zip(text.parts, words, strict=True), start=1):
        typeface = part.typeface or text.typeface
        colour = part.colour or text.colour
        strong = typeface is not text.typeface or colour != text.colour
        for number, paragraph in enumerate(said.split("\n")):
            if number:
                yield Shaped(Piece("\n", 0), (), Hand(font(typeface), colour, strong))
            for used, run in runs(paragraph, typeface):
                hand = Hand(used, colour, strong)
                for glyphs in _clusters(used, run, language, text.spacing > 0):
                    width = sum(glyph.advance for glyph in glyphs) / used.unit + text.spacing
                    said_here = "".join(glyph.text for glyph in glyphs)
                    yield Shaped(Piece(said_here, width, at if part.whole else 0), glyphs, hand)


@lru_cache(maxsize=4096)
def _clusters(font: Font, text: str, language: str, spaced: bool) -> tuple[tuple[Glyph, ...], ...]:
    """Shape a text; return its glyphs, those together that cannot be parted."""
    clusters: list[list[Glyph]] = []
    for glyph in font.shape(text, language, spaced):
        if glyph.text or not clusters:
            clusters.append([glyph])
        else:
            clusters[-1].append(glyph)
    return tuple(tuple(cluster) for cluster in clusters)


class _Measure(NamedTuple):
    """The size of a text, and how far below the middle of a line its baseline is."""

    size: float
    strut: float

    def wide(self, line: Sequence[Shaped], spacing: float) -> float:
        """Return how wide a line is; no space follows its last character."""
        return sum(self.step(one, spacing) for one in line) - (spacing * self.size if line else 0)

    def step(self, one: Shaped, spacing: float) -> float:
        """Return how far it is from the beginning of a piece to that of the next one."""
        unit = one.hand.font.unit
        steps = (grained(glyph.advance * self.size / unit) for glyph in one.glyphs)
        return sum(steps) + spacing * self.size


def _strut(font: Font, measured: float, size: float) -> float:
    """Return how far below a line's middle its baseline is, to the grain that Pango rounds to."""
    up, down = font.box[3] / font.unit, -font.box[1] / font.unit
    rounding = grained(up * size) - grained(down * size) - (up - down) * size
    return float(measured * size + rounding / 2)


def grained(length: float) -> float:
    """Round a length to the grain that Pango counts in."""
    return round(length * GRAIN) / GRAIN


def _placed(
    text: TextBox, shaped: Sequence[Shaped], fit: Fitted, measure: _Measure
) -> Iterator[SetLine]:
    height = measure.size * text.leading
    drop = height / 2 + measure.strut
    top = _first_top(text, len(fit.lines) * height, height - drop)
    for start, end, first in fit.lines:
        indent = text.indent * measure.size if first else 0.0
        left = text.box.x * PIXELS + indent
        room = text.box.width * PIXELS - indent
        line = shaped[start:end]
        slack = room - measure.wide(line, text.spacing)
        x = left + {"left": 0.0, "center": slack / 2, "right": slack}[text.align]
        runs = tuple(_runs_of(line, x, measure, text.spacing))
        yield SetLine(left, top, room, height, top + drop, runs)
        top += height


def _first_top(text: TextBox, tall: float, below: float) -> float:
    """Return the top of the first line, by where the lines are anchored."""
    top, room = text.box.y * PIXELS, text.box.height * PIXELS
    spare = {
        Anchor.TOP: 0.0,
        Anchor.MIDDLE: (room - tall) / 2,
        Anchor.BOTTOM: room - tall,
        Anchor.BASELINE: room - tall + below,
    }
    return top + spare[text.anchor]


def _runs_of(line: Sequence[Shaped], x: float, measure: _Measure, spacing: float) -> Iterator[Run]:
    for hand, group in groupby(line, key=lambda one: one.hand):
        pieces = list(group)
        glyphs = tuple(glyph for one in pieces for glyph in one.glyphs)
        words = tuple(one.piece.text for one in pieces)
        yield Run(hand, glyphs, words, x)
        x += sum(measure.step(one, spacing) for one in pieces)
