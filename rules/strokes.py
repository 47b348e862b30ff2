"""Names in the order of the strokes of the family name (按姓氏笔画排序, R3.05).

Fewer strokes first; as many strokes: stroke by stroke in the order 横 竖 撇 点 折; the same ones:
a main form before its variant (横 before 提, 竖 before 竖钩, 点 before 捺, fewer folds first).
The family name is compared first, a compound one by its first character; then names of one
character stand before longer ones, and the given name is compared like the family name.
"""

from collections.abc import Iterable, Mapping

from rules.family_names import split

# The letters of the data by kind (横 竖 撇 点 折), within a kind by form.
_KINDS = (("j", "i"), ("f", "g"), ("s",), ("kd", "l"), ("cbnhmtye", "ruoxvp", "azq", "w"))
_FORMS = {
    letter: (kind, form)
    for kind, forms in enumerate(_KINDS, start=1)
    for form, letters in enumerate(forms)
    for letter in letters
}
Strokes = Mapping[str, str]
CharacterKey = tuple[bool, int, tuple[int, ...], tuple[int, ...], int]
NameKey = tuple[tuple[CharacterKey, ...], int, tuple[CharacterKey, ...]]


def read_strokes(lines: Iterable[str]) -> dict[str, str]:
    """Read lines such as ``jj 二``: the strokes, then the characters that have them."""
    found: dict[str, str] = {}
    for line in lines:
        if line.strip() and not line.startswith("#"):
            strokes, characters = line.split()
            found |= dict.fromkeys(characters, strokes)
    return found


def kinds_of(character: str, strokes: Strokes) -> str:
    """Write the strokes of a character as the usual figures, 1 to 5; empty when not known."""
    return "".join(str(_FORMS[letter][0]) for letter in strokes.get(character, ""))


def name_order(name: str, strokes: Strokes) -> NameKey:
    """Return the key by which a name is sorted; characters without data come last."""
    family, given = split(name)
    return (
        tuple(_order(character, strokes) for character in family),
        len(given),
        tuple(_order(character, strokes) for character in given),
    )


def unknown_characters(names: Iterable[str], strokes: Strokes) -> str:
    """Return the characters of these names for which there are no strokes, each once."""
    used = (character for name in names for part in split(name) for character in part)
    return "".join(dict.fromkeys(character for character in used if character not in strokes))


def _order(character: str, strokes: Strokes) -> CharacterKey:
    letters = strokes.get(character)
    if letters is None:
        return True, 0, (), (), ord(character)
    forms = [_FORMS[letter] for letter in letters]
    kinds = tuple(kind for kind, _ in forms)
    return False, len(forms), kinds, tuple(form for _, form in forms), ord(character)
