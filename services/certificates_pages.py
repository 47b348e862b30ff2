"""A certificate as a page for WeasyPrint: the border to be prepared, the whole to compare with."""

from collections.abc import Iterator, Sequence
from html import escape

from rules.certificate_borders import drawing
from rules.certificate_layouts import Box, DraftLayout, Typeface, code_ground, covering
from services.certificates_codes import path
from services.certificates_fonts import FILES
from services.certificates_setting import PIXELS, Run, SetText

PROBE = 125  # pixels of type, a size at which nothing is rounded, in lines twice as high
_CSS = """
@page { size: %(width)smm %(height)smm; margin: 0; }
* { margin: 0; padding: 0; }
body { font-kerning: normal; }
body > * { position: absolute; left: 0; top: 0; }
svg { display: block; }
p span, h1 span { position: absolute; white-space: pre; }
b { font-weight: inherit; line-height: 0; }
.art { left: 0; top: 0; width: %(width)smm; height: %(height)smm; }
img { image-rendering: pixelated; }
"""
# The only address that a certificate's page may name: its background lies at hand.
BACKGROUND = "skillstar:background"


def style(layout: DraftLayout) -> str:
    """Return the style sheet of a layout's pages."""
    return _CSS % {"width": _n(layout.width), "height": _n(layout.height)}


def border_page(layout: DraftLayout) -> str:
    """Return a page with everything that is no text."""
    return f'<html lang="{layout.language}"><body>{_art(layout)}</body></html>'


def probe_page(layout: DraftLayout) -> str:
    """Return a page with a line in each typeface, from which their baselines are read."""
    lines = "".join(
        f'<p style="{_hand(FILES[one])};font-size:{PROBE}px;line-height:{2 * PROBE}px">证</p>'
        for one in Typeface
    )
    return f'<html lang="{layout.language}"><body>{lines}</body></html>'


def whole_page(layout: DraftLayout, texts: Sequence[SetText], title: str, check_url: str) -> str:
    """Return the whole certificate, for WeasyPrint to draw."""
    body = [*_back(layout), _art(layout), _lines_drawn(layout), *(_text(text) for text in texts)]
    if layout.code:
        side, drawn = path(check_url)
        body.append(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
            f'style="{_place(layout.code)}"><title>核验二维码</title><path d="{drawn}"/></svg>'
        )
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    return f'<html lang="{layout.language}"><head>{head}</head><body>{"".join(body)}</body></html>'


def _art(layout: DraftLayout) -> str:
    return f'<div class="art">{drawing(layout)}</div>'


def _back(layout: DraftLayout) -> Iterator[str]:
    place = covering(layout)
    if place is not None:
        yield f'<img src="{BACKGROUND}" alt="" style="{_place(place)}">'


def _lines_drawn(layout: DraftLayout) -> str:
    paths = "".join(
        f'<path d="M{_n(one.x1)},{_n(one.y1)}L{_n(one.x2)},{_n(one.y2)}" fill="none" '
        f'stroke="{one.colour}" stroke-width="{_n(one.width)}"/>'
        for one in layout.lines
    )
    white = code_ground(layout)
    if white is not None:
        paths += (
            f'<rect x="{_n(white.x)}" y="{_n(white.y)}" width="{_n(white.width)}" '
            f'height="{_n(white.height)}" fill="#ffffff"/>'
        )
    box = f'viewBox="0 0 {_n(layout.width)} {_n(layout.height)}"'
    return f'<div class="art"><svg xmlns="http://www.w3.org/2000/svg" {box}>{paths}</svg></div>'


def _text(text: SetText) -> str:
    tag = text.text.role.lower()
    language = f' lang="{text.text.language}"' if text.text.language else ""
    return f"<{tag}{language}>{''.join(_lines(text))}</{tag}>"


def _lines(text: SetText) -> Iterator[str]:
    font = FILES[text.text.typeface]
    for line in text.lines:
        runs = "".join(_run(run, text.spacing, run is line.runs[-1]) for run in line.runs)
        yield (
            f'<span style="left:{_n(line.left)}px;top:{_n(line.top)}px;width:{_n(line.width)}px;'
            f"text-align:{text.text.align};{_hand(font)};font-size:{_n(text.size)}px;"
            f'line-height:{_n(line.height)}px">{runs}</span>'
        )


def _run(run: Run, spacing: float, last: bool) -> str:
    look = f"{_hand(FILES[run.hand.font.typeface])};color:{run.hand.colour}"
    if not spacing:
        return f'<b style="{look}">{escape("".join(run.words))}</b>'
    # Each piece with a margin: letter-spacing itself is drawn half before and half after.
    wide = f"{look};margin-right:{_n(spacing)}px"
    ends = len(run.words) - 1 if last else len(run.words)
    return "".join(
        f'<b style="{wide if at < ends else look}">{escape(word)}</b>'
        for at, word in enumerate(run.words)
    )


def _hand(file: tuple[str, int, str]) -> str:
    return f"font-family:'{file[0]}';font-weight:{file[1]}"


def _place(box: Box) -> str:
    sides = (("left", box.x), ("top", box.y), ("width", box.width), ("height", box.height))
    return ";".join(f"{side}:{_n(length * PIXELS)}px" for side, length in sides)


def _n(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")
