"""The border art of a certificate: drawn from figures for any paper, without outside files."""

import math
from collections.abc import Iterator

from rules.certificate_layouts import CertificateLayout, Line

RED, GOLD, PALE, GROUND = "#a3211f", "#b8872b", "#ecdcb4", "#fffdf5"
# Of a sheet whose short side is 210 mm; a larger one has everything larger.
EDGE, CORNER, INNER = 9.0, 11.0, 19.0
WAVE = 3.4  # millimetres from crest to crest, about


def drawing(layout: CertificateLayout) -> str:
    """Draw everything of a layout that is no text: ground, border, emblem, lines."""
    scale = min(layout.width, layout.height) / 210
    width, height = layout.width / scale, layout.height / scale
    shapes = [
        f'<rect width="{_n(width)}" height="{_n(height)}" fill="{GROUND}"/>',
        *_rosette(width / 2, height / 2, 62 if height < width else 70),
        *(_waves(width, height) if layout.border == "waves" else ()),
        *_frames(width, height),
        *_corners(width, height),
        *_emblem(width / 2, 33.5 if height < width else 42),
    ]
    lines = (_line(line) for line in layout.lines)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {_n(layout.width)} {_n(layout.height)}">'
        f'<g transform="scale({_n(scale)})">{"".join(shapes)}</g>{"".join(lines)}</svg>'
    )


def _n(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _line(line: Line) -> str:
    path = f"M{_n(line.x1)},{_n(line.y1)}L{_n(line.x2)},{_n(line.y2)}"
    return f'<path d="{path}" fill="none" stroke="{line.colour}" stroke-width="{_n(line.width)}"/>'


def _frames(width: float, height: float) -> Iterator[str]:
    for edge, colour, thick in (
        (7.6, GOLD, 0.35),
        (EDGE, RED, 0.9),
        (INNER, RED, 0.5),
        (20.4, GOLD, 0.35),
    ):
        yield (
            f'<rect x="{_n(edge)}" y="{_n(edge)}" width="{_n(width - 2 * edge)}" '
            f'height="{_n(height - 2 * edge)}" fill="none" stroke="{colour}" '
            f'stroke-width="{thick}"/>'
        )


def _waves(width: float, height: float) -> Iterator[str]:
    """Twine waves of three heights along all four sides, in red and gold."""
    middle, start = (EDGE + INNER) / 2, EDGE + CORNER
    bands = ((RED, ((7.8, 0.0), (3.0, 0.0))), (GOLD, ((5.4, 0.5),)))
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


def _corners(width: float, height: float) -> Iterator[str]:
    for x in (EDGE, width - EDGE - CORNER):
        for y in (EDGE, height - EDGE - CORNER):
            yield (
                f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(CORNER)}" height="{_n(CORNER)}" '
                f'fill="{GROUND}" stroke="{RED}" stroke-width=".5"/>'
            )
            middle = (x + CORNER / 2, y + CORNER / 2)
            yield _ellipses(*middle, 4.9, 2.6, 15, GOLD, 0.16)
            yield _disc(*middle, 2.7, GROUND, RED, 0.3)
            yield _star(*middle, 2, RED)


def _emblem(x: float, y: float) -> Iterator[str]:
    yield _ellipses(x, y, 8.2, 4.4, 10, GOLD, 0.18)
    yield _disc(x, y, 4.6, RED, RED, 0.1)
    yield _disc(x, y, 3.9, "none", "#f3d58e", 0.25)
    yield _star(x, y, 3, "#f6dc9b")


def _rosette(x: float, y: float, radius: float) -> Iterator[str]:
    yield _ellipses(x, y, radius, radius * 0.55, 5, PALE, 0.16)
    yield _ellipses(x, y, radius * 0.484, radius * 0.242, 5, PALE, 0.14)


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
