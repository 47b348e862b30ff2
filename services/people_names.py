"""The spelling in Latin letters under which a Chinese name is sorted and found."""

import os
import re
from functools import lru_cache

from rules.family_names import split

# Family names that are read otherwise than the character alone; the library does not know them.
_TWO_CHARACTERS = {
    "长孙": "zhangsun",
    "尉迟": "yuchi",
    "万俟": "moqi",
    "澹台": "tantai",
    "单于": "chanyu",
    "欧阳": "ouyang",
    "上官": "shangguan",
    "司马": "sima",
    "诸葛": "zhuge",
    "夏侯": "xiahou",
    "皇甫": "huangfu",
    "令狐": "linghu",
    "公孙": "gongsun",
    "慕容": "murong",
    "宇文": "yuwen",
    "东方": "dongfang",
    "司徒": "situ",
    "司空": "sikong",
    "独孤": "dugu",
    "南宫": "nangong",
    "端木": "duanmu",
    "百里": "baili",
    "呼延": "huyan",
    "闻人": "wenren",
    "钟离": "zhongli",
    "公冶": "gongye",
    "鲜于": "xianyu",
    "轩辕": "xuanyuan",
    "太史": "taishi",
    "濮阳": "puyang",
}
_ONE_CHARACTER = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "区": "ou",
    "翟": "zhai",
    "查": "zha",
    "朴": "piao",
    "盖": "ge",
    "缪": "miao",
    "秘": "bi",
    "覃": "qin",
    "员": "yun",
    "种": "chong",
    "折": "she",
    "乐": "yue",
    "黑": "he",
    "重": "chong",
    "宓": "fu",
    "隗": "wei",
    "召": "shao",
    "卜": "bu",
    "洗": "xian",
    "能": "nai",
    "都": "du",
    "郇": "xun",
    "句": "gou",
    "阚": "kan",
    "佴": "nai",
    "祭": "zhai",
    "乜": "nie",
}
LONGEST_KEY = 200


def name_key(name: str) -> str:
    """Return words such as "chen jianguo cjg chenjianguo": the family name first, for sorting.

    Whoever types the beginning of any of them finds the person.
    """
    if name.isascii():
        return " ".join(dict.fromkeys((*name.lower().split(), "".join(name.lower().split()))))
    family, given = split(name)
    syllables = [_spelled(part) for part in given]
    first = _family(family)
    initials = "".join(part[0] for part in (*_initials(family, first), *syllables) if part)
    whole = "".join(syllables)
    words = dict.fromkeys(word for word in (first, whole, initials, first + whole) if word)
    return " ".join(words)[:LONGEST_KEY]


def reading(name: str) -> tuple[str, tuple[str, ...]]:
    """Return how a name is read, without tones: the family name, then each syllable of the rest."""
    family, given = split(name)
    return _family(family), tuple(_spelled(part) for part in given)


def passport_spelling(name: str) -> str:
    """Spell a Han name as passports do: Zhang Sanfeng; empty for names that are spelled otherwise.

    Who has a name of another language (with ·, or long) spells it by that language's own rules.
    """
    if name.isascii():
        return name
    if not 2 <= len(name) <= 4 or not all(_is_han(character) for character in name):
        return ""
    family, given = reading(name)
    words = (family, "".join(given))
    return " ".join(word.capitalize() for word in words) if all(words) else ""


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or character > "\U0001ffff"


def search_key(text: str) -> str:
    """Return what was typed as it would stand in a key; empty when it is no Latin spelling."""
    low = text.strip().lower()
    if not low.isascii() or not re.fullmatch(r"[a-z' ]+", low):
        return ""
    return low.replace("'", "").strip()


def _family(family: str) -> str:
    known = _TWO_CHARACTERS.get(family) or _ONE_CHARACTER.get(family)
    return known or "".join(_spelled(character) for character in family)


def _initials(family: str, spelled: str) -> list[str]:
    return [spelled] if len(family) < 2 else [spelled, _spelled(family[1])]


@lru_cache(maxsize=20_000)
def _spelled(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalpha() else ""
    # The dictionary takes a moment to load, so nobody pays for it who stores no name; its larger
    # half, the phrases, is of no use for single characters.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    return "".join(c for c in lazy_pinyin(character)[0].lower() if c.isascii() and c.isalpha())
