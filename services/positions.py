"""Read JSON and YAML so that every value can be found again: its line and its column."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from json import decoder
from typing import Any

import yaml

from rules.refusals import Refused
from rules.texts import N_

Path = tuple[str | int, ...]
DEEPEST = 60
MOST_VALUES = 200_000
LONGEST_NUMBER = 40

_TOO_DEEP = N_("The file is nested too deeply.")
_TOO_MANY = N_("The file holds too many values.")
_TWICE = N_("%(key)s stands twice in the same place.")
_LONG = N_("This number is too long.")
_CYCLE = N_("A value contains itself.")
_TAG = N_("The tag %(tag)s cannot be used: values are texts, numbers, true and false.")


class Unreadable(Refused):
    """A file that is no JSON or YAML, with the place where it stops being so."""

    def __init__(self, text: str, line: int, column: int, **params: Any) -> None:
        super().__init__(text, **params)
        self.line, self.column = line, column


@dataclass
class Positioned:
    """The data of a file, where each value stands, and what is wrong with its form."""

    data: Any
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Unreadable] = field(default_factory=list)

    def place(self, path: Path) -> tuple[int, int]:
        """Return line and column of a value, or of the nearest one above it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))


def read_json(text: str) -> Positioned:
    """Read JSON, or raise Unreadable; numbers stay texts, so that none loses a digit."""
    return _Json(text).read()


def read_yaml(text: str) -> Positioned:
    """Read YAML, or raise Unreadable; no tags, and every scalar but true, false and null a text."""
    try:
        node = yaml.compose(text, Loader=_Counting)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Unreadable(
            N_("This is not YAML: %(why)s."), line, column, why=error.problem
        ) from None
    except yaml.reader.ReaderError as error:
        raise Unreadable(N_("This is not YAML: %(why)s."), 1, 1, why=error.reason) from None
    except RecursionError:
        raise Unreadable(_TOO_DEEP, 1, 1) from None
    found = Positioned(None)
    found.data = _Yaml(found).value(node, (), ()) if node is not None else None
    return found


class _Counting(yaml.SafeLoader):
    """Stops while it reads, before a file with too many values has filled the memory."""

    values = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> Any:
        """Make one node and all below it."""
        self.values += 1
        if self.values > MOST_VALUES:
            raise Unreadable(_TOO_MANY, self.line + 1, self.column + 1)
        return super().compose_node(parent, index)


_NAMES = "str int float bool null timestamp value merge map seq"
_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in _NAMES.split())


class _Yaml:
    def __init__(self, found: Positioned) -> None:
        self._found, self._count = found, 0

    def value(self, node: yaml.Node, path: Path, above: tuple[yaml.Node, ...]) -> Any:
        place = (node.start_mark.line + 1, node.start_mark.column + 1)
        self._found.places[path] = place
        self._count += 1
        if self._count > MOST_VALUES:
            raise Unreadable(_TOO_MANY, *place)
        if node in above:
            raise Unreadable(_CYCLE, *place)
        if len(above) > DEEPEST:
            raise Unreadable(_TOO_DEEP, *place)
        inside = (*above, node)
        if node.tag not in _TAGS:
            self._found.problems.append(Unreadable(_TAG, *place, tag=str(node.tag)[:60]))
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path, inside))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one, (*path, i), inside) for i, one in enumerate(node.value)]
        return _scalar(node, place, self._found)

    def _pairs(
        self, node: yaml.MappingNode, path: Path, inside: tuple[yaml.Node, ...]
    ) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in seen:
                mark = key_node.start_mark
                twice = Unreadable(_TWICE, mark.line + 1, mark.column + 1, key=key)
                self._found.problems.append(twice)
            seen.add(key)
            yield key, self.value(value_node, (*path, key), inside)


def _scalar(node: yaml.Node, place: tuple[int, int], found: Positioned) -> Any:
    text = str(node.value)
    if getattr(node, "style", None) is None:
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        if node.tag.endswith(":null"):
            return None
        if len(text) > LONGEST_NUMBER and node.tag.endswith((":int", ":float")):
            found.problems.append(Unreadable(_LONG, *place))
            return None
    return text


