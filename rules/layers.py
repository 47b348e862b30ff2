"""Sealed layers: labels that stand between an entry and its work, and the tables that tie them."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from rules.refusals import Refused
from rules.texts import N_

# Sealed tables are filled up to whole blocks: their length tells nothing of their rows.
BLOCK = 4096
FORMAT = 1
SHORTEST_PASSPHRASE = 12
FEWEST_CHARACTERS = 6
Row = tuple[str, str]


class LayerKind(StrEnum):
    """What a layer gives out (R2.06): a draw number, a seat, or the code of the work."""

    DRAW_NUMBER = "draw_number"
    SEAT = "seat"
    WORK_CODE = "work_code"


class SealedGroup(NamedTuple):
    """The entries of one division that are sealed together, under the letter of their labels."""

    division_id: int
    letter: str
    entries: tuple[str, ...]


class LayerTable(NamedTuple):
    """What one layer hides: which label follows which, and a nonce that nobody can guess."""

    event_id: int
    number: int
    nonce: str
    rows: tuple[Row, ...]


class BrokenLayers(Exception):
    """Opened tables do not tie each sealed entry to exactly one work."""


def kinds(count: int) -> tuple[LayerKind, ...]:
    """Return what each of so many layers gives out; the last one always gives the work's code."""
    if not 1 <= count <= len(LayerKind):
        raise ValueError(f"not a number of layers: {count}")
    before = (LayerKind.DRAW_NUMBER, LayerKind.SEAT)[: count - 1]
    return (*before, LayerKind.WORK_CODE)


def groups_of(entries: Mapping[int, Sequence[str]]) -> tuple[SealedGroup, ...]:
    """Give each division its letter, in the order given; divisions without entries have none."""
    filled = [(division, sorted(numbers)) for division, numbers in entries.items() if numbers]
    return tuple(
        SealedGroup(division, _letter(index), tuple(numbers))
        for index, (division, numbers) in enumerate(filled)
    )


def _letter(index: int) -> str:
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def labels(kind: LayerKind, letter: str, count: int) -> tuple[str, ...]:
    """Return the labels of a division: draw numbers A-01, seats A-S01 (R2.06).

    The letter names the division, so that it is known of a work without the person.
    """
    if kind is LayerKind.WORK_CODE:
        raise ValueError("codes of works are drawn, not counted")
    mark = "S" if kind is LayerKind.SEAT else ""
    width = max(2, len(str(count)))
    return tuple(f"{letter}-{mark}{number:0{width}d}" for number in range(1, count + 1))


def sources(count: int, number: int, group: SealedGroup) -> tuple[str, ...]:
    """Return the labels of a division that a layer takes: entry numbers, then the layer before."""
    if number == 1:
        return group.entries
    return labels(kinds(count)[number - 2], group.letter, len(group.entries))


def written(table: LayerTable) -> bytes:
    """Write a table in its one form, filled up to whole blocks."""
    data = {"format": FORMAT, **table._asdict(), "rows": sorted(map(list, table.rows))}
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return text.ljust(-(-len(text) // BLOCK) * BLOCK)


def read(data: bytes) -> LayerTable:
    """Read a table; raise BrokenLayers for anything that is not exactly what was written."""
    try:
        found = json.loads(data)
        rows = tuple((str(source), str(target)) for source, target in found["rows"])
        table = LayerTable(int(found["event_id"]), int(found["number"]), found["nonce"], rows)
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenLayers("not a table") from error
    if written(table) != data:
        raise BrokenLayers("not in the form of a table")
    return table


def commitment(data: bytes) -> str:
    """Return the public digest that binds the sealer to a table without telling it (R2.09)."""
    return hashlib.sha256(data).hexdigest()


def compose(
    tables: Sequence[LayerTable], groups: Sequence[SealedGroup], codes: Mapping[str, int]
) -> dict[str, str]:
    """Follow each entry through all layers to its code (R2.08).

    Raises BrokenLayers unless every table is one to one on exactly the labels that were sealed, and
    each code belongs to a work of the entry's own division.
    """
    found = {entry: entry for group in groups for entry in group.entries}
    for number, table in enumerate(tables, start=1):
        if table.number != number:
            raise BrokenLayers(f"table {table.number} in place of {number}")
        wanted = [label for group in groups for label in sources(len(tables), number, group)]
        step = dict(table.rows)
        if sorted(wanted) != sorted(source for source, _ in table.rows):
            raise BrokenLayers(f"table {number} is not about the labels that were sealed")
        if len(set(step.values())) != len(table.rows):
            raise BrokenLayers(f"table {number} gives a label twice")
        found = {entry: step[label] for entry, label in found.items()}
    _check_codes(found, groups, codes)
    return found


def _check_codes(
    found: Mapping[str, str], groups: Sequence[SealedGroup], codes: Mapping[str, int]
) -> None:
    if sorted(found.values()) != sorted(codes):
        raise BrokenLayers("the codes are not those of the works")
    for group in groups:
        for entry in group.entries:
            if codes[found[entry]] != group.division_id:
                raise BrokenLayers(f"{entry} leads to a work of another division")


def chain(tables: Sequence[LayerTable], entry: str) -> Iterator[str]:
    """Yield the labels of one entry, layer by layer."""
    label = entry
    for table in tables:
        label = dict(table.rows)[label]
        yield label


def normal_passphrase(text: str) -> str:
    """Return the one spelling of a passphrase: width variants and composed letters are alike."""
    return unicodedata.normalize("NFKC", text)


def check_passphrase(text: str, username: str) -> None:
    """Refuse a passphrase that is soon guessed; nobody can set a lost one anew."""
    passphrase = normal_passphrase(text)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refused(
            N_("A passphrase has at least %(count)s characters."),
            field="passphrase",
            count=SHORTEST_PASSPHRASE,
        )
    if len(set(passphrase)) < FEWEST_CHARACTERS:
        raise Refused(
            N_("This passphrase repeats too few characters. Take several words."),
            field="passphrase",
        )
    if username and username.lower() in passphrase.lower():
        raise Refused(N_("The passphrase must not contain your user name."), field="passphrase")
