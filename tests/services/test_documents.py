"""Papers as PDF: without a look at the outside world, dated as official papers are."""

from datetime import date
from pathlib import Path

import pytest

from services import documents, files


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
