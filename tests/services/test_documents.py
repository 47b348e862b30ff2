"""Certificates as PDF: whole, tagged, without a look at the outside world."""

import re
import subprocess
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services import documents, files

FACTS: dict[str, Any] = {
    "name": "阿卜杜热西提·买买提江·艾合买提",
    "event": "电子商务师（跨境电子商务运营与直播营销方向）",
    "division": "职工组",
    "award": "一等奖",
    "honours": ["慈溪市技术能手", "技能之星", "慈溪市青年岗位能手", "慈溪市巾帼建功标兵"],
    "edition": "宁波市2026年度“技能之星”职业技能竞赛暨第九届浙江省职业技能大赛慈溪市选拔赛",
    "issuers": [f"慈溪市第{n}主办单位" for n in range(5)],
    "date": "2026-11-22",
    "number": "JN-2026-CX-0301-1-0001-K7",
}
URL = "https://skillstar.example/verify/34679ACDEFGHJKMN"


def _pdf(folder: Path, **more: Any) -> bytes:
    return documents.certificate_pdf(FACTS | more, "d", URL, "34679ACDEFGHJKMN", folder)


def _text(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    )
    return "".join(done.stdout.decode().split())


def _unpacked(pdf: bytes) -> bytes:
    streams = re.findall(rb"/FlateDecode.*?stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return b"".join(zlib.decompress(stream) for stream in streams)


def test_a_paper_says_all_its_facts_on_one_tagged_page(tmp_path: Path) -> None:
    made = _pdf(tmp_path)
    text = _text(made)
    for word in (FACTS["name"], FACTS["award"], *FACTS["honours"], *FACTS["issuers"]):
        assert word in text
    assert "二〇二六年十一月二十二日" in text and "3467-9ACD-EFGH-JKMN" in text
    info = subprocess.run(
        ["pdfinfo", "-"], input=made, capture_output=True, check=True, timeout=60
    ).stdout.decode()
    facts = dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
    assert (facts["Pages"].strip(), facts["Tagged"].strip()) == ("1", "yes")
    assert FACTS["number"] in facts["Title"]
    assert b"/Lang (zh-Hans-CN)" in _unpacked(made)


def test_a_paper_is_made_once(tmp_path: Path) -> None:
    first = _pdf(tmp_path)
    (kept,) = (tmp_path / "certificates").iterdir()
    kept.write_bytes(b"kept")
    assert _pdf(tmp_path) == b"kept"
    assert first.startswith(b"%PDF")


def test_markup_in_a_name_is_printed_not_obeyed(tmp_path: Path) -> None:
    made = _pdf(tmp_path, name="<img src='file:///etc/hostname'>", honours=[])
    assert "<imgsrc='file:///etc/hostname'>" in _text(made)


def test_no_address_is_fetched() -> None:
    page = "<img src='file:///etc/hostname' alt='x'>"
    with pytest.raises(RuntimeError, match="may not fetch"):
        documents._render(page, "")
    with pytest.raises(RuntimeError, match="may not fetch"):
        documents._render("<p>x</p>", "p { background: url(https://example.org/x.png) }")


def test_nothing_half_written_stays_behind(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b.pdf"
    target.mkdir(parents=True)  # a folder stands in the way
    with pytest.raises(OSError):
        files.write_whole(target, b"data")
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 22), "二〇二六年十一月二十二日"),
        (date(2026, 1, 10), "二〇二六年一月十日"),
        (date(2030, 10, 30), "二〇三〇年十月三十日"),
        (date(2027, 12, 31), "二〇二七年十二月三十一日"),
    ],
)
def test_dates_are_written_as_on_official_papers(day: date, text: str) -> None:
    assert documents.chinese_date(day) == text
