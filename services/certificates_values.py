"""What stands in the fields of a certificate: plain values, worked out from its frozen facts."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from rules.certificate_kinds import place_of
from rules.certificate_layouts import CertificateField
from rules.english_names import NAMED_ABOVE
from services.documents import chinese_date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

# Titles in English, and the facts that they stand for.
ENGLISH_OF = {
    CertificateField.AWARD_ENGLISH: "award",
    CertificateField.EVENT_ENGLISH: "event",
    CertificateField.DIVISION_ENGLISH: "division",
    CertificateField.EDITION_ENGLISH: "edition",
}


def values_of(facts: Mapping[str, Any], check_code: str) -> dict[str, str]:
    """Return the value of every field; a paper has facts of its own kind only.

    Older facts have no English, then the Chinese stands in.
    """
    day = date.fromisoformat(facts["date"])
    award = facts.get("award", "")
    values = {
        CertificateField.NAME: facts["name"],
        CertificateField.NAME_LATIN: facts.get("name_latin") or facts["name"],
        CertificateField.EDITION: facts["edition"],
        CertificateField.PLACE: place_of(facts),
        CertificateField.PLACE_ENGLISH: facts.get("place_english") or NAMED_ABOVE,
        CertificateField.EVENT: facts.get("event", ""),
        CertificateField.DIVISION: facts.get("division", ""),
        CertificateField.AWARD: award,
        CertificateField.HONOURS: _honours(facts.get("honours", [])),
        CertificateField.TITLES: "、".join(facts.get("honours", [])),
        CertificateField.MEMBERS: "、".join(facts.get("members", [])),
        CertificateField.TRAINEES: "、".join(facts.get("trainees", [])),
        CertificateField.TRAINEES_AWARD: facts.get("trainees_award", ""),
        CertificateField.ROLE: facts.get("role", ""),
        CertificateField.TERM: facts.get("term", ""),
        CertificateField.OCCUPATION: facts.get("occupation", ""),
        CertificateField.LEVEL: facts.get("level", ""),
        CertificateField.DATE: chinese_date(day),
        CertificateField.DATE_ENGLISH: f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
        CertificateField.NUMBER: facts["number"],
        CertificateField.CODE: "-".join(
            check_code[at : at + 4] for at in range(0, len(check_code), 4)
        ),
    }
    values |= {field: facts.get(field) or facts.get(said, "") for field, said in ENGLISH_OF.items()}
    plain = {str(field): one_line(value) for field, value in values.items()}
    plain[CertificateField.ISSUERS] = "\n".join(one_line(one) for one in facts["issuers"])
    return plain


def chinese_term(first: date, last: date) -> str:
    """Write from when to when, as letters of appointment do."""
    days = [f"{day.year}年{day.month}月{day.day}日" for day in (first, last)]
    return days[0] if first == last else "至".join(days)


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
