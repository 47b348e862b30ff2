"""What is recorded of selections and contests above the city can be read in the audit record."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from services.audits_words import ACTIONS, SUBJECTS

ROOT = Path(__file__).parent.parent.parent
ACTION, SUBJECT = 1, 2


@cache
def _trees() -> list[ast.Module]:
    folder = ROOT / "services"
    files = sorted([*folder.glob("selection*.py"), *folder.glob("provincial*.py")])
    assert len(files) > 45
    return [ast.parse(one.read_text(encoding="utf-8")) for one in files]


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")


def _is_record(call: ast.Call) -> bool:
    return _name(call) == "record" and ast.unparse(call.func).startswith("audits.")


def _literals(node: ast.expr) -> set[str]:
    """Return the texts that an argument can be: one, or one of two."""
    if isinstance(node, ast.IfExp):
        return _literals(node.body) | _literals(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def _passed_on(place: int) -> Iterator[tuple[str, str, int]]:
    """Yield the parts that record what they are given: name, parameter, its place."""
    for tree in _trees():
        for part in ast.walk(tree):
            if not isinstance(part, ast.FunctionDef):
                continue
            names = [one.arg for one in (*part.args.args, *part.args.kwonlyargs)]
            for call in filter(_is_record, _calls(part)):
                given = call.args[place]
                if isinstance(given, ast.Name) and given.id in names:
                    yield part.name, given.id, names.index(given.id)


def _recorded(place: int) -> set[str]:
    found = {
        text
        for tree in _trees()
        for call in filter(_is_record, _calls(tree))
        for text in _literals(call.args[place])
    }
    for part, parameter, position in set(_passed_on(place)):
        for tree in _trees():
            for call in _calls(tree):
                if _name(call) != part:
                    continue
                named = [one.value for one in call.keywords if one.arg == parameter]
                for node in named or call.args[position : position + 1]:
                    found |= _literals(node)
    return found


def test_every_action_of_a_selection_has_its_words() -> None:
    found = _recorded(ACTION)
    assert {"decide", "sign", "qualify"} <= found and len(found) > 50
    assert sorted(found - set(ACTIONS)) == []


def _named() -> set[str]:
    """Return what modules name their subject once, at their head."""
    return {
        node.value.value
        for tree in _trees()
        for node in tree.body
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "SUBJECT"
        and isinstance(node.value, ast.Constant)
        and node.value.value.isascii()  # subjects of mails are said in Chinese
    }


def test_every_subject_of_a_selection_has_its_words() -> None:
    found = _recorded(SUBJECT) | _named()
    assert "provincial_camp" in found
    assert "selection_round" in found and len(found) > 10
    assert sorted(found - set(SUBJECTS)) == []
