"""No paper reaches out: whatever somebody is called, nothing is fetched and no file is read."""

import io
import socket
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from rules.certificate_designs import A4_BILINGUAL, KIND_DESIGNS, USUAL_DESIGNS
from rules.certificate_kinds import CertificateKind
from rules.documents_wordings import OF_CONTESTS
from services import documents
from services.certificates_rendering import Paper, Renderer
from tests.certificate_people import CODE, FACTS, URL
from tests.certificate_samples import SAMPLES

SECRET = "SECRETOFTHISMACHINE"
# %(url)s is an address that listens, %(file)s one of a file that nobody may read.
CHANNELS = (
    '<img src="%(url)s">',
    '<img srcset="%(url)s 1x">',
    '<link rel="stylesheet" href="%(url)s">',
    '<link rel="attachment" href="%(file)s">',
    '<a rel="attachment" href="%(file)s">x</a>',
    '<style>@import "%(url)s";</style>',
    "<style>@font-face{font-family:x;src:url(%(url)s)}</style>",
    '<p style="background:url(%(url)s)">',
    '<p style="content:url(%(file)s)">',
    '<p style="list-style-image:url(%(url)s)">',
    '<p style="border-image:url(%(url)s) 30">',
    '<p style="mask:url(%(url)s)">',
    "<style>@color-profile device-cmyk{src:url(%(file)s)}</style>",
    "<style>p::before{content:url(%(url)s)}</style>",
    '<iframe src="%(file)s"></iframe>',
    '<embed src="%(file)s">',
    '<object data="%(file)s"></object>',
    '<meta http-equiv="refresh" content="0;url=%(url)s">',
    '<base href="%(url)s">',
    '<svg><image href="%(url)s"/></svg>',
    '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="%(file)s"/></svg>',
    '<svg><use href="%(url)s#a"/></svg>',
    '<svg><script href="%(url)s"/></svg>',
    "<img src=\"data:image/svg+xml,&lt;svg xmlns='http://www.w3.org/2000/svg'>"
    "&lt;image href='%(file)s'/>&lt;/svg>\">",
    '<video poster="%(url)s"><source src="%(url)s"></video>',
    '<script src="%(url)s"></script>',
    '<input type="image" src="%(url)s">',
    '<table background="%(url)s">',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "%(file)s">]>&e;',
    '<?xml-stylesheet href="%(url)s"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><x:a href="%(file)s"/></x:xmpmeta>',
    "{{ ''.__class__ }}{%% include '%(file)s' %%}",
    "${file}%(file)s",
    ")>>/F(%(file)s)/EF<</F 1 0 R>>/URI(%(url)s)",
)
FIELDS = ("name", "event", "division", "edition", "award", "name_latin", "award_english", "number")
LISTS = ("honours", "issuers", "members", "trainees")
OTHERS = ("role", "term", "level", "occupation", "trainees_award")


