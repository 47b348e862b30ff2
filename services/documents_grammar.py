"""What a Word template may ask for: fields of its kind, loops over its lists, plain conditions.

The grammar is a closed list of the nodes of a parsed template: no call, no filter, no arithmetic,
no attribute that is no field. A list of the whole document is never run inside another list, so
the work grows with the rows and the file, and with nothing else.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jinja2 import Environment, TemplateSyntaxError, nodes

from rules.documents import Field, Filled, fields_of
from rules.refusals import Refused
from rules.texts import N_

MOST_TAGS = 1_000
LONGEST_TAG = 200

NOT_READABLE = N_("%(place)s: “%(tag)s” cannot be read. Is a loop or a condition not closed?")
UNKNOWN = N_("%(place)s: there is no field “%(name)s” here.")
A_LIST = N_("%(place)s: “%(name)s” is a list. Run through it by a loop and write its fields.")
NO_LIST = N_("%(place)s: “%(name)s” is no list, so a loop cannot run through it.")
NOT_ALLOWED = N_("%(place)s: “%(tag)s” is more than a field, a loop or a condition.")
NESTED = N_("%(place)s: “%(name)s” is a list of the whole document; it cannot run inside a loop.")
NAME_TAKEN = N_("%(place)s: “%(name)s” is the name of a field; give the row another name.")
BROKEN = N_("%(place)s: a field must stand within one paragraph, in double braces.")
TOO_MANY = N_("There are more than %(most)s fields, or one is too long.")

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}")
_PREFIX = re.compile(r"^\{%([-+]?)(?:p|tr|tc) ")
_PARSER = Environment(autoescape=True)  # reads only, never renders

Record = Mapping[str, Field]
Value = Field | dict[str, Field]
Scope = Mapping[str, Value]


@dataclass(frozen=True)
class Paragraph:
    """The text of a paragraph and how a person finds it."""

    text: str
    place: Refused


class Tag(NamedTuple):
    """One field, loop or condition as typed."""

    text: str
    place: Refused


class _Wrong(NamedTuple):
    line: int
    message: str
    field: str


def paragraph_problems(paragraphs: Sequence[Paragraph], kind: "Filled | Scope") -> list[Refused]:
    """Say what is wrong in the fields, in the order of the paragraphs of one part."""
    tags, problems = [], []
    for one in paragraphs:
        tags += [Tag(text, one.place) for text in TAG.findall(one.text)]
        if _STRAY.search(TAG.sub("", one.text)):
            problems.append(Refused(BROKEN, "file", place=one.place))
    if len(tags) > MOST_TAGS or any(len(tag.text) > LONGEST_TAG for tag in tags):
        return [Refused(TOO_MANY, "file", most=MOST_TAGS)]
    return problems or _tag_problems(tags, kind)


def _tag_problems(tags: Sequence[Tag], kind: "Filled | Scope") -> list[Refused]:
    """Read all tags as one template, a line each, so that a line names its tag."""
    lines = [_PREFIX.sub(r"{%\1 ", tag.text).replace("“", '"').replace("”", '"') for tag in tags]
    try:
        wrong = found_wrong("\n".join(lines), kind)
    except TemplateSyntaxError as error:
        wrong = [_Wrong(error.lineno, NOT_READABLE, "")]
    return [_refusal(one, tags[min(max(one.line, 1), len(tags)) - 1]) for one in wrong]


def _refusal(wrong: _Wrong, tag: Tag) -> Refused:
    params = {"place": tag.place, "tag": tag.text[:60], "name": wrong.field}
    return Refused(wrong.message, "file", **params)


def found_wrong(source: str, kind: "Filled | Scope") -> list[_Wrong]:
    """Return what a source asks for beyond its grammar; raise TemplateSyntaxError.

    A text of another subject brings what it may name itself, in place of fields.
    """
    try:
        tree = _PARSER.parse(source)
    except RecursionError:
        return [_Wrong(1, NOT_ALLOWED, "")]
    named = kind if isinstance(kind, Mapping) else {one.word: one for one in fields_of(kind)}
    walker = _Walker(named)
    walker.block(tree.body, walker.fields, 0)
    return walker.wrong


class _Walker:
    """Walk a parsed template; whatever is not named here is refused."""

    def __init__(self, fields: "Scope") -> None:
        self.fields = fields
        self.wrong: list[_Wrong] = []

    def block(self, found: Sequence[nodes.Node], scope: Scope, depth: int) -> None:
        """Check the nodes of a block."""
        for node in found:
            if isinstance(node, nodes.Output):
                self._output(node, scope)
            elif isinstance(node, nodes.For):
                self._loop(node, scope, depth)
            elif isinstance(node, nodes.If):
                self._condition(node, scope, depth)
            else:
                self._refuse(node, NOT_ALLOWED)

    def _refuse(self, node: nodes.Node, message: str, field: str = "") -> None:
        self.wrong.append(_Wrong(node.lineno, message, field))

    def _output(self, node: nodes.Output, scope: Scope) -> None:
        for one in node.nodes:
            if isinstance(one, nodes.TemplateData):
                continue
            value = self._value(one, scope)
            if value is not None and (isinstance(value, dict) or value.rows):
                self._refuse(one, A_LIST, _spoken(one))

    def _loop(self, node: nodes.For, scope: Scope, depth: int) -> None:
        if node.test is not None or node.recursive or not isinstance(node.target, nodes.Name):
            return self._refuse(node, NOT_ALLOWED)
        name, source = node.target.name, _spoken(node.iter)
        value = self._value(node.iter, scope)
        if value is None:
            return None
        if isinstance(value, dict) or not value.rows:
            return self._refuse(node, NO_LIST, source)
        if depth and isinstance(node.iter, nodes.Name):
            return self._refuse(node, NESTED, source)
        if name in scope or name.startswith("_") or name == "loop":
            return self._refuse(node, NAME_TAKEN, name)
        row = {one.word: one for one in value.rows}
        self.block(node.body, {**scope, name: row}, depth + 1)
        return self.block(node.else_, scope, depth)

    def _condition(self, node: nodes.If, scope: Scope, depth: int) -> None:
        self._test(node.test, scope)
        for block in (node.body, node.elif_, node.else_):
            self.block(block, scope, depth)

    def _test(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, nodes.Not):
            self._test(node.node, scope)
        elif isinstance(node, nodes.And | nodes.Or):
            self._test(node.left, scope)
            self._test(node.right, scope)
        elif isinstance(node, nodes.Compare):
            self._comparison(node, scope)
        else:
            self._value(node, scope)

    def _comparison(self, node: nodes.Compare, scope: Scope) -> None:
        self._value(node.expr, scope)
        for one in node.ops:
            text = isinstance(one.expr, nodes.Const) and isinstance(one.expr.value, str)
            if one.op not in ("eq", "ne") or not text:
                self._refuse(node, NOT_ALLOWED)

    def _value(self, node: nodes.Node, scope: Scope) -> Value | None:
        """Return what a name stands for; None once it is refused."""
        if isinstance(node, nodes.Name):
            found = scope.get(node.name)
        elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            row = scope.get(node.node.name)
            found = row.get(node.attr) if isinstance(row, dict) else None
        else:
            self._refuse(node, NOT_ALLOWED)
            return None
        if found is None:
            self._refuse(node, UNKNOWN, _spoken(node))
        return found


def _spoken(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_spoken(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"
