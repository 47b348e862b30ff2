"""Kept PDFs of certificates: made and signed once, the same bytes ever after."""

import io
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import select

from models.audits import AuditRecord
from models.certificates import Certificate
from models.database import db
from models.signatures import CertificateFile, Signer
from rules.refusals import Refused
from rules.states import SignerState
from services import certificates_files, files, signatures
from services.acting import Actor
from services.certificates_authority import Authority, packed
from services.certificates_identity import Source, identity, source_of
from services.settings import Mode, Settings
from tests.builders import Builder
from tests.damage import altered
from tests.pdf_checks import check_access, check_archive, facts_in
from tests.results_story import AFTER, Story

URL = "https://skillstar.example/verify/1"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority(AFTER - timedelta(days=100))


@pytest.fixture
def source(authority: Authority, tmp_path: Path) -> Source:
    return source_in(tmp_path / "signer.p12", authority)


def source_in(path: Path, authority: Authority, days: int = 3000, since: int = -50) -> Source:
    """A key file of the authority, valid for so many days from AFTER on."""
    party = authority.party(
        "试验局", since=AFTER + timedelta(days=since), until=AFTER + timedelta(days=days)
    )
    path.write_bytes(packed(party, authority.above, b"open sesame"))
    return Source(file=path, passphrase="open sesame")


def issued(build: Builder) -> tuple[Actor, Certificate]:
    """One issued certificate, and who downloads it."""
    story = Story(build)
    story.field(["80"])
    story.issued()
    by = story.actor("bureau_staff", AFTER)
    return by, db.session.scalars(select(Certificate)).one()


def rows() -> list[CertificateFile]:
    """All kept files, the oldest first."""
    return list(db.session.scalars(select(CertificateFile).order_by(CertificateFile.id)))