class Listener:
    """A server that counts who calls."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/x"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            caller.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("layouts")


def attacks(listener: Listener, secret: Path) -> list[str]:
    named = {"url": listener.address, "file": secret.as_uri()}
    return [channel % named for channel in CHANNELS]


def planted(folder: Path) -> Path:
    file = folder / "secret.txt"
    file.write_text(SECRET)
    return file


def holds(pdf: bytes, text: str) -> bool:
    """Say whether a text lies anywhere in a PDF, packed or not."""
    if text.encode() in pdf or text.encode("utf-16-be") in pdf:
        return True
    with pikepdf.open(io_of(pdf)) as whole:
        for one in whole.objects:
            if isinstance(one, pikepdf.Stream):
                try:
                    data = one.read_bytes()
                except (pikepdf.PdfError, zlib.error):
                    data = one.read_raw_bytes()
                if text.encode() in data or text.encode("utf-16-be") in data:
                    return True
    return False


def io_of(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)


def roomy(kind: CertificateKind) -> Any:
    """The layout of a kind whose texts take any length, so that every attack is really set."""
    layout = KIND_DESIGNS[kind][USUAL_DESIGNS[kind]]
    if kind is CertificateKind.HONOUR:
        layout = A4_BILINGUAL
    texts = tuple(
        text.model_copy(update={"least": 4.0, "most_lines": 40, "leading": 1.0})
        for text in layout.texts
    )
    return layout.model_copy(update={"texts": texts})


def fields_of(facts: dict[str, Any], attack: str) -> Iterator[dict[str, Any]]:
    """Put the attack into one fact after the other."""
    changed = [
        {key: [attack] if isinstance(value, list) else attack}
        for key, value in facts.items()
        if key not in ("date", "kind")
    ]
    yield from (facts | one for one in changed)


SAID = {sample.kind: sample.facts for sample in SAMPLES} | {CertificateKind.HONOUR: FACTS}


def test_there_are_many_channels_and_every_field_is_tried() -> None:
    assert len(set(CHANNELS)) == len(CHANNELS) >= 25
    tried = {key for facts in SAID.values() for key in facts}
    assert tried >= {*FIELDS, *LISTS, *OTHERS}


@pytest.mark.parametrize("kind", list(CertificateKind))
def test_no_certificate_reaches_out(
    kind: CertificateKind, listener: Listener, tmp_path: Path, shelf: Path
) -> None:
    renderer = Renderer(roomy(kind), shelf)
    usual = SAID[kind] | {"kind": kind.value}
    renderer.pdf(Paper(usual, CODE, URL))
    made = 0
    for attack in attacks(listener, planted(tmp_path)):
        for facts in fields_of(usual, attack):
            pdf = renderer.pdf(Paper(facts, CODE, URL))
            assert SECRET.encode() not in pdf
            made += 1
        assert not holds(pdf, SECRET), attack
        _no_actions(pdf)
    assert made >= len(CHANNELS) * (len(usual) - 2)
    assert listener.calls == 0


def _no_actions(pdf: bytes) -> None:
    """A certificate has no links, no scripts, and no file but its own facts."""
    with pikepdf.open(io_of(pdf)) as whole:
        assert list(whole.attachments) == ["certificate.json"]
        assert "/OpenAction" not in whole.Root and "/AA" not in whole.Root
        for page in whole.pages:
            assert "/Annots" not in page


@pytest.mark.parametrize("at", range(len(CHANNELS)))
def test_weasyprint_s_own_page_reaches_nothing_either(
    at: int, listener: Listener, tmp_path: Path, shelf: Path
) -> None:
    attack = attacks(listener, planted(tmp_path))[at]
    facts = FACTS | {"name": attack, "edition": attack, "issuers": [attack], "award": attack}
    renderer = Renderer(roomy(CertificateKind.HONOUR), shelf)
    pdf = renderer.slow_pdf(Paper(facts | {"kind": "honour"}, CODE, URL))
    assert not holds(pdf, SECRET)
    assert listener.calls == 0


@pytest.mark.parametrize("at", range(0, len(CHANNELS), 3))
def test_what_weasyprint_would_fetch_stops_it(at: int, listener: Listener, tmp_path: Path) -> None:
    # Not even a page of ours that held such a text as markup could reach anything.
    attack = attacks(listener, planted(tmp_path))[at]
    page = f"<html lang='zh'><head><title>x</title></head><body>{attack}</body></html>"
    try:
        pdf = documents.page_pdf(page, "@page { size: A4 }")
    except Exception as refused:
        assert "may not fetch" in str(refused)
    else:
        assert not holds(pdf, SECRET)
    assert listener.calls == 0


@pytest.mark.parametrize("at", range(len(CHANNELS)))
def test_notices_and_letters_reach_nothing_either(
    at: int, listener: Listener, tmp_path: Path
) -> None:
    attack = attacks(listener, planted(tmp_path))[at]
    texts = dict.fromkeys(("title", "period", "contact", "ordering", "day"), attack)
    lists = {key: [attack] for key in ("paragraphs", "replaced", "issuers")}
    rest = {"days": 5, "first_counts": False, "withdrawn": False, "words": OF_CONTESTS}
    notice = documents.paper_pdf("notice", **texts, **lists, **rest, lists=[])
    texts = dict.fromkeys(("title", "number", "contest", "issuer", "day"), attack)
    lines, said = [(attack, attack)], [(attack, [attack])]
    letter = documents.paper_pdf("letter", **texts, lines=lines, texts=said)
    assert not holds(notice, SECRET) and not holds(letter, SECRET)
    assert listener.calls == 0


def test_the_listener_and_the_secret_would_be_noticed(listener: Listener, tmp_path: Path) -> None:
    from weasyprint import HTML

    secret = planted(tmp_path).as_uri()
    page = f'<img src="{listener.address}"><a rel="attachment" href="{secret}">x</a>'
    pdf = HTML(string=page).write_pdf()  # as it would be without our fetcher
    assert listener.calls > 0 and holds(pdf, SECRET)
