"""Chinese names taken apart: the family name first, one character or two."""

import re

# Family names of two characters; any other name begins with one of one character.
COMPOUND = frozenset({
    "长孙", "尉迟", "万俟", "澹台", "单于", "欧阳", "上官", "司马", "诸葛", "夏侯",
    "皇甫", "令狐", "公孙", "慕容", "宇文", "东方", "司徒", "司空", "独孤", "南宫",
    "端木", "百里", "呼延", "闻人", "钟离", "公冶", "鲜于", "轩辕", "太史", "濮阳",
})  # fmt: skip
_BETWEEN = re.compile(r"[\s·•‧・.'’\-]")


def split(name: str) -> tuple[str, str]:
    """Return family name and given name, without the dots and spaces of a name."""
    plain = _BETWEEN.sub("", name)
    if name[:2] in COMPOUND and len(plain) > 2:
        return plain[:2], plain[2:]
    return plain[:1], plain[1:]
