"""Certificates of a lifetime, and the ZIP in which they leave."""

import csv
import io
import tracemalloc
import zipfile
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from models.database import db
from rules.refusals import Missing
from services import certificates, certificates_archives, honours_lifetime
from tests.builders import NOW, Builder
from tests.results_story import AFTER, Story


def paper(number: str, **facts: str) -> Any:
    """A certificate as far as an archive looks at it."""
    usual = {"name": "王一", "event": "钳工", "award": "一等奖", "date": "2026-10-15"}
    return SimpleNamespace(number=number, facts=usual | facts)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Certificates that stand in no database."""
    found: list[Any] = []
    monkeypatch.setattr(certificates_archives, "read", lambda ids: [found[key] for key in ids])
    return found


def test_an_archive_holds_names_that_every_system_reads(kept: list[Any]) -> None:
    kept += [
        paper("CX-1", name="𬍛㛃", event="电子商务/直播"),
        paper("CX-2", name="=HYPERLINK", event="..\\..\\a:b*?"),
    ]
    members = certificates_archives.members([0, 1], lambda one: one.number.encode(), str)
    data = b"".join(certificates_archives.stream(members, NOW))
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert archive.namelist() == [
        "Certificates.csv",
        "Certificates.xlsx",
        "CX-1_𬍛㛃_电子商务_直播_一等奖.pdf",
        "CX-2_=HYPERLINK__.._a_b___一等奖.pdf",
    ]
    chinese = archive.infolist()[2]
    assert chinese.flag_bits & 0x800 and archive.read(chinese) == b"CX-1"
    rows = list(csv.reader(io.StringIO(archive.read("Certificates.csv").decode("utf-8-sig"))))
    assert rows[1][1:3] == ["CX-1", "𬍛㛃"] and rows[2][2] == "'=HYPERLINK"
    book = openpyxl.load_workbook(io.BytesIO(archive.read("Certificates.xlsx")))
    assert [row[1] for row in book.worksheets[0].values] == ["Number", "CX-1", "CX-2"]
    by_event = [certificates_archives.file_name(one, by_event=True) for one in kept]
    assert [name.partition("/")[0] for name in by_event] == ["电子商务_直播", "_.._a_b__"]


def test_an_archive_is_never_whole_in_memory(kept: list[Any]) -> None:
    kept += [paper(f"CX-{n}") for n in range(100)]
    members = certificates_archives.members(range(100), lambda one: bytes(1_000_000), str)
    pieces = certificates_archives.stream(members, NOW)
    next(pieces), next(pieces), next(pieces)
    tracemalloc.start()
    size = sum(len(piece) for piece in pieces)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 90_000_000 and peak < 8_000_000


def test_a_lifetime_tells_what_became_of_each_certificate(build: Builder) -> None:
    person = build.person()
    stories = [Story(build) for _ in range(3)]
    for story in stories:
        story.entry("80", "80", person=person)
        story.issued()
    by = stories[0].actor("bureau_staff", AFTER)
    life = honours_lifetime.lifetime_of(person.id)
    ((year, standings),) = life.years
    assert year == 2026 and len(standings) == len(life.valid) == 3
    third, second, first = (one.certificate for one in standings)
    certificates.revoke(by, first.id, reason="姓名有误")
    certificates.revoke(by, second.id, reason="冒名顶替")
    certificates.reissue(by, first.id)
    db.session.expire_all()
    life = honours_lifetime.lifetime_of(person.id)
    told = {
        one.certificate.number: (one.valid, one.certificate.revoked_reason, one.replaced_by)
        for one in life.years[0][1]
    }
    new = max(one.id for one in life.valid)
    (replaced,) = [one.number for one in life.valid if one.id == new]
    assert told == {
        replaced: (True, "", ""),
        third.number: (True, "", ""),
        second.number: (False, "冒名顶替", ""),
        first.number: (False, "姓名有误", replaced),
    }
    assert len(life.honours) == 6
    assert honours_lifetime.find_valid(person.id, third.number) is not None
    assert honours_lifetime.find_valid(person.id, second.number) is None
    assert honours_lifetime.find_valid(build.person().id, third.number) is None
    with pytest.raises(Missing):
        honours_lifetime.lifetime_of(999_999)
