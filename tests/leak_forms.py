"""Forms in which personal data is written, and how much a piece of a number tells."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from rules.identity import check_digit
from services.documents import chinese_date

FEW = 10_000
NEAR_BEFORE, NEAR_AFTER = 80, 160  # characters around a name that belong to its row
NUMERALS = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖○", "00123456789" + "1234567890")
NUMERAL_RUN = re.compile(r"[〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖](?:[\s、,，.·-]?"
                          r"[〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖]){5,}")  # fmt: skip
RUN = re.compile(r"\d(?:[^\w]{0,3}\d)*")
TOKEN = re.compile(r"(?<![0-9a-zA-Z])[0-9a-zA-Z]{8,64}(?![0-9a-zA-Z])")
MASK = re.compile(
    r"(?<![\d])(\d{0,14})[\s-]?((?:[*×✱＊•●○·■□▇█xX_#?~…]|\.{3}|(?<=[*x•])[\s-](?=[*x•\d])){2,})"
    r"[\s-]?(\d{0,8}[Xx]?)(?![\d])"
)
HOLED = re.compile(r"(?<![\w*×●○•#?])[\d*×●○•#?Xx]{11,19}(?![\w*×●○•#?])")
TAIL = re.compile(
    r"(?:尾号|尾數|末四位|后四位|末4位|后4位|last\s*(?:four|4)(?:\s*digits)?|end(?:s|ing)?\s*(?:in|with))"
    r"[^\d\n]{0,10}(\d{3,6}[Xx]?)(?!\d)",
    re.IGNORECASE,
)
OF_PERSON = re.compile(
    r"身份|证件|手机|电话|卡|账号|账户|银行|\bid\b|identity|phone|mobile|card|account|bank", re.I
)
BORN = re.compile(r"出生|生日|生于|born|birth|\bdob\b", re.IGNORECASE)
DATES = (
    (re.compile(r"(?<!\d)(\d{4})\s*[-/.年_]\s*(\d{1,2})\s*[-/.月_]\s*(\d{1,2})(?!\d)"), "ymd"),
    (re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)"), "ymd"),
    (re.compile(r"(?<!\d)(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?!\d)"), "dmy"),
    (re.compile(r"(?<!\d)(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?!\d)"), "mdy"),
    (re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\s+([A-Z][a-z]{2})[a-z]*\.?,?\s+(\d{4})"), "dmy"),
    (re.compile(r"([A-Z][a-z]{2})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})"), "mdy"),
)
MONTHS = {f"{date(2000, month, 1):%b}": month for month in range(1, 13)}
CHINESE_DATE = re.compile(
    r"[〇○零一二三四五六七八九]{4}年"
    r"[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
# Year, month and day in cells of their own: columns of counters look alike, so beside a name only.
SPREAD = re.compile(r"(?<!\d)(\d{4})[^\d\w]{1,5}(\d{1,2})[^\d\w]{1,5}(\d{1,2})(?!\d)")
EPOCH = re.compile(r"(?<![\d.])-?\d{7,13}(?![\d])")
AGE = re.compile(r"(?<!\d)(\d{1,3})\s*(?:周?岁|years?\b)|\b(?:age|aged)\s*:?\s*(\d{1,3})")
DAY = re.compile(r"(?<![\d年])(\d{1,2})\s*[月/-]\s*(\d{1,2})(?!\d)")
NAME_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·•]{2,}")
PIECE = re.compile(r"(?<!\d)\d{4,17}[Xx]?(?!\d)")


def plain_text(text: str) -> str:
    """Return a text with plain digits and without what cannot be seen."""
    text = unicodedata.normalize("NFKC", text)
    odd = {letter for letter in set(text) if not letter.isascii()}
    table = {
        ord(letter): "" if unicodedata.category(letter) == "Cf" else str(unicodedata.digit(letter))
        for letter in odd
        if unicodedata.category(letter) == "Cf" or unicodedata.digit(letter, None) is not None
    }
    return text.translate(table)


def dates_in(text: str) -> Iterator[tuple[int, date]]:
    for pattern, order in DATES:
        for match in pattern.finditer(text):
            given = dict(zip(order, match.groups(), strict=True))
            month = MONTHS.get(given["m"][:3]) or given["m"]
            try:
                yield match.start(), date(int(given["y"]), int(month), int(given["d"]))
            except ValueError:
                continue
    for match in CHINESE_DATE.finditer(text):
        if (born := _chinese_dates().get(re.sub("[○零]", "〇", match[0]))) is not None:
            yield match.start(), born


@lru_cache
def _chinese_dates() -> dict[str, date]:
    first = date(1930, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(2020, 1, 1) - first).days))
    return {chinese_date(day): day for day in days}


def possibilities(known: dict[int, str]) -> int:
    """Count the identity numbers that fit what is known by position (GB 11643).

    Regions are counted as province, city and county codes are given out, days as there are, and
    the check character as one in eleven.
    """
    regions = 1
    for place, usual in ((0, 34), (2, 20), (4, 20)):
        shown = (place in known) + (place + 1 in known)
        regions *= (usual, 10, 1)[shown]
    days = _days("".join(known.get(place, ".") for place in range(6, 14)))
    order = 10 ** sum(place not in known for place in (14, 15, 16))
    return max(1, regions * days * order // (11 if 17 in known else 1))


@lru_cache
def _days(pattern: str) -> int:
    if "." not in pattern:
        return 1
    first, last = date(1940, 1, 1), date(2012, 1, 1)
    wanted = re.compile(pattern)
    days = (first + timedelta(days=n) for n in range((last - first).days))
    return sum(wanted.fullmatch(f"{day:%Y%m%d}") is not None for day in days)


def make_id(region: str, born: date, order: int) -> str:
    """Return a valid identity number."""
    first = f"{region}{born:%Y%m%d}{order:03d}"
    return first + check_digit(first)


def make_card(first: str) -> str:
    """Return a card number with its check digit (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(first)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return first + str(-total % 10)
