"""Claiming honours without an account: what is asked, how often, and how long a code counts."""

import re
from datetime import timedelta

from rules.identity import normalize, parse_phone
from rules.refusals import Refused
from rules.texts import N_

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
MOST_TRIES = 5
OPEN_FOR = timedelta(minutes=30)
WINDOW = timedelta(hours=24)
# Whole schools stand behind one address; a number or a phone belongs to one person.
MOST_PER_NUMBER, MOST_PER_PHONE, MOST_PER_ADDRESS = 5, 5, 200

_NUMBER = re.compile(r"[0-9A-Z]{5,18}")


def claim_number(text: str) -> str:
    """Return a document number as it is stored; its shape alone is looked at."""
    number = normalize(text)
    if not _NUMBER.fullmatch(number):
        raise Refused(N_("Enter the number of your identity document in full."), "id_number")
    return number


def claim_phone(text: str) -> str:
    """Return a mobile number; codes go to mobile phones only."""
    phone = parse_phone(text)
    if not phone.startswith("1"):
        raise Refused(N_("Codes go to mobile numbers only."), "phone")
    return phone


def claim_code(text: str) -> str:
    """Return the digits of a typed code, without spaces and full-width forms."""
    return normalize(text)[: 2 * CODE_DIGITS]