_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_WORDS = {"true": True, "false": False, "null": None}


class _Json:
    """A small reader that keeps positions; texts are read by the standard library."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._found = Positioned(None)

    def read(self) -> Positioned:
        """Read the whole text."""
        self._found.data = self._value((), 0)
        self._space()
        if self._at < len(self._text):
            raise self._wrong(N_("Something follows after the end."))
        return self._found

    def _place(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

    def _wrong(self, text: str, **params: Any) -> Unreadable:
        return Unreadable(text, *self._place(self._at), **params)

    def _space(self) -> str:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _expect(self, sign: str) -> None:
        if self._space() != sign:
            raise self._wrong(N_("This is not JSON: %(sign)s is missing here."), sign=sign)
        self._at += 1

    def _value(self, path: Path, depth: int) -> Any:
        if depth > DEEPEST:
            raise self._wrong(_TOO_DEEP)
        sign = self._space()
        self._found.places[path] = self._place(self._at)
        if len(self._found.places) > MOST_VALUES:
            raise self._wrong(_TOO_MANY)
        if sign == "{":
            return self._object(path, depth)
        if sign == "[":
            return self._array(path, depth)
        return self._string() if sign == '"' else self._word()

    def _object(self, path: Path, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._at += 1
        if self._space() == "}":
            self._at += 1
            return found
        while True:
            self._space()
            start = self._at
            key = self._string()
            if key in found:
                twice = Unreadable(_TWICE, *self._place(start), key=key)
                self._found.problems.append(twice)
            self._expect(":")
            found[key] = self._value((*path, key), depth + 1)
            if self._space() != ",":
                self._expect("}")
                return found
            self._at += 1

    def _array(self, path: Path, depth: int) -> list[Any]:
        found: list[Any] = []
        self._at += 1
        if self._space() == "]":
            self._at += 1
            return found
        while True:
            found.append(self._value((*path, len(found)), depth + 1))
            if self._space() != ",":
                self._expect("]")
                return found
            self._at += 1

    def _string(self) -> str:
        self._expect('"')
        try:
            text, self._at = decoder.scanstring(self._text, self._at, True)  # type: ignore[attr-defined]
        except json.JSONDecodeError as error:
            self._at = error.pos
            raise self._wrong(N_("This is not JSON: a text does not end properly.")) from None
        return str(text)

    def _word(self) -> Any:
        for word, value in _WORDS.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return value
        match = _NUMBER.match(self._text, self._at)
        if match is None:
            raise self._wrong(N_("This is not JSON: a value is missing here."))
        place = self._place(self._at)
        self._at = match.end()
        if len(match[0]) > LONGEST_NUMBER:
            self._found.problems.append(Unreadable(_LONG, *place))
            return None
        return match[0]


_ORIGIN = "\0"  # no key of a file can be called this: neither format allows it


def marked(data: Any, path: Path = ()) -> Any:
    """Let every mapping remember its path, so that it can be moved and still be found."""
    if isinstance(data, list):
        return [marked(item, (*path, index)) for index, item in enumerate(data)]
    if isinstance(data, dict):
        return {_ORIGIN: path} | {key: marked(value, (*path, key)) for key, value in data.items()}
    return data


def unmarked(moved: Any, found: Positioned) -> Positioned:
    """Take the remembered paths out again and keep them as the places of the moved values."""
    result = Positioned(None, {(): found.place(())}, found.problems)
    result.data = _unmarked(moved, (), (), found, result)
    return result


def _unmarked(data: Any, path: Path, origin: Path, old: Positioned, new: Positioned) -> Any:
    if isinstance(data, list):
        new.places[path] = old.place(origin)
        return [
            _unmarked(item, (*path, index), (*origin, index), old, new)
            for index, item in enumerate(data)
        ]
    if not isinstance(data, dict):
        new.places[path] = old.place(origin)
        return data
    origin = data.get(_ORIGIN, origin)
    new.places[path] = old.place(origin)
    return {
        key: _unmarked(value, (*path, key), (*origin, key), old, new)
        for key, value in data.items()
        if key != _ORIGIN
    }
