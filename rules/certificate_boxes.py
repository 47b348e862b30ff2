"""The texts that every certificate has, in their boxes: from the heading to the numbers."""

from collections.abc import Iterator

from rules.certificate_layouts import (
    Anchor,
    Box,
    CertificateLayout,
    Fit,
    Line,
    Part,
    TextBox,
    Typeface,
)

RED, DIM, GOLD = "#a3211f", "#40342a", "#b8872b"
NUMBERS = (
    Part(text="证书编号：{number}\n核 验 码：{code}\n扫描二维码或登录网站，可核验本证书真伪"),
)
A3_TO_A4 = 297 / 210


def box(x: float, y: float, width: float, height: float) -> Box:
    """Return a rectangle from its left upper corner, width and height."""
    return Box(x=x, y=y, width=width, height=height)


def heading(place: Box, size: float, text: str = "荣誉证书", spacing: float = 0.9) -> TextBox:
    """Return the heading, in one line."""
    return TextBox(
        key="title",
        role="H1",
        box=place,
        parts=(Part(text=text),),
        typeface=Typeface.SONG_BOLD,
        size=size,
        least=size / 2,
        leading=1.3,
        spacing=spacing,
        align="center",
        anchor=Anchor.MIDDLE,
        fit=Fit.SHRINK,
        most_lines=1,
        colour=RED,
    )


def name(place: Box, size: float) -> TextBox:
    """Return the name, which stands on the lower edge of its box."""
    return TextBox(
        key="name",
        box=place,
        parts=(Part(text="{name}"),),
        typeface=Typeface.KAI_BOLD,
        size=size,
        least=round(size * 0.42, 1),
        leading=1.2,
        align="center",
        anchor=Anchor.BASELINE,
        fit=Fit.SHRINK,
        most_lines=2,
    )


def beside(place: Box, size: float, text: str = "同志：", key: str = "salute") -> TextBox:
    """Return words on the line of the name, before or behind it."""
    return TextBox(
        key=key,
        box=place,
        parts=(Part(text=text),),
        size=size,
        least=size,
        leading=1.2,
        anchor=Anchor.BASELINE,
        most_lines=1,
    )


def sentence(
    place: Box, size: float, parts: tuple[Part, ...], anchor: Anchor = Anchor.TOP
) -> TextBox:
    """Return the paragraph that says what the paper is for."""
    return TextBox(
        key="sentence",
        box=place,
        parts=parts,
        size=size,
        least=11,
        leading=1.75,
        indent=2,
        anchor=anchor,
    )


def numbers(place: Box, parts: tuple[Part, ...] = NUMBERS) -> TextBox:
    """Return the number and the check code, small."""
    return TextBox(
        key="numbers",
        box=place,
        parts=parts,
        size=9.5,
        least=6.5,
        leading=1.75,
        anchor=Anchor.MIDDLE,
        fit=Fit.SHRINK,
        colour=DIM,
    )


def issuers(place: Box, size: float) -> TextBox:
    """Return the bodies that issue the paper, above the date."""
    return TextBox(
        key="issuers",
        box=place,
        parts=(Part(text="{issuers}"),),
        size=size,
        least=6,
        align="center",
        anchor=Anchor.BOTTOM,
        fit=Fit.SHRINK,
    )


def day(place: Box, size: float, text: str = "{date}") -> TextBox:
    """Return the date."""
    return TextBox(
        key="date",
        box=place,
        parts=(Part(text=text),),
        size=size,
        least=size / 2,
        align="center",
        anchor=Anchor.MIDDLE,
        fit=Fit.SHRINK,
        most_lines=1,
    )


def enlarged(layout: CertificateLayout, title: str) -> CertificateLayout:
    """Make the A3 version of an A4 layout: everything by the same factor."""
    return CertificateLayout(
        title=title,
        paper="A3",
        landscape=layout.landscape,
        texts=tuple(_larger_texts(layout)),
        lines=tuple(_larger_lines(layout)),
        seal=layout.seal and _larger(layout.seal),
        code=layout.code and _larger(layout.code),
    )


def _larger(one: Box) -> Box:
    x, y, width, height = (length * A3_TO_A4 for length in (one.x, one.y, one.width, one.height))
    return box(x, y, width, height)


def _larger_texts(layout: CertificateLayout) -> Iterator[TextBox]:
    for text in layout.texts:
        sizes = {"size": round(text.size * A3_TO_A4, 1), "least": round(text.least * A3_TO_A4, 1)}
        yield text.model_copy(update={"box": _larger(text.box), **sizes})


def _larger_lines(layout: CertificateLayout) -> Iterator[Line]:
    for line in layout.lines:
        ends = {key: getattr(line, key) * A3_TO_A4 for key in ("x1", "y1", "x2", "y2")}
        yield Line(**ends, width=line.width * A3_TO_A4, colour=line.colour)
