"""The border art of a certificate: drawn from figures for any paper, without outside files."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from rules.certificate_layouts import Border, DraftLayout

# Of a sheet whose short side is 210 mm; a larger one has everything larger.
EDGE, CORNER, INNER = 9.0, 11.0, 19.0
WAVE = 3.4  # millimetres from crest to crest, about
# A square spiral as old bronzes have it, in a field of six by six, and how far the next one is.
SPIRAL = ((0, 6), (0, 0), (6, 0), (6, 6), (1.5, 6), (1.5, 1.5), (4.5, 1.5), (4.5, 4.5), (3, 4.5))
SPIRAL_STEP = 7.4
WHITE = "#ffffff"


class Ink(NamedTuple):
    """The colours of the art; pale and bright are worked out from the others."""

    first: str
    second: str
    ground: str

    @property
    def pale(self) -> str:
        """Return what hardly stands out from the ground."""
        return mixed(self.second, self.ground, 0.74)

    @property
    def bright(self) -> str:
        """Return what stands out from the first colour."""
        return mixed(self.second, WHITE, 0.5)


def mixed(one: str, other: str, share: float) -> str:
    """Mix two colours; the share is that of the other."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in pairs)


def drawing(layout: DraftLayout) -> str:
    """Draw everything of a layout that is neither text nor line: ground, border, emblem."""
    scale = min(layout.width, layout.height) / 210
    width, height = layout.width / scale, layout.height / scale
    ink = Ink(layout.border_colour, layout.second_colour, layout.ground)
    emblem_y = 33.5 if height < width else 42
    shapes = [
        *_ground(layout, width, height),
        *(_rosette(width / 2, height / 2, 62 if height < width else 70, ink) * layout.rosette),
        *_border(layout.border, width, height, ink),
        *(_emblem(width / 2, emblem_y, ink) * layout.emblem),
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {_n(layout.width)} {_n(layout.height)}">'
        f'<g transform="scale({_n(scale)})">{"".join(shapes)}</g></svg>'
    )


