"""What changed from one version of a design to the next, as sentences that people read."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rules.certificate_layouts import Box, DraftLayout, Line, TextBox
from rules.texts import N_


class Change(NamedTuple):
    """A sentence with its values; words among the values are translated too."""

    text: str
    values: Mapping[str, object] = {}


_WORDS: Mapping[str, str] = {
    "title": N_("Title of the design"),
    "paper": N_("Size of the paper"),
    "landscape": N_("Across"),
    "language": N_("Language"),
    "border": N_("Border"),
    "border_colour": N_("Colour of the border"),
    "second_colour": N_("Second colour"),
    "ground": N_("Colour of the paper"),
    "emblem": N_("Emblem"),
    "rosette": N_("Rosette in the middle"),
    "background": N_("Background"),
    "sealing": N_("Way of sealing"),
    "seal_body": N_("Whose seal"),
    "seal": N_("Place of the seal"),
    "code": N_("Place of the QR code"),
}
_TEXT_WORDS: Mapping[str, str] = {
    "box": N_("place"),
    "parts": N_("words"),
    "role": N_("role"),
    "typeface": N_("font"),
    "size": N_("size of type"),
    "least": N_("least size"),
    "leading": N_("line height"),
    "spacing": N_("letter spacing"),
    "indent": N_("indent"),
    "align": N_("alignment"),
    "anchor": N_("position in the box"),
    "fit": N_("fit"),
    "most_lines": N_("most lines"),
    "colour": N_("colour"),
    "language": N_("language"),
}


def changes(old: DraftLayout, new: DraftLayout) -> list[Change]:
    """List what is different, in the order in which a designer goes through it."""
    return [*_whole(old, new), *_texts(old, new), *_lines(old.lines, new.lines)]


def _whole(old: DraftLayout, new: DraftLayout) -> Iterator[Change]:
    for name, word in _WORDS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            values: dict[str, object] = {"what": word}
            values |= {"before": _said(before), "after": _said(after)}
            yield Change(N_("%(what)s: %(before)s → %(after)s"), values)


def _texts(old: DraftLayout, new: DraftLayout) -> Iterator[Change]:
    before = {text.key: text for text in old.texts}
    after = {text.key: text for text in new.texts}
    for key in before.keys() - after.keys():
        yield Change(N_("Text “%(words)s” removed"), {"words": words_of(before[key])})
    for key, text in after.items():
        if key not in before:
            yield Change(N_("Text “%(words)s” added"), {"words": words_of(text)})
        else:
            yield from _text(before[key], text)


def _text(old: TextBox, new: TextBox) -> Iterator[Change]:
    for name, word in _TEXT_WORDS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            values: dict[str, object] = {"words": words_of(new), "what": word}
            values |= {"before": _said(before), "after": _said(after)}
            yield Change(N_("Text “%(words)s”, %(what)s: %(before)s → %(after)s"), values)


def _lines(old: tuple[Line, ...], new: tuple[Line, ...]) -> Iterator[Change]:
    gone, come = len(set(old) - set(new)), len(set(new) - set(old))
    if gone or come:
        values = {"before": len(old), "after": len(new), "number": max(gone, come)}
        yield Change(
            N_("Drawn lines: %(before)s → %(after)s; %(number)s of them are different"), values
        )


def words_of(text: TextBox) -> str:
    """Return the first words of a text, by which it is known."""
    whole = "".join(part.text for part in text.parts).replace("\n", " ")
    return whole if len(whole) <= 16 else f"{whole[:15]}…"


def _said(value: Any) -> object:
    if isinstance(value, bool):
        return N_("yes") if value else N_("no")
    if isinstance(value, Box):
        return f"{value.x:g}, {value.y:g}; {value.width:g} × {value.height:g} mm"
    if isinstance(value, tuple):
        return " ".join(part.text.replace("\n", " ") for part in value)
    if value is None or value == "":
        return "–"
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    sha256 = getattr(value, "sha256", None)
    return f"{sha256[:8]}…" if sha256 else str(value)
