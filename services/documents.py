"""Papers as PDF: set by WeasyPrint from our own templates, kept on disk, fetching nothing."""

import functools
import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.files import write_whole

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "documents"
CERTIFICATE = ("certificate.html", "certificate.css", "certificate_frame.svg")
_DIGITS = "〇一二三四五六七八九"
# A name or an award that is longer than this is set smaller, so that nothing runs together.
LONG_NAME = 8
LONG_TEXT = 78


def certificate_pdf(
    facts: Mapping[str, Any], digest: str, check_url: str, check_code: str, folder: Path
) -> bytes:
    """Return a certificate as PDF/UA; made once for the same facts, address and template."""
    seed = "\0".join((digest, check_url, check_code, template_version()))
    name = hashlib.sha256(seed.encode()).hexdigest()
    path = folder / "certificates" / f"{name}.pdf"
    if path.exists():
        return path.read_bytes()
    made = _render(_certificate_page(facts, check_url, check_code), _css("certificate.css"))
    write_whole(path, made)
    return made


def paper_pdf(name: str, **facts: Any) -> bytes:
    """Return a working paper as PDF/UA from its template and style sheet; nothing is kept."""
    return _render(*_paper(name, facts))


def public_paper_pdf(name: str, folder: Path, **facts: Any) -> bytes:
    """Return a paper that everybody may ask for: made once for the same content, then kept."""
    parts = _paper(name, facts)
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


def official_pdf(kind: str, facts: Mapping[str, Any], superseded: bool = False) -> bytes:
    """Return an official document as PDF/UA: the same facts and order as its Word file."""
    page = _environment().get_template(f"official_{kind}.html")
    return _render(page.render(**facts, superseded=superseded), _css("official.css"))


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


@functools.cache
def template_version() -> str:
    """Return the digest of everything that shapes a certificate but its facts."""
    parts = [(TEMPLATES / name).read_bytes() for name in CERTIFICATE]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def chinese_date(day: date) -> str:
    """Write a date the way official papers do: 二〇二六年十一月二十二日."""
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_counted(day.month)}月{_counted(day.day)}日"


def _counted(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def _certificate_page(facts: Mapping[str, Any], check_url: str, check_code: str) -> str:
    template = _environment().get_template("certificate.html")
    length = sum(len(str(facts[key])) for key in ("edition", "event", "division", "award"))
    length += sum(len(honour) for honour in facts["honours"])
    return template.render(
        **facts,
        day=chinese_date(date.fromisoformat(facts["date"])),
        code="-".join(check_code[at : at + 4] for at in range(0, len(check_code), 4)),
        frame=_drawing("certificate_frame.svg"),
        qr=_qr(check_url),
        long_name=len(facts["name"]) > LONG_NAME,
        long_text=length > LONG_TEXT,
    )


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


@functools.cache
def _drawing(name: str) -> Markup:
    """Return one of our own drawings; only these and the QR code go in unescaped."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))


def _qr(text: str) -> Markup:
    return code_drawing(text, "核验二维码")


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


def _render(page: str, css: str, plain: bool = False) -> bytes:
    # Importing it takes seconds; only who makes a paper waits for it.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class NoFetcher(URLFetcher):  # type: ignore[misc]
        """Refuse every address: a paper consists of its template and its facts only."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Refuse, and stop the rendering."""
            raise FatalURLFetchingError(f"a paper may not fetch anything: {url}")

    fonts, fetcher = FontConfiguration(), NoFetcher()
    style = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
    document = HTML(string=page, url_fetcher=fetcher)
    try:
        made: bytes = document.write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant=None if plain else "pdf/ua-1"
        )
    except FatalURLFetchingError as error:  # no Exception: it would end the worker
        raise RuntimeError(str(error)) from error
    return made
