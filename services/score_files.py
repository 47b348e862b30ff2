"""Schemes and marks as files, read without a database; everything wrong is said at once."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from pydantic import BaseModel, ValidationError

from rules.data import InvalidRules
from rules.plans import EventPlan
from rules.refusals import Refused
from rules.regulations import MOST_REPEATS, Regulations, plan_problems, written_out, written_size
from rules.scheme_problems import SUMS
from rules.schemes import Scheme
from rules.texts import N_
from services.positions import (
    MOST_VALUES,
    Path,
    Positioned,
    Unreadable,
    marked,
    read_json,
    read_yaml,
    unmarked,
)

BIGGEST = 64 * 1024 * 1024
BIGGEST_RULES = 4 * 1024 * 1024
LONGEST_NAME = 60


def visible(text: str) -> str:
    """Write a text in one line, whatever a file put into it: what cannot be seen becomes a box."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


@dataclass(frozen=True)
class FileProblem:
    """What is wrong at one place of a file, and at which node of the scheme."""

    file: str
    line: int
    column: int
    node: str
    problem: Refused

    def __str__(self) -> str:
        node = f"{self.node[:LONGEST_NAME]}: " if self.node else ""
        return visible(f"{self.file}:{self.line}:{self.column}: {node}{self.problem}")


class BadFile(Refused):
    """A file that cannot be used, with every problem in it."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        super().__init__(N_("The file has problems."))
        self.problems = sorted(set(problems), key=_place_and_text)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def _place_and_text(one: FileProblem) -> tuple[str, int, int, str, str]:
    return (one.file, one.line, one.column, one.node, str(one.problem))


def read_text(file: File, most: int = BIGGEST) -> str:
    """Read a text file, UTF-8 or the Chinese encoding that Excel writes; raise BadFile."""
    try:
        with file.open("rb") as source:
            raw = source.read(most + 1)
        if len(raw) > most:
            text = N_("The file is larger than %(most)s MB.")
            raise BadFile([_whole(file, text, most=most >> 20)])
    except OSError as error:
        text = N_("The file cannot be read: %(why)s.")
        raise BadFile([_whole(file, text, why=error.strerror or "")]) from None
    return decoded(raw, file)


def decoded(raw: bytes, file: File) -> str:
    """Return the text of a file's bytes; raise BadFile."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile([_whole(file, N_("The file is not UTF-8 text."))])


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a text with their ends, without a second copy of the whole."""
    return (found[0] for found in _LINE.finditer(text))


def _whole(file: File, text: str, **params: Any) -> FileProblem:
    return FileProblem(str(file), 1, 1, "", Refused(text, **params))


def read_regulations(file: File) -> Regulations:
    """Read a scheme file, JSON or YAML by its name; raise BadFile with all problems."""
    return regulations_of(read_text(file, BIGGEST_RULES), file)


def regulations_of(text: str, file: File) -> Regulations:
    """Read the text of a scheme file, JSON or YAML by the file's name; raise BadFile."""
    try:
        read = read_yaml if file.suffix.lower() in (".yaml", ".yml") else read_json
        found = read(text)
    except Unreadable as error:
        raise BadFile([_at(file, error)]) from None
    if written_size(found.data) > MOST_VALUES:
        text = N_("Written out, with all that is repeated, the file holds too many values.")
        raise BadFile([_whole(file, text)])
    found = unmarked(written_out(marked(found.data)), found)
    return _Checked(file, found).regulations()


def _at(file: File, error: Unreadable) -> FileProblem:
    return FileProblem(str(file), error.line, error.column, "", error)


class _Checked:
    """Turns the data of a file into rules, or collects why that cannot be."""

    def __init__(self, file: File, found: Positioned) -> None:
        self._file, self._found = file, found
        self._keys = dict(_keys(found.data, ()))
        self._problems = [_at(file, error) for error in found.problems]

    def regulations(self) -> Regulations:
        """Return the rules, or raise BadFile."""
        data = self._found.data
        if not isinstance(data, dict):
            raise BadFile([*self._problems, self._problem((), "", Refused(_NO_SCHEME))])
        if "scheme" not in data:
            data = {"scheme": data}
            scheme = self._made(Scheme, data["scheme"], ())
        else:
            for key in data.keys() - {"scheme", "plan"}:
                unknown = Refused(_UNKNOWN, field=str(key), key=str(key))
                self._problems.append(self._problem((key,), "", unknown))
            scheme = self._made(Scheme, data["scheme"], ("scheme",))
        plan = self._made(EventPlan, data.get("plan", {}), ("plan",))
        if isinstance(scheme, Scheme) and isinstance(plan, EventPlan):
            made = Regulations(scheme=scheme, plan=plan)
            self._add(plan_problems(made))
            if not self._problems:
                return made
        raise BadFile(self._problems)

    def _made(self, model: type[BaseModel], data: Any, root: Path) -> BaseModel | None:
        try:
            return model.model_validate(data)
        except InvalidRules as error:
            self._add(error.problems)
        except ValidationError as error:
            found = [(one["type"], self._structural(one, root)) for one in error.errors()]
            unknown = [location for kind, location in found if kind == "extra_forbidden"]
            for location in unknown:
                _replaced(data, location)
            rest = [location for _, location in found if location not in unknown]
            self._add(_second_look(model, data, rest))
        return None

    def _structural(self, error: Any, root: Path) -> Path:
        location: Path = tuple(error["loc"])
        path = (*root, *location)
        last = (*root, *location)[-1:]
        key = str(last[0]) if last else "scheme"
        text = _UNKNOWN if error["type"] == "extra_forbidden" else _INVALID
        text = _SHORT_FORMS.get(key, text) if text == _UNKNOWN else _KINDS.get(error["type"], text)
        params = {"key": key[:LONGEST_NAME], "why": error["msg"], "most": MOST_REPEATS}
        self._problems.append(self._problem(path, self._node(path), Refused(text, **params)))
        return location

    def _add(self, problems: Iterable[Refused]) -> None:
        for problem in problems:
            key = problem.field or ""
            path = self._keys.get(key) or self._top(key)
            self._problems.append(self._problem(path, key, problem))

    def _top(self, key: str) -> Path:
        """Return the path of a field of the scheme itself, such as digits."""
        paths: tuple[Path, ...] = ((key,), ("scheme", key), ("plan", "awards", key))
        return next((path for path in paths if path in self._found.places), ())

    def _problem(self, path: Path, node: str, problem: Refused) -> FileProblem:
        return FileProblem(str(self._file), *self._found.place(path), node, problem)

    def _node(self, path: Path) -> str:
        """Return the key of the nearest node at or above a path."""
        found, node = self._found.data, ""
        for step in path:
            if isinstance(found, dict) and "key" in found:
                node = str(found["key"])
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                break
        return node


