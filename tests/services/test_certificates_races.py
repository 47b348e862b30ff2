"""Several ask for the same certificate for the first time."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from models.certificates import Certificate
from models.database import db
from models.signatures import CertificateFile, Signer
from services import certificates_files
from services.acting import Actor
from services.certificates_authority import Authority, packed
from services.certificates_identity import Source
from tests.builders import Builder
from tests.results_story import AFTER, Story
from tests.services.test_races import all_at_once


def test_a_crowd_makes_one_file_and_everybody_gets_it(committing: Flask, tmp_path: Path) -> None:
    authority = Authority(AFTER - timedelta(days=1))
    path = tmp_path / "signer.p12"
    path.write_bytes(packed(authority.party("试验局"), authority.above))
    source = Source(file=path)
    with committing.app_context():
        story = Story(Builder())
        story.field(["80"])
        story.issued()
        by = story.actor("bureau_staff", AFTER)
        key = db.session.scalars(select(Certificate.id)).one()

    def ask(number: int) -> bytes:
        late = Actor(by.account_id, AFTER + timedelta(seconds=number))
        return certificates_files.pdf_of(late, key, "https://x.example/1", tmp_path, source)

    found = all_at_once(committing, ask)
    assert len(set(found)) == 1 and isinstance(found[0], bytes)
    with committing.app_context():
        assert db.session.scalar(select(func.count(CertificateFile.id))) == 1
        assert db.session.scalar(select(func.count(Signer.id))) == 1
    assert len([one for one in (tmp_path / "kept").rglob("*") if one.is_file()]) == 1