def check_signature(pdf: bytes, authority: Authority) -> None:
    """Let pyHanko say that all of the file is signed, certified and unchanged."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    roots = [x509.Certificate.load(authority.root.der)]
    context = ValidationContext(trust_roots=roots, moment=AFTER)
    found = validate_pdf_signature(signature, context)
    assert found.bottom_line and found.trusted and found.intact and found.docmdp_ok
    assert found.coverage.name == "ENTIRE_FILE" and found.modification_level.name == "NONE"


def test_a_certificate_is_signed_once_and_the_same_ever_after(
    build: Builder, tmp_path: Path, authority: Authority, source: Source
) -> None:
    by, certificate = issued(build)
    first = certificates_files.pdf_of(by, certificate.id, URL, tmp_path, source)
    later = Actor(by.account_id, by.now + timedelta(days=9))
    assert certificates_files.pdf_of(later, certificate.id, URL + "2", tmp_path, source) == first
    check_signature(first, authority)
    check_archive(first)
    check_access(first)
    (row,) = rows()
    assert row.signer and row.signer.first_used_at == by.now
    assert certificates_files.find_by_digest(row.sha256) == row
    assert certificates_files.list_keys() == {row.file_key}
    stored = next(path for path in (tmp_path / "kept").rglob(row.file_key))
    assert first[:20] not in stored.read_bytes()
    query = select(AuditRecord).where(AuditRecord.subject == "certificate")
    done = db.session.scalars(query.where(AuditRecord.action == "sign")).one()
    assert done.after and done.after["sha256"] == row.sha256


def test_other_programs_agree(build: Builder, tmp_path: Path, source: Source) -> None:
    by, certificate = issued(build)
    path = tmp_path / "one.pdf"
    path.write_bytes(certificates_files.pdf_of(by, certificate.id, URL, tmp_path, source))
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True).stdout
    assert "Signature is Valid" in said and "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_without_a_key_a_certificate_is_unsigned_until_there_is_one(
    build: Builder, tmp_path: Path, authority: Authority, source: Source
) -> None:
    by, certificate = issued(build)
    plain = certificates_files.pdf_of(by, certificate.id, URL, tmp_path, None)
    assert b"/ByteRange" not in plain and rows()[0].signer is None
    signed = certificates_files.pdf_of(by, certificate.id, URL, tmp_path, source)
    check_signature(signed, authority)
    assert facts_in(signed) == facts_in(plain)
    old, new = rows()
    assert old.replaced_at == by.now and new.replaced_at is None
    # without the key again, what was signed stays
    assert certificates_files.pdf_of(by, certificate.id, URL, tmp_path, None) == signed


@pytest.mark.parametrize("lost", [True, False])
def test_a_lost_or_damaged_file_is_made_anew_and_the_old_row_stays(
    build: Builder, tmp_path: Path, source: Source, lost: bool
) -> None:
    by, certificate = issued(build)
    certificates_files.pdf_of(by, certificate.id, URL, tmp_path, source)
    (row,) = rows()
    path = next((tmp_path / "kept").rglob(row.file_key))
    if lost:
        path.unlink()
    else:
        path.write_bytes(altered(path.read_bytes()))
    again = certificates_files.pdf_of(by, certificate.id, URL, tmp_path, source)
    old, new = rows()
    assert old.replaced_at and files.read(tmp_path, new.file_key, new.sha256) == again


def test_who_comes_second_takes_the_first_one_s_file(
    build: Builder, tmp_path: Path, source: Source
) -> None:
    by, certificate = issued(build)
    order = certificates_files.certificates_layouts.order_of(certificate, URL, tmp_path)
    signing = signatures.signing(source, by.now)
    made = certificates_files.print_one(order, tmp_path, signing)
    assert signing is not None
    for _ in range(2):
        certificates_files.keep_printed(by, [made], tmp_path, signing.identity)
    assert len(rows()) == 1
    assert len([one for one in (tmp_path / "kept").rglob("*") if one.is_file()]) == 1


@pytest.mark.parametrize(
    ("days", "since", "words"), [(-1, -50, "expired on 2026-10-14"), (90, 1, "valid from 2026-10")]
)
def test_a_certificate_out_of_its_time_signs_nothing(
    build: Builder, tmp_path: Path, authority: Authority, days: int, since: int, words: str
) -> None:
    by, certificate = issued(build)
    source = source_in(tmp_path / "late.p12", authority, days, since)
    with pytest.raises(Refused, match=words):
        certificates_files.pdf_of(by, certificate.id, URL, tmp_path, source)
    assert rows() == []
    assert str(signatures.present(source, by.now).problem).count("2026-10") == 1


def test_a_revoked_key_signs_nothing_and_its_files_are_signed_anew_with_the_next(
    build: Builder, tmp_path: Path, authority: Authority, source: Source
) -> None:
    by, certificate = issued(build)
    first = certificates_files.pdf_of(by, certificate.id, URL, tmp_path, source)
    signer = db.session.scalars(select(Signer)).one()
    signatures.revoke_signer(by, signer.id, reason="密钥可能外泄")
    with pytest.raises(Refused, match="not possible"):
        signatures.revoke_signer(by, signer.id, reason="再撤一次")
    with pytest.raises(Refused, match="revoked"):
        signatures.signing(source, by.now)
    assert certificates_files.pdf_of(by, certificate.id, URL, tmp_path, source) == first
    other = source_in(tmp_path / "next.p12", authority)
    check_signature(certificates_files.pdf_of(by, certificate.id, URL, tmp_path, other), authority)
    states = [one.state for one in signatures.list_signers()]
    assert states == [SignerState.TRUSTED, SignerState.REVOKED]


def test_the_clock_warns_once_for_sixty_thirty_and_seven_days(
    app: Flask, tmp_path: Path, authority: Authority
) -> None:
    source = source_in(tmp_path / "ends.p12", authority, days=100)
    warned = []
    for day in range(30, 101):
        signatures.warn_of_end(source, AFTER + timedelta(days=day))
        found = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "warn")).all()
        if len(found) > len(warned):
            warned.append(100 - day)
    assert warned == [60, 30, 7]
    signatures.warn_of_end(None, AFTER)
    signatures.warn_of_end(Source(file=tmp_path / "none.p12"), AFTER)
    assert len(found) == 3


def test_no_secret_shows_in_a_text_about_the_key(app: Flask, source: Source) -> None:
    found = identity(source)
    for one in (source, found, found.chain, signatures.present(source, AFTER)):
        assert "sesame" not in repr(one)
    assert "Private" not in repr(found)
    wrong = Source(file=source.file, passphrase="open barley")
    with pytest.raises(Refused) as told:
        identity(wrong)
    assert "barley" not in str(told.value) and told.value.__cause__ is None


def test_what_is_no_key_is_told_without_details(tmp_path: Path, authority: Authority) -> None:
    path = tmp_path / "bad.p12"
    path.write_bytes(b"no key file")
    with pytest.raises(Refused, match="ValueError"):
        identity(Source(file=path))
    with pytest.raises(Refused, match="FileNotFoundError"):
        identity(Source(file=tmp_path / "none.p12"))
    party = authority.party("another", key=ec.generate_private_key(ec.SECP256K1()))
    path.write_bytes(packed(party, authority.above))
    with pytest.raises(Refused, match="P-256, P-384"):
        identity(Source(file=path, passphrase=""))


def test_local_mode_makes_a_trial_authority_once(tmp_path: Path) -> None:
    settings = Settings(skillstar_mode=Mode.LOCAL, instance_dir=tmp_path)
    source = source_of(settings, AFTER)
    assert source is not None and source.file is not None
    first = source.file.read_bytes()
    assert source_of(settings, AFTER) == source and source.file.read_bytes() == first
    assert source.file.stat().st_mode & 0o077 == 0
    found = identity(source)
    assert found.is_trial and "TEST ONLY" in found.subject
    found.check(AFTER)


def test_a_key_is_named_in_one_way_and_its_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text("open sesame\n")
    settings = Settings(
        skillstar_mode=Mode.TESTING,
        instance_dir=tmp_path,
        signing_file=tmp_path / "signer.p12",
        signing_passphrase_file=secret,
    )
    source = source_of(settings, AFTER)
    assert source is not None and source.passphrase == "open sesame"
    assert "sesame" not in repr(settings) + repr(source)
    with pytest.raises(ValueError, match="not both"):
        Settings(instance_dir=tmp_path, signing_file=secret, signing_module=secret)
    assert source_of(Settings(skillstar_mode=Mode.TESTING, instance_dir=tmp_path), AFTER) is None
