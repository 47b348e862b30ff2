"""Papers as PDF: set by WeasyPrint from our own templates, fetching nothing."""

import functools
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rules.documents_wordings import OF_CONTESTS, Wording
from services.files import write_whole

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "documents"
_DIGITS = "〇一二三四五六七八九"


def paper_pdf(name: str, **facts: Any) -> bytes:
    """Return a working paper as PDF/UA from its template and style sheet; nothing is kept."""
    return _render(*_paper(name, facts))


def public_paper_pdf(name: str, folder: Path, **facts: Any) -> bytes:
    """Return a paper that everybody may ask for: made once for the same content, then kept."""
    return _kept(_paper(name, facts), folder)


def _kept(parts: tuple[str, str], folder: Path) -> bytes:
    """Return what was set before from the same page and style sheet, or set it now."""
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    path = folder / "papers" / f"{digest}.pdf"
    if path.exists():
        return path.read_bytes()
    made = _render(*parts)
    write_whole(path, made)
    return made


def _paper(name: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    page = _environment().get_template(f"{name}.html").render(**facts)
    return page, _css("paper.css") + _css(f"{name}.css")


def official_pdf(
    kind: str,
    facts: Mapping[str, Any],
    superseded: bool = False,
    folder: Path | None = None,
    words: Wording = OF_CONTESTS,
) -> bytes:
    """Return an official document as PDF/UA: the same facts and order as its Word file.

    A long list takes seconds to set; what is public is set once and kept in the folder.
    """
    template = _environment().get_template(f"official_{kind}.html")
    parts = (template.render(**facts, superseded=superseded, words=words), _css("official.css"))
    return _render(*parts) if folder is None else _kept(parts, folder)


def sheets_pdf(pages: Sequence[Any], facts: Mapping[str, Any]) -> bytes:
    """Return score sheets to print, each page with its own QR code."""
    template = _environment().get_template("sheets.html")
    drawn = [{"facts": page, "qr": code_drawing(page.payload, page.reference)} for page in pages]
    return _render(template.render(**facts, pages=drawn), _css("sheets.css"), plain=True)


def count_pages(pdf: bytes) -> int:
    """Return how many pages a PDF of our own has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def chinese_date(day: date) -> str:
    """Write a date the way official papers do: 二〇二六年十一月二十二日."""
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_counted(day.month)}月{_counted(day.day)}日"


def _counted(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def _css(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def code_drawing(text: str, title: str) -> Markup:
    """Return a text as the drawing of a QR code, under a title for those who cannot see it."""
    target = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(
        target,
        kind="svg",
        xmldecl=False,
        border=0,
        omitsize=True,
        encoding="utf-8",
        title=title,
    )
    return Markup(target.getvalue().decode())


def drawn_page(page: str, css: str) -> tuple[bytes, bytes]:
    """Lay out one page; return what WeasyPrint draws on it and the graphics states it uses."""
    found: dict[str, bytes] = {}

    def keep(_document: Any, pdf: Any) -> None:
        sheet = next(one for one in pdf.objects if isinstance(one, dict) and "Contents" in one)
        named = pdf.objects[int(sheet["Resources"].split()[0])]
        parts = pdf.objects[int(sheet["Contents"].split()[0])].stream
        found["stream"] = b"\n".join(
            part if isinstance(part, bytes) else part.encode() for part in parts
        )
        found["states"] = named["ExtGState"].data

    _render(page, css, plain=True, finisher=keep)
    return found["stream"], found["states"]


def page_pdf(page: str, css: str, pictures: Mapping[str, bytes] = {}) -> bytes:
    """Return one page as WeasyPrint makes it, tagged: the measure for whatever is faster.

    Pictures lie at hand under their addresses; nothing else is to be had.
    """
    return _render(page, css, pictures=pictures)


def colour_profile() -> bytes:
    """Return the profile of the colours on screen, sRGB, which comes with WeasyPrint."""
    return (resources.files("weasyprint") / "pdf" / "sRGB2014.icc").read_bytes()


def _render(
    page: str,
    css: str,
    plain: bool = False,
    finisher: Callable[[Any, Any], None] | None = None,
    pictures: Mapping[str, bytes] = {},
) -> bytes:
    # Importing it takes seconds; only who makes a paper waits for it.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class NoFetcher(URLFetcher):  # type: ignore[misc]
        """Refuse every address: a paper consists of its template and its facts only."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Refuse what is not at hand, and stop the rendering."""
            if url in pictures:
                return URLFetcherResponse(url, pictures[url])
            raise FatalURLFetchingError(f"a paper may not fetch anything: {url}")

    fonts, fetcher = FontConfiguration(), NoFetcher()
    style = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
    document = HTML(string=page, url_fetcher=fetcher)
    try:
        made: bytes = document.write_pdf(
            stylesheets=[style],
            font_config=fonts,
            pdf_variant=None if plain else "pdf/ua-1",
            finisher=finisher,
        )
    except FatalURLFetchingError as error:  # no Exception: it would end the worker
        raise RuntimeError(str(error)) from error
    return made
