"""Charts by pygal, made bare: no script, no style, no address; colours come from classes.

On pages the style sheet of the program colours them, in light and dark; papers carry their own.
"""

import re
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pygal
from lxml import etree
from markupsafe import Markup
from pygal.style import Style

from rules.statistics_sections import Chart, ChartKind, Section, drawn
from services.workbooks_writing import display_width

# Pygal hooks into all imports, to find plugins that we have none of, and in a way that Python has
# given up.
sys.meta_path[:] = [hook for hook in sys.meta_path if type(hook).__module__ != "pygal"]
Series = tuple[str, tuple[float | None, ...]]
WIDTH = 400
_FONT = 13
_LINE = 24  # of a lying bar
_BESIDE = 15  # of a second bar in the same row
_LONGEST = 20  # columns of a name; the table has it whole
_GONE = frozenset({"defs", "title", "desc", "style", "script"})
_SVG = "http://www.w3.org/2000/svg"
_STYLE = Style(
    font_family="sans-serif",
    label_font_size=_FONT,
    major_label_font_size=_FONT,
    value_font_size=_FONT,
    no_data_font_size=_FONT,
)
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_KINDS: dict[ChartKind, Callable[..., Any]] = {
    ChartKind.BARS: pygal.HorizontalBar,
    ChartKind.COLUMNS: pygal.Bar,
    ChartKind.STACKED: pygal.StackedBar,
    ChartKind.LINES: pygal.Line,
}


# Colours of a paper, which has no style sheet for what is drawn.
COLOURS = ("#1f5fa8", "#d08a1d", "#2f8f5b", "#8a4b9c", "#b3452f", "#4f7f8c")
_PAPER = (
    'text { fill: #333; font: 13px "Noto Sans CJK SC", sans-serif; }'
    " .background { fill: none; } .line, .axis path { fill: none; stroke: #ddd; }"
    " .axis path.axis { stroke: #888; } .axis.y text { text-anchor: end; }"
    " .axis.x text { text-anchor: middle; } .axis.x text[transform] { text-anchor: start; }"
    " text.value { font-size: 12px; }"
    " .drawn-stacked text.value { fill: #fff; } .drawn-bars .axis.y path { stroke: none; }"
) + "".join(
    f" .color-{n} .rect, .color-{n} .dot {{ fill: {colour}; }}"
    f" .series.color-{n} .line {{ fill: none; stroke: {colour}; stroke-width: 2.5; }}"
    for n, colour in enumerate(COLOURS)
)


def chart_svg(section: Section, on_paper: bool = False) -> Markup:
    """Return the picture of a section; empty where nothing is to be drawn."""
    names, series = drawn(section)
    if section.chart is None or not any(value for _title, row in series for value in row):
        return Markup("")
    rows = tuple((title, tuple(row)) for title, row in series)
    return Markup(_drawn(section.chart, section.title, tuple(names), rows, on_paper))


@lru_cache(maxsize=512)
def _drawn(
    chart: Chart, title: str, names: tuple[str, ...], series: tuple[Series, ...], on_paper: bool
) -> str:
    """Draw; the same numbers give the same picture, which need not be drawn again."""
    made = _made(chart, [_cut(name) for name in names], series)
    return _bare(made.render(), chart.kind, title, on_paper)


def _made(chart: Chart, names: list[str], series: tuple[Series, ...]) -> Any:
    lying = chart.kind is ChartKind.BARS
    height = 40 + len(names) * (_LINE + _BESIDE * (len(series) - 1)) if lying else 240
    made = _KINDS[chart.kind](
        width=WIDTH,
        height=height,
        js=[],
        css=[],
        no_prefix=True,
        show_legend=False,
        style=_STYLE,
        include_x_axis=True,
        print_values=_has_room(chart.kind, len(names), series),
        print_values_position="center" if chart.kind is ChartKind.STACKED else "top",
        print_zeroes=chart.kind is not ChartKind.STACKED,
        value_formatter=_number,
        margin=10,
        margin_left=10 + _wider(names) if lying else 10,
        margin_right=44 if lying else 30,
        truncate_label=-1,
        show_x_labels=not lying,
        x_label_rotation=35 if not lying and _crowded(names) else 0,
        max_scale=6,
        dots_size=3,
        allow_interruptions=True,  # what nobody tells is a gap, not a straight way across it
        stroke_style={"width": 2},
    )
    made.x_labels = names[::-1] if lying else names
    for title, row in series:
        made.add(title, row[::-1] if lying else row)
    return made


