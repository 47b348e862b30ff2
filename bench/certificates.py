"""Make certificates one by one, on one core: ours, plain WeasyPrint, Typst, the same page in each.

The unit is a page that WeasyPrint makes the plain way, one `HTML(...).write_pdf()` a person. All
three write tagged PDFs, each person with another name, number and code. CPU time on one core, in
turns, medians of five.
"""

import os
import random
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench._typst_page import SOURCE, inputs
from rules.certificate_borders import drawing
from rules.certificate_designs import A4_LANDSCAPE
from rules.certificate_layouts import Typeface
from services.certificates_fonts import font
from services.certificates_pages import style
from services.certificates_rendering import Paper, Renderer

ROUNDS = 5
PLAIN, TYPST, OURS = 4, 12, 200  # certificates a round
EVENTS = ("数控车工", "电工", "焊工", "钳工", "美发师", "中式烹调师", "电子商务师", "养老护理员")
AWARDS = ("一等奖", "二等奖", "三等奖")
FACTS: dict[str, Any] = {
    "division": "职工组",
    "honours": ["慈溪市技术能手"],
    "edition": "慈溪市第十二届“技能之星”职业技能竞赛",
    "issuers": ["慈溪市人力资源和社会保障局", "慈溪市总工会"],
    "date": "2026-11-22",
}
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余"


def run() -> Iterable[str]:
    """Yield how many times faster than plain WeasyPrint each way is."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        with TemporaryDirectory() as place:
            yield from _run(Path(place))
    finally:
        os.sched_setaffinity(0, cores)


def _run(folder: Path) -> Iterator[str]:
    renderer = Renderer(A4_LANDSCAPE, folder)
    single = _each(renderer.pdf, list(_papers(1, _common)))
    renderer.prepare_for_many()
    typst = _typst(folder)
    turns = [_turn(renderer, typst) for _ in range(ROUNDS)]
    plain, ours, rare, theirs = (median(column) for column in zip(*turns, strict=True))
    size = len(renderer.pdf(next(_papers(1, _common)))) / 1024
    yield (
        f"unsigned {plain / ours:.0f} x naive ({ours * 1000:.1f} ms against {plain * 1000:.0f} ms, "
        f"{size:.0f} kB each)"
    )
    yield f"typst {plain / theirs:.0f} x naive ({theirs * 1000:.1f} ms)"
    yield f"any characters {plain / rare:.0f} x naive ({rare / ours:.2f} of the time of usual ones)"
    yield f"single download {single * 1000:.0f} ms, the first in a process, layout prepared before"


def _turn(renderer: Renderer, typst: Callable[[Paper], object]) -> tuple[float, ...]:
    return (
        _each(lambda paper: _plain(renderer, paper), list(_papers(PLAIN, _common))),
        _each(renderer.pdf, list(_papers(OURS, _common))),
        _each(renderer.pdf, list(_papers(OURS, _anything))),
        _each(typst, list(_papers(TYPST, _common))),
    )


def _each(make: Callable[[Paper], object], papers: list[Paper]) -> float:
    start = time.process_time()
    for paper in papers:
        make(paper)
    return (time.process_time() - start) / len(papers)


def _plain(renderer: Renderer, paper: Paper) -> bytes:
    from weasyprint import CSS, HTML

    made: bytes = HTML(string=renderer.page(paper)).write_pdf(
        stylesheets=[CSS(string=style(A4_LANDSCAPE))], pdf_variant="pdf/a-3a"
    )
    return made


def _typst(folder: Path) -> Callable[[Paper], object]:
    from typst import Compiler

    (folder / "border.svg").write_text(drawing(A4_LANDSCAPE), encoding="utf-8")
    compiler, source = Compiler(root=folder), SOURCE.encode()
    day = datetime(2026, 11, 22, tzinfo=UTC)

    def make(paper: Paper) -> object:
        return compiler.compile(
            source, format="pdf", sys_inputs=inputs(paper), pdf_standards="a-3a", timestamp=day
        )

    make(next(_papers(1, _common)))
    return make


def _papers(count: int, name: Callable[[random.Random], str]) -> Iterator[Paper]:
    draw = random.Random()
    for _ in range(count):
        serial = draw.randrange(10**4)
        code = "".join(draw.choices("34679ACDEFGHJKMNPQRTWXY", k=16))
        facts = FACTS | {
            "name": name(draw),
            "event": draw.choice(EVENTS),
            "award": draw.choice(AWARDS),
            "number": f"JN-2026-CX-0301-1-{serial:04d}-K7",
        }
        yield Paper(facts, code, f"https://skills.example.gov.cn/verify/{code}")


def _common(draw: random.Random) -> str:
    given = (chr(draw.randrange(0x4E00, 0x5E00)) for _ in range(draw.choice((1, 2, 2))))
    return draw.choice(SURNAMES) + "".join(given)


def _anything(draw: random.Random) -> str:
    """Return a name of any characters that the name's font has, many of them not met before."""
    bold = font(Typeface.KAI_BOLD)
    length = draw.choice((2, 3, 4, 12))
    drawn = (chr(draw.randrange(0x3400, 0x9FFF)) for _ in range(1000))
    return "".join([one for one in drawn if bold.covers(one)][:length])
