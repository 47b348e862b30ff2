"""Many certificates at once, from a key file and from a token; time-stamps on the way."""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from ssl import DER_cert_to_PEM_cert

import pytest
from asn1crypto import tsp, x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from rules.certificate_designs import A4_LANDSCAPE
from rules.refusals import Refused
from services import certificates_printing
from services.certificates_archiving import signing_of
from services.certificates_authority import Authority, packed
from services.certificates_checking import Finding, check
from services.certificates_cms import Chain
from services.certificates_identity import Source, identity
from services.certificates_preparing import is_prepared
from services.certificates_printing import Order, Press, print_many
from services.certificates_rendering import Renderer
from services.certificates_signing import Signing
from services.certificates_stamping import stamper
from tests.certificate_people import NAMES, paper
from tests.forgery.samples import lists_in, stamper_of
from tests.results_story import NOW

MODULE = next(
    (
        path
        for path in (
            Path("/usr/lib/softhsm/libsofthsm2.so"),
            Path("/usr/lib64/softhsm/libsofthsm2.so"),
        )
        if path.exists()
    ),
    None,
)
_STORE = """
import sys, pkcs11
from pkcs11 import Attribute, CertificateType, ObjectClass
from asn1crypto import x509
data = open(sys.argv[2], "rb").read()
token = pkcs11.lib(sys.argv[1]).get_token(token_label="bureau")
with token.open(rw=True, user_pin="1234") as session:
    session.create_object({
        Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
        Attribute.TOKEN: True, Attribute.LABEL: "certificates", Attribute.ID: b"\\1",
        Attribute.SUBJECT: x509.Certificate.load(data).subject.dump(), Attribute.VALUE: data,
    })
"""


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority(NOW - timedelta(days=1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("printing")
    Renderer(A4_LANDSCAPE, place)  # prepared once, as for every approved layout
    return place


@pytest.fixture
def source(authority: Authority, tmp_path: Path) -> Source:
    path = tmp_path / "signer.p12"
    path.write_bytes(packed(authority.party("试验局"), authority.above))
    return Source(file=path)


def orders(count: int) -> Iterator[Order]:
    """So many certificates to be printed."""
    for number in range(count):
        yield Order(number, A4_LANDSCAPE, paper(NAMES[number % 3]))


def test_many_are_printed_in_order_by_two_processes(
    folder: Path, source: Source, authority: Authority
) -> None:
    told: list[int] = []
    made = list(print_many(orders(23), Press(folder, source, NOW), progress=told.append))
    assert [one.certificate_id for one in made] == list(range(23)) and told[-1] == 23
    chain = identity(source).chain
    assert {one.fingerprint for one in made} == {chain.fingerprint}
    # one signature for one content and instant, whichever process made it
    assert made[0].pdf == made[21].pdf != made[1].pdf
    assert check(made[0].pdf, [chain]).finding is Finding.GENUINE


def test_a_layout_is_made_before_the_processes_that_print_with_it_begin(tmp_path: Path) -> None:
    found: list[bool] = []

    def watched() -> Iterator[Order]:
        for order in orders(2):
            yield order
            found.append(is_prepared(order.layout, tmp_path))  # before the first parcel is given

    made = list(print_many(watched(), Press(tmp_path, None, NOW), processes=1))
    assert len(made) == 2 and found == [True, True]


def test_without_a_key_they_are_printed_unsigned(folder: Path) -> None:
    (one,) = print_many(orders(1), Press(folder, None, NOW))
    assert one.fingerprint == "" and b"/ByteRange" not in one.pdf


def test_who_stops_asking_leaves_no_process_behind(folder: Path, source: Source) -> None:
    going = print_many(orders(10_000), Press(folder, source, NOW))
    assert next(going).certificate_id == 0
    going.close()  # type: ignore[attr-defined]


def test_a_key_that_is_out_of_its_time_stops_the_run(folder: Path, source: Source) -> None:
    late = Press(folder, source, NOW + timedelta(days=5000))
    with pytest.raises(Refused, match="expired"):
        list(print_many(orders(1), late))


@pytest.fixture
def token(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Source, Chain]:
    """A token in software that holds a key of the bureau."""
    if MODULE is None or not shutil.which("softhsm2-util"):
        pytest.skip("there is no token in software")
    (tmp_path / "tokens").mkdir()
    settings = tmp_path / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    party = authority.party("试验局")
    key, certificate = tmp_path / "key.pem", tmp_path / "signer.der"
    key.write_bytes(
        party.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    certificate.write_bytes(party.der)
    chain = tmp_path / "chain.pem"
    chain.write_text("".join(DER_cert_to_PEM_cert(one) for one in authority.above))
    pins = ["--pin", "1234"]
    new = ["softhsm2-util", "--init-token", "--free", "--label", "bureau", "--so-pin", "1234"]
    put = ["softhsm2-util", "--import", str(key), "--token", "bureau", "--id", "01"]
    subprocess.run([*new, *pins], check=True, capture_output=True)
    subprocess.run([*put, "--label", "certificates", *pins], check=True, capture_output=True)
    subprocess.run([sys.executable, "-c", _STORE, str(MODULE), str(certificate)], check=True)
    source = Source(module=str(MODULE), token="bureau", key="certificates", pin="1234", chain=chain)
    return source, Chain((party.der, *authority.above))


def test_a_key_in_a_token_signs_without_leaving_it(
    folder: Path, token: tuple[Source, Chain], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, chain = token
    used: list[int] = []
    pool = certificates_printing.ProcessPoolExecutor

    def counted(workers: int, *more: object, **named: object) -> object:
        used.append(workers)
        return pool(workers, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(certificates_printing, "ProcessPoolExecutor", counted)
    made = list(print_many(orders(3), Press(folder, source, NOW)))
    assert used == [1], "one process uses the token"
    assert check(made[2].pdf, [chain]).finding is Finding.GENUINE
    assert "1234" not in repr(source)


def test_a_wrong_pin_is_told_without_the_pin(token: tuple[Source, Chain]) -> None:
    source, _ = token
    script = (
        "import sys; from services.certificates_identity import Source, identity;"
        "identity(Source(module=sys.argv[1], token='bureau', key='certificates', pin='9876'))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, source.module],
        env=os.environ | {"PYTHONPATH": "."},
        capture_output=True,
        text=True,
    )
    last = told.stderr.strip().splitlines()[-1]
    assert "signing key cannot be used: PinIncorrect" in last and "9876" not in last


@pytest.fixture
def stamping(authority: Authority) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    """A time-stamp authority at work on this machine, and its certificates."""
    stamps, known = stamper_of(authority, NOW)

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            reply = stamps.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *more: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", known
        server.shutdown()


def test_a_time_stamp_proves_when_it_was_signed(
    folder: Path,
    source: Source,
    authority: Authority,
    stamping: tuple[str, tuple[bytes, ...]],
) -> None:
    url, known = stamping
    stamp = stamper(Source(stamp_url=url))
    found = identity(source)
    pdf = Renderer(A4_LANDSCAPE, folder).pdf(paper(), Signing(found, NOW, stamp))
    done = check(pdf, [found.chain], known)
    assert done.finding is Finding.GENUINE and done.is_stamped
    assert check(pdf, [found.chain], ()).finding is Finding.ALTERED, "an unknown authority"
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[x509.Certificate.load(known[-1])], moment=NOW)
    said = validate_pdf_signature(signature, context)
    assert said.bottom_line and said.timestamp_validity.valid
    assert said.timestamp_validity.timestamp == NOW
    room = pdf.index(b"/Contents <") + 11
    flipped = 0
    for place in range(room, room + 2 * 6000, 97):
        changed = bytearray(pdf)
        changed[place] = ord("0") if changed[place] != ord("0") else ord("1")
        flipped += check(bytes(changed), [found.chain], known).finding is Finding.GENUINE
    assert flipped == 0


@pytest.fixture
def lasting(
    source: Source,
    authority: Authority,
    stamping: tuple[str, tuple[bytes, ...]],
    tmp_path: Path,
) -> Source:
    """A key with time-stamps and the lists of revoked certificates."""
    url, known = stamping
    chain = tmp_path / "stamps.pem"
    chain.write_text("".join(DER_cert_to_PEM_cert(one) for one in known))
    lists = lists_in(tmp_path, authority, NOW)
    return replace(source, stamp_url=url, stamp_chain=chain, lists=lists)


def test_with_lists_of_revoked_ones_a_file_lasts_for_decades(
    folder: Path, lasting: Source, stamping: tuple[str, tuple[bytes, ...]]
) -> None:
    _, known = stamping
    chain = identity(lasting).chain
    pdf = Renderer(A4_LANDSCAPE, folder).pdf(paper(), signing_of(lasting, NOW))
    found = check(pdf, [chain], known)
    assert found.finding is Finding.GENUINE and found.is_stamped
    opened = PdfFileReader(io.BytesIO(pdf))
    first, last = opened.embedded_signatures
    context = ValidationContext(trust_roots=[x509.Certificate.load(known[-1])], moment=NOW)
    said = validate_pdf_signature(first, context)
    assert said.bottom_line and said.docmdp_ok and said.modification_level.name == "LTA_UPDATES"
    assert str(last.sig_object["/Type"]) == "/DocTimeStamp"
    store = opened.root["/DSS"]
    assert len(store["/CRLs"]) == 2 and len(store["/Certs"]) == 4
    path = folder / "lasting.pdf"
    path.write_bytes(pdf)
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)


def test_a_listed_certificate_or_an_old_list_signs_nothing(
    lasting: Source, authority: Authority, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="missing or too old"):
        signing_of(lasting, NOW + timedelta(days=40))
    other = authority.party("另一局")
    path = tmp_path / "other.p12"
    path.write_bytes(packed(other, authority.above))
    authority.revoke(other, NOW)
    lists_in(tmp_path, authority, NOW)
    with pytest.raises(Refused, match="on a list"):
        signing_of(replace(lasting, file=path), NOW)
    assert signing_of(lasting, NOW)


def test_a_silent_authority_stops_the_signing(stamping: tuple[str, tuple[bytes, ...]]) -> None:
    asks = stamper(Source(stamp_url="http://127.0.0.1:9/"))
    assert asks is not None
    with pytest.raises(Refused, match="no time-stamp"):
        asks(hashlib.sha256(b"x").digest())
    with pytest.raises(Refused, match="https"):
        stamper(Source(stamp_url="file:///etc/passwd"))
    assert stamper(Source()) is None
