"""Names and prizes in English: as a passport spells them, as English contests call them."""

import re
import unicodedata

from rules.refusals import Refused
from rules.texts import N_

LONGEST = 60
_PART = re.compile(r"[A-Z]+(?:[ '.-]+[A-Z]+)*\.?")
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


def prize_in_english(title: str) -> str:
    """Return what a prize is called in English; empty for one that is not known."""
    return title if title.isascii() else PRIZES.get(title.strip(), "")
