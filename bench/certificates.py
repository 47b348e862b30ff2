"""Make certificates one by one, on one core: ours, plain WeasyPrint, Typst, the same page in each.

The unit is a page that WeasyPrint makes the plain way, one `HTML(...).write_pdf()` a person. All
three write tagged PDFs, each person with another name, number and code; the codes hold statements
as long as those issued. CPU time on one core, in turns, medians of five. The last line is what a
year of certificates takes on all cores.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric import rsa

from bench._people import common, papers
from bench._typst_page import SOURCE, inputs
from rules.certificate_borders import drawing
from rules.certificate_designs import A4_LANDSCAPE
from rules.certificate_layouts import Typeface
from services.certificates_authority import Authority, Key, packed
from services.certificates_fonts import FALLBACKS, font
from services.certificates_identity import Source, identity
from services.certificates_pages import style
from services.certificates_rendering import Paper, Renderer
from services.certificates_signing import Signing

ROUNDS = 5
PLAIN, TYPST, OURS = 4, 12, 200  # certificates a round
YEAR = 2450  # certificates
Name = Callable[[random.Random], str]


def run() -> Iterable[str]:
    """Yield how many times faster than plain WeasyPrint each way is."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        with TemporaryDirectory() as place:
            yield from _run(Path(place))
            os.sched_setaffinity(0, cores)
            yield _year(Path(place))
    finally:
        os.sched_setaffinity(0, cores)


def _run(folder: Path) -> Iterator[str]:
    renderer = Renderer(A4_LANDSCAPE, folder)
    single = _each(renderer.pdf, list(papers(1, common)))
    renderer.prepare_for_many()
    typst = _typst(folder)
    signing, slower = _signing(folder, None), _signing(folder, _rsa())
    ways: list[tuple[Callable[[Paper], object], int, Name]] = [
        (lambda paper: _plain(renderer, paper), PLAIN, common),
        (renderer.pdf, OURS, common),
        (lambda paper: renderer.pdf(paper, signing), OURS, common),
        (lambda paper: renderer.pdf(paper, slower), OURS // 2, common),
        (renderer.pdf, OURS, _anything),
        (renderer.pdf, OURS, _helped),
        (typst, TYPST, common),
    ]
    turns = [
        [_each(make, list(papers(count, name))) for make, count, name in ways]
        for _ in range(ROUNDS)
    ]
    plain, ours, signed, by_rsa, rare, helped, theirs = map(median, zip(*turns, strict=True))
    paper = next(papers(1, common))
    size, more = len(renderer.pdf(paper)) / 1024, len(renderer.pdf(paper, signing)) / 1024
    yield (
        f"unsigned {plain / ours:.0f} x naive ({ours * 1000:.1f} ms against {plain * 1000:.0f} ms, "
        f"{size:.0f} kB each)"
    )
    yield f"signed {plain / signed:.0f} x naive ({signed * 1000:.1f} ms, P-256, {more:.0f} kB each)"
    yield f"signed with RSA-2048 {plain / by_rsa:.0f} x naive ({by_rsa * 1000:.1f} ms)"
    yield f"typst {plain / theirs:.0f} x naive ({theirs * 1000:.1f} ms)"
    yield f"any characters {plain / rare:.0f} x naive ({rare / ours:.2f} of the time of usual ones)"
    yield (
        f"a character of another font {plain / helped:.0f} x naive "
        f"({helped / ours:.2f} of the time of usual ones)"
    )
    yield f"single download {single * 1000:.0f} ms, the first in a process, layout prepared before"


def _signing(folder: Path, key: Key | None) -> Signing:
    now = datetime.now(UTC)
    authority = Authority(now)
    path = folder / f"{'other' if key else 'usual'}.p12"
    path.write_bytes(packed(authority.party("bench", key), authority.above))
    return Signing(identity(Source(file=path)), now)


def _rsa() -> Key:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _year(folder: Path) -> str:
    """Print, sign and keep a year's certificates in processes of their own."""
    command = [sys.executable, "-m", "bench._printing", str(folder), str(YEAR)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    took = json.loads(done.stdout)
    return (
        f"{YEAR} signed certificates on disk in {took['seconds']:.1f} s "
        f"({took['processor']:.0f} s of processor time), "
        f"{took['megabytes']:.0f} MB in all processes, {took['kilobytes']:.0f} kB each"
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

    make(next(papers(1, common)))
    return make


def _anything(draw: random.Random) -> str:
    """Return a name of any characters that the name's font has, many of them not met before."""
    bold = font(Typeface.KAI_BOLD)
    length = draw.choice((2, 3, 4, 12))
    drawn = (chr(draw.randrange(0x3400, 0x9FFF)) for _ in range(1000))
    return "".join([one for one in drawn if bold.covers(one)][:length])


def _helped(draw: random.Random) -> str:
    """Return a name of two characters, the second one not in the name's font."""
    bold = font(Typeface.KAI_BOLD)
    others = [font(other) for other in FALLBACKS[Typeface.KAI_BOLD]]
    blocks = (range(0x3400, 0x9FFF), range(0x20000, 0x2A6D6))
    drawn = (chr(draw.choice(draw.choice(blocks))) for _ in range(1000))
    rare = (one for one in drawn if not bold.covers(one) and any(o.covers(one) for o in others))
    return common(draw)[0] + next(rare)
