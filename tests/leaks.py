"""A scanner that finds personal data of known people in whatever the program gives out.

It knows identity numbers, birth dates, telephone numbers and bank cards of the people, and looks
for them whole, masked, in pieces and in disguise (R9.03, R9.04). Pieces are united over everything
that was scanned: a number of which fewer than 10,000 possibilities are left counts as given away.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from tests.leak_forms import (
    AGE,
    BORN,
    DAY,
    EPOCH,
    FEW,
    HOLED,
    MASK,
    NAME_RUN,
    NEAR_AFTER,
    NEAR_BEFORE,
    NUMERAL_RUN,
    NUMERALS,
    OF_PERSON,
    PIECE,
    RUN,
    SPREAD,
    TAIL,
    TOKEN,
    dates_in,
    plain_text,
    possibilities,
)
from tests.leak_texts import texts_of

PHONE_LENGTH, LONG = 11, 15


@dataclass(frozen=True)
class Secrets:
    """What must not be known of a person."""

    key: int
    name: str
    id_number: str = ""
    birth_date: date | None = None
    phone: str = ""
    card: str = ""
    others: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[tuple[str, str], ...]:
        """Return the numbers with their kinds."""
        found = (("id", self.id_number), ("phone", self.phone), ("card", self.card))
        return tuple(pair for pair in found if pair[1])


@dataclass(frozen=True)
class Finding:
    """One thing that was given away: what, of whom, where."""

    kind: str
    key: int
    where: str


class Named(NamedTuple):
    """A name in a text, and all who bear it."""

    keys: tuple[int, ...]
    start: int
    end: int

    def is_near(self, place: int) -> bool:
        """Say whether a place belongs to the row of the name."""
        return self.start - NEAR_BEFORE <= place <= self.end + NEAR_AFTER


@dataclass
class _Numbers:
    """The numbers of all people, prepared for searching."""

    dense: dict[int, dict[str, tuple[str, int]]] = field(default_factory=lambda: defaultdict(dict))
    close: dict[int, dict[str, tuple[str, int]]] = field(default_factory=lambda: defaultdict(dict))
    tokens: dict[str, tuple[str, int]] = field(default_factory=dict)
    births: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    epochs: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    ends: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


class Scanner:
    """Finds what outputs give away of these people; keeps what it saw in pieces."""

    def __init__(self, people: Iterable[Secrets], today: date) -> None:
        self.people = {one.key: one for one in people}
        self.today = today
        self.found: set[Finding] = set()
        self.known: dict[int, dict[int, str]] = defaultdict(dict)
        self._named: dict[str, list[int]] = defaultdict(list)
        self._numbers = _Numbers()
        self._masks: dict[tuple[int, int], dict[tuple[str, str], list[tuple[str, int]]]] = {}
        for one in self.people.values():
            self._learn(one)
        self._lengths = sorted({len(name) for name in self._named}, reverse=True)

    def _learn(self, one: Secrets) -> None:
        book = self._numbers
        if one.name:
            self._named[unicodedata.normalize("NFKC", one.name)].append(one.key)
        if one.id_number:
            self._learn_id(one)
        for kind, number in one.numbers:
            for length in (3, 4, 5, 6):
                book.ends[number[-length:].upper()].append(one.key)
            for algorithm in ("md5", "sha1", "sha256"):
                made = hashlib.new(algorithm, number.encode(), usedforsecurity=False).hexdigest()
                book.tokens[made] = (f"{kind} hash", one.key)
        for written in (one.phone, one.phone[::-1]):
            book.close[len(written)][written] = ("phone", one.key)
        for written in (one.card, one.card[::-1]):
            book.dense[len(written)][written] = ("card", one.key)
        book.tokens |= {text.lower(): ("token", one.key) for text in one.others}
        self._learn_birth(one.key, one.birth_date)

    def _learn_id(self, one: Secrets) -> None:
        number = one.id_number
        old = number[:6] + number[8:17]
        for text in (number[:17], old, number[:14], number[6:17]):
            for written in (text, text[::-1]):
                book = self._numbers.dense if len(text) >= LONG else self._numbers.close
                book[len(text)][written] = ("id", one.key)
        self._numbers.tokens[format(int(number[:17]), "x")] = ("id", one.key)

    def _learn_birth(self, key: int, born: date | None) -> None:
        if born is None:
            return
        self._numbers.births[born].append(key)
        midnight = datetime(born.year, born.month, born.day, tzinfo=UTC)
        for instant in (midnight, midnight - timedelta(hours=8)):
            seconds = int((instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
            self._numbers.epochs[str(seconds)].append(key)
            self._numbers.epochs[str(seconds * 1000)].append(key)

    def scan(self, where: str, data: bytes | str) -> list[Finding]:
        """Return what one output gives away; remember it, and the pieces of numbers in it."""
        texts = [(place, plain_text(text)) for place, text in texts_of(data, where)]
        # Of a page the cells are read for names; its source would only say the same again.
        names = [self._names_in(text) if _is_read(place, text) else [] for place, text in texts]
        everybody = {key for found in names for one in found for key in one.keys}
        fresh: set[Finding] = set()
        for (place, text), named in zip(texts, names, strict=True):
            # Text whose cells run together serves for numbers that are split over them.
            joined = place.endswith("without tags")
            hits = self._whole(text) if joined else self._hits(text, named, everybody)
            fresh |= {Finding(kind, key, place) for kind, key in hits}
        self.found |= fresh
        return sorted(fresh, key=lambda one: (one.kind, one.key, one.where))

    def rebuildable(self) -> dict[int, int]:
        """Return whose identity number can be tried out, and how many possibilities are left."""
        left = {key: possibilities(known) for key, known in self.known.items() if known}
        return {key: count for key, count in left.items() if count < FEW}

    def _hits(
        self, text: str, named: list[Named], everybody: set[int]
    ) -> Iterator[tuple[str, int]]:
        yield from self._whole(text)
        runs = NUMERAL_RUN.findall(text)
        if runs:
            yield from self._whole("|".join(run.translate(NUMERALS) for run in runs))
        yield from self._masked(text, named)
        yield from self._holed(text, named)
        yield from self._tails(text, named)
        yield from self._dates(text, everybody)
        yield from self._rows(text, named)

    def _whole(self, text: str) -> Iterator[tuple[str, int]]:
        """Find numbers that are all there, whatever stands between their digits.

        Short ones only where their digits stand close together: columns of counters are long.
        """
        book, digits = self._numbers, re.sub(r"\D", "", text)
        for length, known in book.dense.items():
            yield from _windows(digits, length, known)
        for run in RUN.findall(text):
            if len(run) >= PHONE_LENGTH:
                tight = re.sub(r"\D", "", run)
                for length, known in book.close.items():
                    yield from _windows(tight, length, known)
        for token in TOKEN.findall(text):
            if (hit := book.tokens.get(token.lower())) is not None:
                yield hit

    def _masked(self, text: str, named: list[Named]) -> Iterator[tuple[str, int]]:
        """Find numbers of which a part is starred out, and keep what can be read of them."""
        for match in MASK.finditer(text):
            head, tail = match[1], match[3].upper()
            total = len(head) + len(match[2]) + len(tail)
            owners = self._owners(head, tail)
            near = _around(named, match.start())
            of_length = [pair for pair in owners if len(self._number(*pair)) == total]
            if len(head) + len(tail) < 7:
                owners = [*of_length, *(pair for pair in owners if pair[1] in near)]
            certain = [pair for pair in owners if pair[1] in near] or (
                owners if len(owners) <= 3 else []
            )
            for kind, key in certain:
                if kind == "id":
                    self._keep(key, head, tail)
            yield from ((f"{kind} masked", key) for kind, key in certain or of_length[:1])

    def _holed(self, text: str, named: list[Named]) -> Iterator[tuple[str, int]]:
        """Find numbers with several holes, like ***282********1237."""
        for match in HOLED.finditer(text):
            written = match[0].upper()
            if not re.fullmatch(r"\D+\d.*|\d+\D+\d+\D.+", written) or written.isalpha():
                continue
            near = _around(named, match.start())
            enough = sum(letter.isdigit() for letter in written) >= 6
            for key in near or (self.people if enough else ()):
                for kind, number in self.people[key].numbers:
                    if _fits(written, number):
                        yield f"{kind} masked", key
                        if kind == "id":
                            self._keep_all(key, written)

    def _keep_all(self, key: int, written: str) -> None:
        self.known[key] |= {n: one for n, one in enumerate(written) if one.isdigit()}

    def _number(self, kind: str, key: int) -> str:
        return dict(self.people[key].numbers)[kind]

    def _owners(self, head: str, tail: str) -> list[tuple[str, int]]:
        if len(head) + len(tail) < 4:
            return []
        size = (len(head), len(tail))
        if size not in self._masks:
            made: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
            for one in self.people.values():
                for kind, number in one.numbers:
                    if len(number) > sum(size):
                        shown = (number[: size[0]], number[len(number) - size[1] :].upper())
                        made[shown].append((kind, one.key))
            self._masks[size] = made
        return self._masks[size].get((head, tail), [])

    def _keep(self, key: int, head: str, tail: str) -> None:
        known = self.known[key]
        known |= dict(enumerate(head))
        known |= {18 - len(tail) + place: digit for place, digit in enumerate(tail)}

    def _tails(self, text: str, named: list[Named]) -> Iterator[tuple[str, int]]:
        """Find words like "ending in 1234" where these are the last digits of somebody's number."""
        for match in TAIL.finditer(text):
            owners = self._numbers.ends.get(match[1].upper(), [])
            near = _around(named, match.start())
            about = text[max(0, match.start() - 12) : match.end() + 6]
            certain = [key for key in owners if key in near]
            for key in certain or (owners if OF_PERSON.search(about) else []):
                yield "tail", key

    def _dates(self, text: str, everybody: set[int]) -> Iterator[tuple[str, int]]:
        """Find birth dates of those who are named in the same output, or called birth dates."""
        for place, born in dates_in(text):
            owners = self._numbers.births.get(born, [])
            named = [key for key in owners if key in everybody]
            called = owners and BORN.search(text[max(0, place - 30) : place + 30])
            yield from (("birth", key) for key in (named or (owners if called else [])))
        for match in EPOCH.finditer(text):
            owners = self._numbers.epochs.get(match[0], [])
            called = owners and BORN.search(text[max(0, match.start() - 30) : match.start()])
            yield from (("birth", key) for key in owners if called or key in everybody)

    def _rows(self, text: str, named: list[Named]) -> Iterator[tuple[str, int]]:
        """Look at what stands around each name: pieces of the number, age and birthday."""
        for keys, start, end in named:
            around = text[max(0, start - NEAR_BEFORE) : end + NEAR_AFTER]
            pieces = [piece.upper() for piece in PIECE.findall(around)]
            days = {(int(month), int(day)) for month, day in DAY.findall(around)}
            spread = {tuple(map(int, found)) for found in SPREAD.findall(around)}
            for one in (self.people[key] for key in keys) if pieces or days else ():
                if one.id_number:
                    yield from self._pieces(one, pieces)
                born = one.birth_date
                if born is not None and (born.year, born.month, born.day) in spread:
                    yield "birth", one.key
                if days:
                    yield from _birthdays(one, days, around, self.today)

    def _pieces(self, one: Secrets, pieces: list[str]) -> Iterator[tuple[str, int]]:
        number = one.id_number
        for piece in pieces:
            if piece == number[8:14]:
                yield "birth", one.key
            if number.startswith(piece):
                self._keep(one.key, piece, "")
            elif number.endswith(piece):
                self._keep(one.key, "", piece)
            elif len(piece) >= 6 and (place := number.find(piece)) >= 0:
                self.known[one.key] |= {place + n: digit for n, digit in enumerate(piece)}

    def _names_in(self, text: str) -> list[Named]:
        """Return whose names stand in a text, and from where to where."""
        found = []
        for run in NAME_RUN.finditer(text):
            letters, offset = run[0], run.start()
            for length in self._lengths:
                for start in range(len(letters) - length + 1):
                    if (keys := self._named.get(letters[start : start + length])) is not None:
                        found.append(Named(tuple(keys), offset + start, offset + start + length))
        return found


def _around(named: list[Named], place: int) -> set[int]:
    """Return whose names stand near a place."""
    return {key for one in named if one.is_near(place) for key in one.keys}


def _is_read(place: str, text: str) -> bool:
    return "</" not in text and not place.endswith(("without tags", "entities"))


def _windows(
    digits: str, length: int, known: dict[str, tuple[str, int]]
) -> Iterator[tuple[str, int]]:
    if length == 0:
        return
    for start in range(len(digits) - length + 1):
        if (hit := known.get(digits[start : start + length])) is not None:
            yield hit


def _fits(written: str, number: str) -> bool:
    """Say whether all digits that are left in a number with holes are those of the number."""
    digits = [(one, place) for place, one in enumerate(written) if one.isdigit()]
    if len(written) != len(number) or len(digits) < 4:
        return False
    return all(number[place] == one for one, place in digits)


def _birthdays(
    one: Secrets, days: set[tuple[int, int]], around: str, today: date
) -> Iterator[tuple[str, int]]:
    born = one.birth_date
    if born is None or (born.month, born.day) not in days:
        return
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    ages = {int(first or second) for first, second in AGE.findall(around)}
    if age in ages or BORN.search(around):
        yield "birthday", one.key
