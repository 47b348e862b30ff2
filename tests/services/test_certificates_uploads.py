"""What is said about a PDF that somebody has."""

from datetime import timedelta
from pathlib import Path

import pytest

from models.certificates import Certificate
from models.database import db
from models.signatures import CertificateFile
from rules.refusals import Refused
from services import certificates, certificates_files, certificates_uploads, signatures
from services.acting import Actor
from services.certificates_authority import Authority, packed
from services.certificates_identity import Source
from services.certificates_uploads import Verdict, check_upload
from tests.builders import Builder
from tests.results_story import AFTER, Story

URL = "https://skillstar.example/verify/1"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    authority = Authority(AFTER - timedelta(days=1))
    path = tmp_path / "signer.p12"
    path.write_bytes(packed(authority.party("试验局"), authority.above))
    return Source(file=path)


@pytest.fixture
def downloaded(build: Builder, tmp_path: Path, source: Source) -> tuple[Actor, Certificate, bytes]:
    story = Story(build)
    story.field(["80"])
    story.issued()
    by = story.actor("bureau_staff", AFTER)
    one = db.session.query(Certificate).one()
    return by, one, certificates_files.pdf_of(by, one.id, URL, tmp_path, source)


def test_a_genuine_file_is_known_by_its_bytes_and_by_its_signature(
    downloaded: tuple[Actor, Certificate, bytes], source: Source
) -> None:
    _, certificate, pdf = downloaded
    kept = check_upload(pdf, source)
    assert (kept.verdict, kept.certificate) == (Verdict.KEPT, certificate)
    alone = check_upload(pdf, source, by_table=False)
    assert (alone.verdict, alone.certificate) == (Verdict.GENUINE, certificate)
    assert alone.signed_at == AFTER and alone.signer == kept.signer


def test_what_is_not_genuine_is_told_apart(
    downloaded: tuple[Actor, Certificate, bytes], source: Source
) -> None:
    _, _, pdf = downloaded
    place = pdf.index(b"/Title")
    changed = pdf[:place] + b"/Titel" + pdf[place + 6 :]
    assert check_upload(changed, source).verdict is Verdict.ALTERED
    assert check_upload(pdf[:-9], source).verdict is Verdict.ALTERED
    assert check_upload(b"%PDF-1.7\nnothing", source).verdict is Verdict.UNREADABLE
    with pytest.raises(Refused, match="no PDF"):
        check_upload(b"GIF89a", source)
    with pytest.raises(Refused, match="larger than 5"):
        check_upload(b"%PDF-" + bytes(certificates_uploads.LARGEST), source)


def test_a_file_of_other_facts_is_unknown_though_it_is_signed(
    downloaded: tuple[Actor, Certificate, bytes], source: Source
) -> None:
    _, certificate, pdf = downloaded
    certificate.digest = "0" * 64
    db.session.commit()
    found = check_upload(pdf, source, by_table=False)
    assert (found.verdict, found.certificate) == (Verdict.UNKNOWN, None)


def test_with_a_revoked_key_only_kept_files_count(
    downloaded: tuple[Actor, Certificate, bytes], source: Source
) -> None:
    by, certificate, pdf = downloaded
    (signer,) = signatures.list_signers()
    signatures.revoke_signer(by, signer.id, reason="密钥可能外泄")
    found = check_upload(pdf, source, by_table=False)
    assert (found.verdict, found.certificate) == (Verdict.UNSAFE, None)
    kept = check_upload(pdf, source)
    assert (kept.verdict, kept.certificate) == (Verdict.KEPT, certificate)


def test_an_unsigned_file_is_known_only_while_it_is_kept(
    build: Builder, tmp_path: Path, downloaded: tuple[Actor, Certificate, bytes]
) -> None:
    by, certificate, _ = downloaded
    db.session.query(CertificateFile).delete()
    db.session.commit()
    plain = certificates_files.pdf_of(by, certificate.id, URL, tmp_path, None)
    assert check_upload(plain, None).verdict is Verdict.KEPT
    assert check_upload(plain, None, by_table=False).verdict is Verdict.UNSIGNED


def test_a_revoked_certificate_stays_readable(
    downloaded: tuple[Actor, Certificate, bytes], source: Source
) -> None:
    by, certificate, pdf = downloaded
    certificates.revoke(by, certificate.id, reason="材料不实")
    found = check_upload(pdf, source)
    assert found.certificate is not None and found.certificate.revoked_reason == "材料不实"


def test_a_file_that_takes_too_long_or_too_much_is_unreadable(
    downloaded: tuple[Actor, Certificate, bytes],
    source: Source,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, _, pdf = downloaded
    monkeypatch.setattr(certificates_uploads, "_LONGEST", 0.01)
    assert check_upload(pdf, source, by_table=False).verdict is Verdict.UNREADABLE
