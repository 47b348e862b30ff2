"""What stands in the fields of a certificate: plain values, worked out from its frozen facts."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from rules.certificate_layouts import CertificateField
from services.documents import chinese_date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def values_of(facts: Mapping[str, Any], check_code: str) -> dict[str, str]:
    """Return the value of every field; older facts have no English, then the Chinese stands in."""
    day = date.fromisoformat(facts["date"])
    values = {
        CertificateField.NAME: facts["name"],
        CertificateField.NAME_LATIN: facts.get("name_latin") or facts["name"],
        CertificateField.EDITION: facts["edition"],
        CertificateField.EVENT: facts["event"],
        CertificateField.DIVISION: facts["division"],
        CertificateField.AWARD: facts["award"],
        CertificateField.AWARD_ENGLISH: facts.get("award_english") or facts["award"],
        CertificateField.HONOURS: _honours(facts["honours"]),
        CertificateField.DATE: chinese_date(day),
        CertificateField.DATE_ENGLISH: f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
        CertificateField.NUMBER: facts["number"],
        CertificateField.CODE: "-".join(
            check_code[at : at + 4] for at in range(0, len(check_code), 4)
        ),
    }
    plain = {str(field): one_line(value) for field, value in values.items()}
    plain[CertificateField.ISSUERS] = "\n".join(one_line(one) for one in facts["issuers"])
    return plain


def one_line(text: str) -> str:
    """Return a text without anything that would begin a line or cannot be seen."""
    if text.isprintable() and "  " not in text:  # nearly always, and much faster
        return text.strip()
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return re.sub(r"\s+", " ", kept).strip()


def _honours(honours: list[str]) -> str:
    if not honours:
        return ""
    return "，授予" + "、".join(f"“{honour}”" for honour in honours) + "称号"
