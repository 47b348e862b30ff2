"""What a certificate looks like, as data: paper, border, texts in their boxes, seal, code.

Lengths are millimetres from the upper left corner, sizes of type are points. Texts hold plain
fields such as `{name}` from a closed list; there is no other language in them.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.data import InvalidRules, RuleData, later
from rules.refusals import Refused
from rules.texts import N_

_FIELD = re.compile(r"\{([^{}]*)\}")
COLOUR = r"^#[0-9a-f]{6}$"
MOST_TEXTS, MOST_LINES = 24, 12
SHORT_SIDES = {"A4": 210.0, "A3": 297.0}
LONG_SIDES = {"A4": 297.0, "A3": 420.0}


class CertificateField(StrEnum):
    """What a text can name."""

    NAME = "name"
    NAME_LATIN = "name_latin"
    EDITION = "edition"
    EDITION_ENGLISH = "edition_english"
    PLACE = "place"
    PLACE_ENGLISH = "place_english"
    EVENT = "event"
    EVENT_ENGLISH = "event_english"
    DIVISION = "division"
    DIVISION_ENGLISH = "division_english"
    AWARD = "award"
    AWARD_ENGLISH = "award_english"
    HONOURS = "honours"
    TITLES = "titles"
    MEMBERS = "members"
    TRAINEES = "trainees"
    TRAINEES_AWARD = "trainees_award"
    ROLE = "role"
    TERM = "term"
    OCCUPATION = "occupation"
    LEVEL = "level"
    ISSUERS = "issuers"
    DATE = "date"
    DATE_ENGLISH = "date_english"
    NUMBER = "number"
    CODE = "code"


class Typeface(StrEnum):
    """The hands in which official papers are set."""

    KAI = "kai"
    KAI_BOLD = "kai_bold"
    SONG = "song"
    SONG_BOLD = "song_bold"
    HEI = "hei"
    RARE = "rare"  # for characters that the others lack
    RAREST = "rarest"


class Fit(StrEnum):
    """What happens to a text that is too long at its full size.

    `shrink` sets it smaller, down to the least size, and only then on more lines; `wrap` begins a
    new line first, and sets smaller what then runs out of its box. What fits in no way is refused.
    """

    SHRINK = "shrink"
    WRAP = "wrap"


class Anchor(StrEnum):
    """Where the lines stand in their box; at `baseline` the last one stands on its lower edge."""

    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"
    BASELINE = "baseline"


class Box(RuleData):
    """A rectangle on the page."""

    x: float = Field(ge=0, le=420)
    y: float = Field(ge=0, le=420)
    width: float = Field(gt=0, le=420)
    height: float = Field(gt=0, le=420)

    def meets(self, other: "Box") -> bool:
        """Say whether two boxes cover some of the same ground."""
        beside = self.x + self.width <= other.x or other.x + other.width <= self.x
        above = self.y + self.height <= other.y or other.y + other.height <= self.y
        return not (beside or above)


class Part(RuleData):
    """Some words of a text in one hand and colour; `whole` ones stay on one line where they can."""

    text: str = Field(min_length=1, max_length=400)
    typeface: Typeface | None = None
    colour: str | None = Field(default=None, pattern=COLOUR)
    whole: bool = False

    def fields(self) -> list[str]:
        """List the fields that are named."""
        return _FIELD.findall(self.text)


class TextBox(RuleData):
    """A heading or paragraph, and how it is fitted into its box."""

    key: str = Field(pattern=r"^[a-z_]{1,30}$")
    role: Literal["H1", "P"] = "P"
    box: Box
    parts: tuple[Part, ...] = Field(min_length=1, max_length=12)
    typeface: Typeface = Typeface.KAI
    size: float = Field(ge=4, le=200)
    least: float = Field(ge=4, le=200)
    leading: float = Field(default=1.5, ge=1, le=3)
    spacing: float = Field(default=0.0, ge=0, le=2)
    indent: float = Field(default=0.0, ge=0, le=10)
    align: Literal["left", "center", "right"] = "left"
    anchor: Anchor = Anchor.TOP
    fit: Fit = Fit.WRAP
    most_lines: int = Field(default=12, ge=1, le=40)
    colour: str = Field(default="#221a14", pattern=COLOUR)
    language: str = Field(default="", max_length=20)


class Line(RuleData):
    """A drawn line, such as the one that a name stands on or that is signed on."""

    x1: float = Field(ge=0, le=420)
    y1: float = Field(ge=0, le=420)
    x2: float = Field(ge=0, le=420)
    y2: float = Field(ge=0, le=420)
    width: float = Field(default=0.3, gt=0, le=5)
    colour: str = Field(default="#b8872b", pattern=COLOUR)


class Border(StrEnum):
    """The art along the edges of the paper."""

    WAVES = "waves"
    LINES = "lines"
    KEY = "key"
    CORNERS = "corners"
    NONE = "none"


class Background(RuleData):
    """A picture below everything else: the digest of its bytes, and its size in pixels."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    width: int = Field(ge=1, le=10000)
    height: int = Field(ge=1, le=10000)


