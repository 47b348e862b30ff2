"""Turn what stands in a cell into the value that its column asks for, or say what is wrong."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from rules.refusals import Refused
from rules.texts import N_
from services.workbooks_grids import ErrorValue, Value

Kind = Literal["text", "digits", "date", "integer", "decimal"]
Converted = str | date | int | Decimal | None

MAX_CELL_TEXT = 4_000
# Excel keeps 15 digits of a number and turns the rest into zeros.
SAFE_DIGITS = 15

LOST_DIGITS = N_(
    "%(cell)s: the number has lost its last digits because the cell is not formatted as text. "
    "Format the column %(column)s as text and type the number again."
)
NOT_A_DATE = N_("%(cell)s: %(value)s is not a date. Write it like 2001-03-05.")
NOT_WHOLE = N_("%(cell)s: %(value)s is not a whole number.")
NOT_A_NUMBER = N_("%(cell)s: %(value)s is not a number.")
NOT_DIGITS = N_("%(cell)s: %(value)s is not a number without fraction.")
ERROR_VALUE = N_("%(cell)s: the cell shows the error %(value)s.")
CELL_TOO_LONG = N_("%(cell)s: the text is longer than %(limit)s characters.")

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ALPHANUMERIC = {code: to for code, to in _FULL_WIDTH.items() if chr(to).isalnum()}
_UNTIDY = re.compile(r"[^\S ]|  |^ | $|[\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff\uff10-\uff5a]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u200b-\u200f\u2060\ufeff]")
_DATE = re.compile(
    r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")


class _Wrong(Exception):
    def __init__(self, message: str, **params: object) -> None:
        self.message = message
        self.params = params


def convert(value: Value, kind: Kind, cell: str, field: str, column: str) -> Converted:
    """Return the value of a cell in its column's kind; raise ``Refused`` with its address."""
    try:
        return _convert(value, kind)
    except _Wrong as wrong:
        shown = show(value)[:60]
        params = {"cell": cell, "column": column, "value": shown, **wrong.params}
        raise Refused(wrong.message, field, **params) from None


def show(value: Value) -> str:
    """Write a cell's value as its text would stand in a form field."""
    if value is None:
        return ""
    if isinstance(value, ErrorValue):
        return value.text
    if isinstance(value, Decimal):
        return _plain(value)
    return str(value)


def tidy(text: str) -> str:
    """Remove invisible characters, double spaces and full-width letters and digits."""
    if not _UNTIDY.search(text):
        return text
    text = _INVISIBLE.sub("", text.translate(_ALPHANUMERIC))
    return " ".join(text.split())


def heading(text: str) -> str:
    """Reduce a column heading to what counts: no spaces, line breaks, stars or width."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s*\u200b\ufeff]+", "", plain).casefold()


def _convert(value: Value, kind: Kind) -> Converted:
    if isinstance(value, ErrorValue):
        raise _Wrong(ERROR_VALUE)
    if isinstance(value, str):
        value = _tidy_text(value)
    if value is None:
        return None
    if kind == "text":
        return _text(value)
    if kind == "digits":
        return _digits(value)
    if kind == "date":
        return _date(value)
    return _integer(value) if kind == "integer" else _decimal(value)


def _tidy_text(text: str) -> str | None:
    if len(text) > MAX_CELL_TEXT:
        raise _Wrong(CELL_TOO_LONG, limit=MAX_CELL_TEXT)
    return tidy(text) or None


def _plain(number: Decimal) -> str:
    if number == number.to_integral_value():
        return str(number.quantize(Decimal(1))) if number.adjusted() < 27 else str(number)
    return f"{number.normalize():f}" if number.adjusted() > -20 else str(number)


def _text(value: str | Decimal | bool | date) -> str:
    if isinstance(value, Decimal) and value.adjusted() >= SAFE_DIGITS:
        raise _Wrong(LOST_DIGITS)
    return value if isinstance(value, str) else show(value)


def _digits(value: str | Decimal | bool | date) -> str:
    if isinstance(value, Decimal):
        if value.adjusted() >= SAFE_DIGITS:
            raise _Wrong(LOST_DIGITS)
        if value != value.to_integral_value() or value < 0:
            raise _Wrong(NOT_DIGITS)
        return str(int(value))
    if not isinstance(value, str):
        raise _Wrong(NOT_DIGITS)
    text = value.translate(_FULL_WIDTH).replace(" ", "")
    if _SCIENTIFIC.fullmatch(text):
        raise _Wrong(LOST_DIGITS)
    return text


def _date(value: str | Decimal | bool | date) -> date:
    if isinstance(value, date):
        if value.year < 1900:
            raise _Wrong(NOT_A_DATE)
        return value
    match = _DATE.fullmatch(show(value).translate(_FULL_WIDTH))
    if not match:
        raise _Wrong(NOT_A_DATE)
    year, month, day = match[1], match[2] or match[4], match[3] or match[5]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _Wrong(NOT_A_DATE) from None


def _number(value: str | Decimal | bool | date, message: str) -> Decimal:
    if isinstance(value, str):
        text = value.translate(_FULL_WIDTH).replace("−", "-")
        if not re.fullmatch(r"[+-]?[0-9]{1,20}(\.[0-9]{0,20})?", text):
            raise _Wrong(message)
        value = Decimal(text)
    if not isinstance(value, Decimal) or not value.is_finite() or value.adjusted() > 20:
        raise _Wrong(message)
    return value


def _integer(value: str | Decimal | bool | date) -> int:
    number = _number(value, NOT_WHOLE)
    if number != number.to_integral_value():
        raise _Wrong(NOT_WHOLE)
    return int(number)


def _decimal(value: str | Decimal | bool | date) -> Decimal:
    number = _number(value, NOT_A_NUMBER)
    if len(number.as_tuple().digits) <= SAFE_DIGITS:
        return number
    try:
        # 0.1 + 0.2 is stored as 0.30000000000000004; a person sees and means 0.3.
        return Decimal(f"{number:.15g}")
    except InvalidOperation:
        raise _Wrong(NOT_A_NUMBER) from None
