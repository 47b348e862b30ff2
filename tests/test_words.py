"""One word for one thing: README's table and the source tree say the same."""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent

# Rooms that hold machinery, not a subject of the field.
MACHINERY = {
    "models": {"__init__", "columns", "database", "encryption", "everything"},
    "services": {
        "__init__",
        "acting",
        "clock",
        "files",
        "jobs",
        "logs",
        "pages",
        "places",
        "places_looking",
        "places_panels",
        "places_programmes",
        "processes",
        "saved_columns",
        "settings",
        "transaction",
        "yearly_numbers",
    },
    "blueprints": {
        "__init__",
        "access",
        "commands",
        "commands_score",
        "condition_forms",
        "errors",
        "fields",
        "forms",
        "labels",
        "labels_conditions",
        "labels_histories",
        "labels_programmes",
        "labels_provincial",
        "labels_reports",
        "labels_selections",
        "rows",
        "rule_rows",
        "web",
    },
}


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    subject: str
    stems: tuple[str, ...]
    classes: tuple[str, ...]
    acts: tuple[str, ...]
    rules: tuple[str, ...]


def _words(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[A-Za-z_]+", cell))


@cache
def table() -> tuple[Line, ...]:
    """Read the word table of README.md."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## One word for one thing")[1].split("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("|")][2:]
    return tuple(
        Line(_words(row[1])[0], _words(row[1]), *(_words(cell) for cell in row[2:5]))
        for row in rows
    )


def stems(folder: str) -> set[str]:
    """List the files and folders of a layer that stand for a subject."""
    found = {
        path.stem
        for path in (ROOT / folder).iterdir()
        if path.suffix == ".py" or (path.is_dir() and (path / "__init__.py").exists())
    }
    return found - MACHINERY[folder]


@cache
def definitions(path: Path) -> tuple[ast.ClassDef | ast.FunctionDef, ...]:
    """List the classes and functions of a file, those within others too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return tuple(
        node for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef)
    )


def names(pattern: str, kind: type[ast.AST]) -> set[str]:
    """List the classes or functions that the files matching a pattern define."""
    return {
        node.name
        for path in ROOT.glob(pattern)
        for node in definitions(path)
        if isinstance(node, kind)
    }


def test_the_table_is_read() -> None:
    assert len(table()) > 10
    assert len({line.subject for line in table()}) == len(table())


def test_every_file_of_a_layer_belongs_to_a_subject() -> None:
    """A file is named like a subject, or begins with it: entries, entries_lists."""
    known = {stem for line in table() for stem in line.stems}
    for folder in MACHINERY:
        strange = {
            stem
            for stem in stems(folder)
            if not any(stem == word or stem.startswith(f"{word}_") for word in known)
        }
        assert strange == set(), folder


def test_every_subject_has_a_room() -> None:
    rooms = {stem for folder in MACHINERY for stem in stems(folder)}
    for line in table():
        for stem in line.stems:
            assert any(room == stem or room.startswith(f"{stem}_") for room in rooms), stem


def test_every_class_of_the_table_stands_in_its_room() -> None:
    for line in table():
        defined = names("rules/*.py", ast.ClassDef)
        for stem in line.stems:
            defined |= names(f"models/{stem}.py", ast.ClassDef)
        assert set(line.classes) - defined == set(), line.subject


def test_every_table_of_the_database_stands_in_the_word_table() -> None:
    listed = {name for line in table() for name in line.classes}
    tables = {
        node.name
        for path in (ROOT / "models").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Base" for base in node.bases)
    }
    assert tables - listed == set()


def test_every_act_of_the_table_is_a_function_of_its_service() -> None:
    for line in table():
        defined: set[str] = set()
        for stem in line.stems:
            defined |= names(f"services/{stem}*.py", ast.FunctionDef)
        assert set(line.acts) - defined == set(), line.subject


def test_every_transaction_stands_in_the_word_table() -> None:
    listed = {act for line in table() for act in line.acts}
    acts = {
        node.name
        for path in (ROOT / "services").glob("*.py")
        for node in definitions(path)
        if isinstance(node, ast.FunctionDef)
        and any(
            isinstance(mark, ast.Name) and mark.id == "transaction" for mark in node.decorator_list
        )
    }
    assert {act for act in acts if not act.startswith("_")} - listed == set()


def test_every_rule_of_the_table_is_a_file() -> None:
    for line in table():
        for stem in line.rules:
            assert (ROOT / "rules" / f"{stem}.py").exists(), (line.subject, stem)