def _has_room(kind: ChartKind, names: int, series: tuple[Series, ...]) -> bool:
    """Say whether each number fits beside its neighbours; the table has them all."""
    if kind is ChartKind.BARS:
        return names <= 16
    longest = max((len(_number(value)) for _title, row in series for value in row), default=0)
    beside = len(series) if kind is ChartKind.COLUMNS else 1
    return longest * _FONT * 0.55 * names * beside <= WIDTH - 60


def _crowded(names: list[str]) -> bool:
    return sum(display_width(name) * _FONT * 0.55 + 6 for name in names) > WIDTH - 60


def _wider(names: list[str]) -> int:
    """Return how much more room Chinese names take than as many Latin letters would."""
    longest = max(map(len, names), default=0)
    widest = max(map(display_width, names), default=0)
    return max(0, round(_FONT * (0.52 * widest - 0.6 * longest)))


def _cut(name: str) -> str:
    kept, width = "", 0
    for sign in name:
        width += display_width(sign)
        if width > _LONGEST:
            return kept + "…"
        kept += sign
    return kept


def _number(value: Any) -> str:
    if value is None:
        return ""
    # Coefficients lie between 0 and 1: one digit would make them all alike.
    return f"{value:.2f}" if 0 < abs(value) < 1 else f"{value:,.1f}".removesuffix(".0")


def _bare(data: bytes, kind: ChartKind, title: str, on_paper: bool) -> str:
    """Take away whatever moves, speaks or refers elsewhere; name what is shown."""
    root = etree.fromstring(data)
    for node in list(root.iter()):
        if _is_gone(node):
            _drop(node)
        else:
            _tidy(node, kind)
    root.attrib.clear()
    root.set("class", f"chart drawn drawn-{kind.value}")
    root.set("viewBox", f"0 0 {WIDTH} {_height(data)}")
    root.set("role", "img")
    root.set("aria-label", title)
    if on_paper:
        style = etree.Element(f"{{{_SVG}}}style")
        style.text = _PAPER
        root.insert(0, style)
    etree.cleanup_namespaces(root, top_nsmap={None: _SVG})
    text: str = etree.tostring(root, encoding="unicode")
    return text


def _is_gone(node: Any) -> bool:
    if not isinstance(node.tag, str):  # a remark
        return True
    return etree.QName(node).localname in _GONE or "tooltip" in _classes(node)


def _height(data: bytes) -> str:
    found = re.search(rb'viewBox="0 0 \d+ (\d+)"', data)
    assert found is not None
    return found.group(1).decode()


def _drop(node: Any) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _classes(node: Any) -> list[str]:
    return str(node.get("class", "")).split()


def _tidy(node: Any, kind: ChartKind) -> None:
    classes = _classes(node)
    kept = [one for one in classes if one not in ("reactive", "tooltip-trigger")]
    for name in ("class", "style", "id", "rx", "ry"):
        node.attrib.pop(name, None)
    if kept:
        node.set("class", " ".join(kept))
    if "value" in kept and kind is ChartKind.BARS:
        node.set("text-anchor", "start")
    for name, value in node.attrib.items():
        if name != "class":
            node.set(name, _LONG_NUMBER.sub(_short, value))


def _short(found: re.Match[str]) -> str:
    return f"{float(found.group()):.1f}".removesuffix(".0")