_NO_SCHEME = N_("The file holds no marking scheme.")
_UNKNOWN = N_("%(key)s is not known here.")
_INVALID = N_("%(key)s: %(why)s.")
_A_LIST = N_("%(key)s must be a list.")
_FIELDS = N_("%(key)s must have fields of its own.")
_A_NUMBER = N_("%(key)s must be a number, such as 60 or 0.5.")
_TOO_LONG = N_("%(key)s: a number has at most 20 digits, 10 of them after the point.")
_A_TEXT = N_("%(key)s must be a text.")
_WHOLE_NUMBER = N_("%(key)s must be a whole number.")
_KINDS = {
    "missing": N_("%(key)s is missing."),
    "tuple_type": _A_LIST,
    "model_type": _FIELDS,
    "model_attributes_type": _FIELDS,
    "dict_type": _FIELDS,
    "decimal_parsing": _A_NUMBER,
    "decimal_type": _A_NUMBER,
    "finite_number": _A_NUMBER,
    "decimal_max_digits": _TOO_LONG,
    "decimal_max_places": _TOO_LONG,
    "decimal_whole_digits": _TOO_LONG,
    "string_type": _A_TEXT,
    "int_parsing": _WHOLE_NUMBER,
    "int_type": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "int_parsing_size": _WHOLE_NUMBER,
}
_SHORT_FORMS = {
    "repeat": N_("repeat stands in an item of a list and is a whole number from 1 to %(most)s."),
    "copy_of": N_("copy_of names another stage, one that has parts of its own."),
}


def _keys(data: Any, path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the path of every key; the last one is where a second use stands."""
    if isinstance(data, dict):
        if "key" in data:
            yield str(data["key"]), (*path, "key")
        for key, value in data.items():
            yield from _keys(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _keys(value, (*path, index))


# What stands in for a value that is no value, while the rest is looked at.
_STAND_INS: dict[str, Any] = {
    "title": "?", "name": "?", "label": "?", "maximum": "1", "award": "0", "sections": [],
    "kind": "part", "points": ["1"], "parts": [], "key": "?", "stage": "?",
}  # fmt: skip
_ROUNDS = 4


def _second_look(
    model: type[BaseModel], data: Any, locations: Sequence[Path]
) -> tuple[Refused, ...]:
    """Say what else is wrong once the values that are no values are replaced or left out.

    Nothing is said about the nodes that were changed, nor about sums that they are part of.
    """
    above, changed = set[str](), set[str]()
    for _ in range(_ROUNDS):
        for location in sorted(locations, key=_order, reverse=True):
            *keys, known = _replaced(data, location)
            above |= {*keys} | (_stages(data) if location[-1:] == ("weight",) else set())
            changed |= {known}
        try:
            model.model_validate(data)
        except InvalidRules as error:
            sure = (p for p in error.problems if p.message not in SUMS or p.field not in above)
            return tuple(problem for problem in sure if problem.field not in changed)
        except ValidationError as error:
            locations = [tuple(one["loc"]) for one in error.errors()]
    return ()


def _stages(data: Any) -> set[str]:
    """Return where problems with the weights of parts are said: the stages, or the parts."""
    stages = data.get("stages") if isinstance(data, dict) else None
    found = stages if isinstance(stages, list) else ()
    return {"parts"} | {str(one.get("key")) for one in found if isinstance(one, dict)}


def _order(location: Path) -> tuple[tuple[bool, int, str], ...]:
    """Sort positions of lists from the first to the last, the whole before what is in it."""
    return tuple((isinstance(s, str), s if isinstance(s, int) else 0, str(s)) for s in location)


def _replaced(data: Any, location: Path) -> list[str]:
    """Replace one value; return the keys of the nodes above it and, last, that of its own."""
    keys = [""]
    for step in location[:-1]:
        keys += [str(data["key"])] if isinstance(data, dict) and "key" in data else []
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return keys
    last = location[-1] if location else ""
    if isinstance(data, list) and isinstance(last, int):
        del data[last : last + 1]
    elif isinstance(data, dict) and last in data:
        keys.append(str(data.get("key", keys[-1])))
        del data[last]
    elif isinstance(data, dict) and last in _STAND_INS:
        data[last] = f"? {id(data)}" if last == "key" else _STAND_INS[str(last)]
        keys.append(str(data.get("key", keys[-1])))
    return keys