def _n(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _ground(layout: DraftLayout, width: float, height: float) -> Iterator[str]:
    """Colour the paper, unless a picture lies there."""
    if layout.background is None:
        yield f'<rect width="{_n(width)}" height="{_n(height)}" fill="{layout.ground}"/>'


def _border(border: Border, width: float, height: float, ink: Ink) -> Iterator[str]:
    if border is Border.NONE:
        return
    if border is Border.CORNERS:
        yield _frame(12, width, height, ink.second, 0.35)
        yield _brackets(width, height, ink.first)
        return
    if border is Border.WAVES:
        yield from _waves(width, height, ink)
    if border is Border.KEY:
        yield _spirals(width, height, ink.first)
    for edge, colour, thick in (
        (7.6, ink.second, 0.35),
        (EDGE, ink.first, 0.9),
        (INNER, ink.first, 0.5),
        (20.4, ink.second, 0.35),
    ):
        yield _frame(edge, width, height, colour, thick)
    yield from _corners(width, height, ink)


def _frame(edge: float, width: float, height: float, colour: str, thick: float) -> str:
    return (
        f'<rect x="{_n(edge)}" y="{_n(edge)}" width="{_n(width - 2 * edge)}" '
        f'height="{_n(height - 2 * edge)}" fill="none" stroke="{colour}" stroke-width="{thick}"/>'
    )


def _brackets(width: float, height: float, colour: str) -> str:
    """Draw two angles in each corner, one in the other."""
    path = ""
    for edge, arm in ((9.0, 26.0), (14.5, 14.0)):
        for x, inward in ((edge, 1), (width - edge, -1)):
            for y, down in ((edge, 1), (height - edge, -1)):
                path += f"M{_n(x + inward * arm)},{_n(y)}H{_n(x)}V{_n(y + down * arm)}"
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width=".9"/>'


def _spirals(width: float, height: float, colour: str) -> str:
    """Set square spirals side by side along all four sides, every second one mirrored."""
    near, start = (EDGE + INNER) / 2 - 3, EDGE + CORNER
    path = ""
    for length, upright in ((width - 2 * start, False), (height - 2 * start, True)):
        across = width if upright else height
        count = int(length / SPIRAL_STEP)
        step = length / count
        for at in range(count):
            along = start + at * step + (step - 6) / 2
            for aside, flip in ((near, False), (across - near - 6, True)):
                path += _spiral(along, aside, upright=upright, mirror=bool(at % 2), flip=flip)
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width=".55"/>'


def _spiral(along: float, aside: float, *, upright: bool, mirror: bool, flip: bool) -> str:
    points = []
    for x, y in SPIRAL:
        one, other = along + (6 - x if mirror else x), aside + (6 - y if flip else y)
        points.append(f"{_n(other)},{_n(one)}" if upright else f"{_n(one)},{_n(other)}")
    return "M" + "L".join(points)


def _waves(width: float, height: float, ink: Ink) -> Iterator[str]:
    """Twine waves of three heights along all four sides, in both colours."""
    middle, start = (EDGE + INNER) / 2, EDGE + CORNER
    bands = ((ink.first, ((7.8, 0.0), (3.0, 0.0))), (ink.second, ((5.4, 0.5),)))
    for colour, waves in bands:
        path = ""
        for tall, shift in waves:
            for sign in (1, -1):
                for y in (middle, height - middle):
                    path += _wave(start, y, width - 2 * start, sign * tall, shift, upright=False)
                for x in (middle, width - middle):
                    path += _wave(start, x, height - 2 * start, sign * tall, shift, upright=True)
        yield f'<path fill="none" stroke="{colour}" stroke-width=".2" d="{path}"/>'


def _wave(
    start: float, across: float, length: float, tall: float, shift: float, *, upright: bool
) -> str:
    count = round(length / WAVE)
    step = length / count

    def pair(along: float, aside: float) -> str:
        return f"{_n(aside)},{_n(along)}" if upright else f"{_n(along)},{_n(aside)}"

    whole = count - (1 if shift else 0)
    head = f"M{pair(start + shift * step, across)}q{pair(step / 2, tall)} {pair(step, 0)}"
    return head + f"t{pair(step, 0)}" * (whole - 1)


def _corners(width: float, height: float, ink: Ink) -> Iterator[str]:
    for x in (EDGE, width - EDGE - CORNER):
        for y in (EDGE, height - EDGE - CORNER):
            yield (
                f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(CORNER)}" height="{_n(CORNER)}" '
                f'fill="{ink.ground}" stroke="{ink.first}" stroke-width=".5"/>'
            )
            middle = (x + CORNER / 2, y + CORNER / 2)
            yield _ellipses(*middle, 4.9, 2.6, 15, ink.second, 0.16)
            yield _disc(*middle, 2.7, ink.ground, ink.first, 0.3)
            yield _star(*middle, 2, ink.first)


def _emblem(x: float, y: float, ink: Ink) -> list[str]:
    return [
        _ellipses(x, y, 8.2, 4.4, 10, ink.second, 0.18),
        _disc(x, y, 4.6, ink.first, ink.first, 0.1),
        _disc(x, y, 3.9, "none", ink.bright, 0.25),
        _star(x, y, 3, ink.bright),
    ]


def _rosette(x: float, y: float, radius: float, ink: Ink) -> list[str]:
    return [
        _ellipses(x, y, radius, radius * 0.55, 5, ink.pale, 0.16),
        _ellipses(x, y, radius * 0.484, radius * 0.242, 5, ink.pale, 0.14),
    ]


def _ellipses(
    x: float, y: float, wide: float, tall: float, turn: int, colour: str, w: float
) -> str:
    shapes = "".join(
        f'<ellipse rx="{_n(wide)}" ry="{_n(tall)}" transform="rotate({angle})"/>'
        for angle in range(0, 180, turn)
    )
    return (
        f'<g fill="none" stroke="{colour}" stroke-width="{w}" '
        f'transform="translate({_n(x)} {_n(y)})">{shapes}</g>'
    )


def _disc(x: float, y: float, radius: float, fill: str, stroke: str, thick: float) -> str:
    return (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{radius}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{thick}"/>'
    )


def _star(x: float, y: float, radius: float, colour: str) -> str:
    inner = radius * math.sin(math.pi / 10) / math.sin(math.pi * 7 / 10)
    points = []
    for at in range(10):
        long = inner if at % 2 else radius
        angle = math.pi * (at / 5 - 0.5)
        points.append(f"{_n(x + long * math.cos(angle))},{_n(y + long * math.sin(angle))}")
    return f'<polygon points="{" ".join(points)}" fill="{colour}"/>'