class Sealing(StrEnum):
    """How a seal comes onto the paper."""

    HAND = "hand"
    PRINTED = "printed"


class DraftLayout(RuleData):
    """A certificate's look while somebody works on it: it may contradict itself.

    A printed seal is that of `seal_body`; without one, that of the body that issues the paper.
    """

    title: str = Field(min_length=1, max_length=60)
    paper: Literal["A4", "A3"] = "A4"
    landscape: bool = True
    language: str = "zh-Hans-CN"
    border: Border = Border.WAVES
    texts: tuple[TextBox, ...] = Field(max_length=MOST_TEXTS)
    lines: tuple[Line, ...] = Field(default=(), max_length=MOST_LINES)
    seal: Box | None = None
    code: Box | None = None
    border_colour: str = later("#a3211f", pattern=COLOUR)
    second_colour: str = later("#b8872b", pattern=COLOUR)
    ground: str = later("#fffdf5", pattern=COLOUR)
    emblem: bool = later(True)
    rosette: bool = later(True)
    background: Background | None = later(None)
    sealing: Sealing = later(Sealing.HAND)
    seal_body: str = later("", max_length=60)

    @property
    def width(self) -> float:
        """Return the width of the page."""
        return (LONG_SIDES if self.landscape else SHORT_SIDES)[self.paper]

    @property
    def height(self) -> float:
        """Return the height of the page."""
        return (SHORT_SIDES if self.landscape else LONG_SIDES)[self.paper]

    def fields(self) -> set[str]:
        """Return the fields that its texts name."""
        return {name for text in self.texts for part in text.parts for name in part.fields()}

    def problems(self) -> list[Refused]:
        """List where the layout contradicts itself."""
        return [*_field_problems(self), *_place_problems(self), *_size_problems(self)]


class CertificateLayout(DraftLayout):
    """One version of a certificate's look. Its digest names it for ever."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = self.problems()
        if problems:
            raise InvalidRules(problems)
        return self


def _field_problems(layout: DraftLayout) -> Iterator[Refused]:
    unknown = layout.fields() - set(CertificateField)
    if unknown:
        named = "、".join(sorted(unknown))
        yield Refused(N_("A certificate has no field %(fields)s."), "texts", fields=named)
    for one in layout.texts:
        if any(set(_FIELD.sub("", part.text)) & set("{}") for part in one.parts):
            message = N_("A brace in the text “%(key)s” has no partner.")
            yield Refused(message, "texts", key=one.key)
    for name in (CertificateField.NAME, CertificateField.NUMBER):
        if name not in layout.fields():
            yield Refused(N_("A certificate must show the field %(name)s."), "texts", name=name)


def _place_problems(layout: DraftLayout) -> Iterator[Refused]:
    placed = [(text.key, text.box) for text in layout.texts]
    if layout.code:
        placed.append(("code", layout.code))
    page = Box(x=0, y=0, width=layout.width, height=layout.height)
    for key, box in [*placed, *([("seal", layout.seal)] if layout.seal else [])]:
        if box.x + box.width > page.width or box.y + box.height > page.height:
            yield Refused(N_("“%(key)s” stands beyond the paper's edge."), "texts", key=key)
    # A seal stands on the issuer and the date; nothing else may cover anything.
    for at, (key, box) in enumerate(placed):
        for other, beside in placed[at + 1 :]:
            if key == other:
                yield Refused(N_("“%(key)s” is there twice."), "texts", key=key)
            elif box.meets(beside):
                text = N_("“%(key)s” and “%(other)s” stand on the same ground.")
                yield Refused(text, "texts", key=key, other=other)


def _size_problems(layout: DraftLayout) -> Iterator[Refused]:
    for text in layout.texts:
        if text.least > text.size:
            yield Refused(
                N_("The least size of “%(key)s” is larger than its size."), "texts", key=text.key
            )


def filled(part: Part, values: dict[str, str]) -> str:
    """Put the values in the places of their fields; a value is never read for fields again."""
    return _FIELD.sub(lambda found: values[found[1]], part.text)


def covering(layout: DraftLayout) -> Box | None:
    """Return where the background lies: over the whole page, in its own proportions, centred.

    What is too wide or too high hangs over the edges, so the corner may lie beyond the page.
    """
    picture = layout.background
    if picture is None:
        return None
    ratio = max(layout.width / picture.width, layout.height / picture.height)
    wide, tall = picture.width * ratio, picture.height * ratio
    left, top = (layout.width - wide) / 2, (layout.height - tall) / 2
    return Box.model_construct(x=left, y=top, width=wide, height=tall)


def dots_an_inch(layout: DraftLayout) -> int | None:
    """Return how finely the background is printed."""
    place = covering(layout)
    if place is None or layout.background is None:
        return None
    return int(layout.background.width / (place.width / 25.4))


def code_ground(layout: DraftLayout) -> Box | None:
    """Return the white ground that a code needs on a background, so that it can be read."""
    if layout.background is None or layout.code is None:
        return None
    code, edge = layout.code, layout.code.width / 12
    return Box.model_construct(
        x=code.x - edge,
        y=code.y - edge,
        width=code.width + 2 * edge,
        height=code.width + 2 * edge,
    )
