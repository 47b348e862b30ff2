"""Replies with figures in their places: the fields of a figure, and the words that name it."""

import re
from collections.abc import Mapping

from rules.documents import Field
from rules.refusals import Refused
from rules.texts import N_

MOST_FIGURES = 40
LONGEST_TEXT = 20_000

# What a text may ask of each figure: {{ 金匠.人数 }}, {{ 金匠.整句 }}.
FIELDS = (
    Field("number", "数字", N_("The number"), "10"),
    Field("unit", "单位", N_("The unit"), "人"),
    Field("count", "数量", N_("Number with unit"), "10人"),
    Field("of_which", "其中", N_("Of-which numbers of the first split"), "企业职工8人"),
    Field("company", "企业职工数", N_("Number of company staff"), "8"),
    Field("day", "截止日期", N_("Day as of which it was counted"), "2023年4月30日"),
    Field("sentence", "整句", N_("The whole sentence"), "截至2023年4月30日，上林金匠10人。"),
)
_WORD = re.compile(r"[^\W\d_]\w{0,19}")
# What the grammar itself reads as something else.
_TAKEN = frozenset(
    {
        "and", "or", "not", "in", "is", "if", "elif", "else", "endif", "for",
        "endfor", "loop", "true", "false", "none", "True", "False", "None",
    }
)  # fmt: skip

NO_WORD = N_("A word has up to 20 letters or characters and begins with no figure.")
TAKEN_WORD = N_("This word has a meaning of its own in the text. Choose another one.")
USED_WORD = N_("Another figure of this reply has this word.")
TOO_MANY = N_("A reply holds at most %(most)s figures.")


def check_word(word: str, used: frozenset[str]) -> None:
    """Refuse a word by which no figure can be named."""
    if not _WORD.fullmatch(word) or not word.isidentifier():
        raise Refused(NO_WORD, "word")
    if word in _TAKEN:
        raise Refused(TAKEN_WORD, "word")
    if word in used:
        raise Refused(USED_WORD, "word")


def scope_of(words: frozenset[str]) -> Mapping[str, dict[str, Field]]:
    """Return what a text may name: the figures of the reply and their fields."""
    fields = {field.word: field for field in FIELDS}
    return {word: dict(fields) for word in words}


def next_word(used: frozenset[str]) -> str:
    """Return a word for the next figure: 数据1, 数据2."""
    number = 1
    while f"数据{number}" in used:
        number += 1
    return f"数据{number}"
