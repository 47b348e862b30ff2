"""Names, titles and prizes in English: as passports spell and English contests call them."""

import re
import unicodedata
from collections.abc import Mapping

from rules.refusals import Refused
from rules.texts import N_

LONGEST, LONGEST_TITLE = 60, 120
_PART = re.compile(r"[A-Z]+(?:[ '.-]+[A-Z]+)*\.?")
# Latin letters with their accents, figures and the marks that English titles have.
_TITLE = re.compile(r"[ -~À-ÖØ-öø-ž–—]*[A-Za-z][ -~À-ÖØ-öø-ž–—]*")
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")  # Chinese fonts set curled ones as wide as characters
# What Chinese plans call their tiers; others are left as they are.
PRIZES = {
    "特等奖": "Grand prize",
    "一等奖": "First prize",
    "二等奖": "Second prize",
    "三等奖": "Third prize",
    "优胜奖": "Merit award",
    "优秀奖": "Merit award",
    "优秀组织奖": "Award for excellent organisation",
    "优秀指导教师": "Excellent coach",
    "金奖": "Gold medal",
    "银奖": "Silver medal",
    "铜奖": "Bronze medal",
    "金牌": "Gold medal",
    "银牌": "Silver medal",
    "铜牌": "Bronze medal",
    "第一名": "First place",
    "第二名": "Second place",
    "第三名": "Third place",
}
DIVISIONS = {
    "职工组": "Staff division",
    "学生组": "Student division",
    "教师组": "Teacher division",
}
# What a sentence says instead of titles that have no English.
NAMED_ABOVE = "the skills contest named above"


def passport_name(surname: str, given: str) -> str:
    """Return a name as certificates write it, "Lyu Xiaoming", from the two lines of a passport."""
    parts = [_part(surname, "surname"), _part(given, "given")] if given.strip() else []
    name = " ".join(parts or [_part(surname, "surname")])
    if len(name) > LONGEST:
        raise Refused(N_("At most 60 letters."), "surname")
    return name


def _part(text: str, field: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", text).upper().replace(",", " ").split())
    if not _PART.fullmatch(plain):
        raise Refused(N_("Enter the letters of the passport: A to Z, without tone marks."), field)
    return re.sub(r"[A-Z]+", lambda word: word[0].capitalize(), plain)


def english_title(text: str, field: str) -> str:
    """Return a title as certificates in English write it; nothing stays nothing."""
    plain = " ".join(text.split()).translate(_STRAIGHT)
    if len(plain) > LONGEST_TITLE:
        raise Refused(N_("At most 120 letters."), field)
    if plain and not _TITLE.fullmatch(plain):
        raise Refused(N_("Write it in Latin letters."), field)
    return plain


def title_in_english(title: str, given: Mapping[str, str]) -> str:
    """Return what a title is called in English: as given, else as is usual; empty if unknown."""
    usual = title if title.isascii() else DIVISIONS.get(title) or PRIZES.get(title.strip(), "")
    return given.get(title) or usual


def place_in_english(edition: str, event: str, division: str) -> str:
    """Say in an English sentence where something was won."""
    contest = "the " + re.sub(r"^the ", "", edition, flags=re.IGNORECASE)
    if not event:
        return contest
    return f"{event} ({division}) at {contest}" if division else f"{event} at {contest}"
