"""Identity documents, unit codes and phone numbers: cleaned, checked, and masked."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from rules.refusals import Refused
from rules.texts import N_

Sex = Literal["male", "female"]


class IdKind(StrEnum):
    """Kinds of identity documents."""

    RESIDENT = "resident"
    FOREIGN_RESIDENT = "foreign_resident"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PASSPORT = "passport"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A checked document number, with what it tells about the person."""

    kind: IdKind
    normalized: str
    birth_date: date | None = None
    sex: Sex | None = None


_RESIDENT = re.compile(r"[1-9][0-9]{16}[0-9X]")
_SHAPES = {
    IdKind.HK_MACAO_PERMIT: re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),
    IdKind.TAIWAN_PERMIT: re.compile(r"[0-9]{8}(?:[0-9]{2})?"),
    IdKind.PASSPORT: re.compile(r"(?=[A-Z0-9]*[0-9])[A-Z0-9]{5,15}"),
    # The older card; the newer one has the shape and the check digit of a resident's number.
    IdKind.FOREIGN_RESIDENT: re.compile(r"[A-Z]{3}[0-9]{12}"),
}
_OLDEST_BIRTH_YEAR = 1900

_ID_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
_ID_CHECKS = "10X98765432"

# GB 32100: no I, O, S, V, Z.
_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_CODE = re.compile(f"[{_CODE_CHARACTERS}]{{18}}")

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[0-9]{2,3}-?[1-9][0-9]{6,7}")


def normalize(text: str) -> str:
    """Clean a typed number: full-width to plain, upper case, no blanks or invisible characters."""
    if text.isascii() and text.isalnum():
        return text.upper()
    wide = unicodedata.normalize("NFKC", text).upper()
    kept = (c for c in wide if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))
    # Spreadsheets leave the apostrophe that marks a number as text.
    return "".join(kept).lstrip("'")


def parse_id(kind: IdKind, text: str, today: date) -> IdNumber:
    """Check a document number of this kind and return it clean, or refuse it with the reason."""
    number = normalize(text)
    if not number:
        raise Refused(N_("Enter the number of the identity document."), field="id_number")
    if kind is IdKind.RESIDENT or (kind is IdKind.FOREIGN_RESIDENT and number.startswith("9")):
        return _parse_resident(kind, number, today)
    if not _SHAPES[kind].fullmatch(number):
        raise Refused(N_("This is not a number of such a document."), field="id_number")
    return IdNumber(kind, number)


def check_digit(first17: str) -> str:
    """Return the last character of a resident's number (ISO 7064 MOD 11-2)."""
    total = sum(int(d) * w for d, w in zip(first17, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def mask_id(text: str) -> str:
    """Hide a document number but for a few characters, so that staff can tell two people apart.

    Never for public pages, which show no digit at all (R9.04). Region detail, birth date and
    order code stay hidden, so that this mask cannot be joined with another to a full number.
    """
    shown = (3, 2) if len(text) >= 15 else (1, 1)
    if len(text) < 5:
        return "*" * len(text)
    return text[: shown[0]] + "*" * (len(text) - sum(shown)) + text[-shown[1] :]


def parse_unit_code(text: str) -> str:
    """Check a unified social credit code (GB 32100) and return it clean, or refuse it.

    Codes that begin with a letter come from registers with numbers of their own: shape only.
    """
    code = normalize(text).replace("-", "")
    if not _CODE.fullmatch(code):
        raise Refused(N_("A unified social credit code has 18 characters."), field="unit_code")
    if code[0].isdigit() and code[17] != unit_code_check(code[:17]):
        raise Refused(N_("This unified social credit code has a typing error."), field="unit_code")
    return code


def unit_code_check(first17: str) -> str:
    """Return the last character of a unified social credit code (GB 32100, modulo 31)."""
    values = (_CODE_CHARACTERS.index(character) for character in first17)
    total = sum(value * w for value, w in zip(values, _CODE_WEIGHTS, strict=True))
    return _CODE_CHARACTERS[-total % 31]


def parse_phone(text: str) -> str:
    """Check the shape of a mobile or landline number and return it clean, or refuse it."""
    number = re.sub(r"^(?:\+|00)86-?", "", normalize(text))
    mobile = number.replace("-", "")
    if _MOBILE.fullmatch(mobile):
        return mobile
    landline = re.sub(r"[()]+", "-", number).strip("-")
    if _LANDLINE.fullmatch(landline):
        return landline
    raise Refused(N_("Enter a mobile number, or a landline number with its area code."), "phone")


def _parse_resident(kind: IdKind, number: str, today: date) -> IdNumber:
    if not _RESIDENT.fullmatch(number):
        raise Refused(
            N_("A resident's ID number has 18 characters: digits, the last may be X."),
            field="id_number",
        )
    birth_date = _birth_date(number, today)
    if number[17] != check_digit(number[:17]):
        raise Refused(N_("This ID number has a typing error."), field="id_number")
    sex: Sex = "male" if int(number[16]) % 2 else "female"
    return IdNumber(kind, number, birth_date, sex)


def _birth_date(number: str, today: date) -> date:
    try:
        day = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        day = date.max
    if day.year < _OLDEST_BIRTH_YEAR or day > today:
        raise Refused(N_("This ID number has no possible birth date."), field="id_number")
    return day
