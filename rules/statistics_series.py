"""Which editions belong to one series: titles that differ by year and number only."""

import re

_YEARS = re.compile(r"(19|20)\d\d\s*[-–—/]?\s*((19|20)?\d\d)?\s*年?度?")
_NUMBERS = re.compile(r"第\s*[〇零一二三四五六七八九十百两\d]+\s*届|\b\d+(st|nd|rd|th)\b")
_BETWEEN = re.compile(r"\s+")


def series_of(title: str) -> str:
    """Return what all editions of a series are called."""
    bare = _NUMBERS.sub("", _YEARS.sub("", title))
    return _BETWEEN.sub(" ", bare).strip(" ·-–—（）()") or title.strip()
