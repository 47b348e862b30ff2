"""The Chinese catalogue: complete, and safe to format."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "translations/zh_Hans_CN/LC_MESSAGES/messages.po"
SOURCES = ("app.py", "blueprints", "services", "models", "rules", "templates")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    """The catalogue as it stands in the repository."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """All texts of the source, collected anew."""
    target = tmp_path_factory.mktemp("texts") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    command += ["--mapping", "pyproject.toml", "--keyword", "N_", "--keyword", "lazy_gettext"]
    subprocess.run([*command, "--output", str(target), *SOURCES], cwd=ROOT, check=True)
    with target.open("rb") as file:
        return read_po(file)


def texts(message: Message) -> tuple[str, ...]:
    """Return the translations of a message, one for each plural form."""
    found = message.string if isinstance(message.string, tuple) else (message.string,)
    return tuple(text or "" for text in found)


def test_every_text_has_its_chinese(chinese: Catalog, source: Catalog) -> None:
    there = {message.id for message in chinese if message.id and all(texts(message))}
    missing = [message.id for message in source if message.id and message.id not in there]
    assert missing == []


def test_nothing_is_translated_that_is_not_in_the_source(chinese: Catalog, source: Catalog) -> None:
    wanted = {message.id for message in source}
    assert [message.id for message in chinese if message.id not in wanted] == []


def test_nothing_is_only_guessed(chinese: Catalog) -> None:
    assert [message.id for message in chinese if message.id and message.fuzzy] == []


def test_placeholders_agree(chinese: Catalog) -> None:
    for message in chinese:
        english = message.id[0] if isinstance(message.id, tuple) else message.id
        for text in texts(message):
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(english)), english


def test_no_text_has_a_lone_percent_sign(chinese: Catalog) -> None:
    """Templates format every text: a lone sign would break the page."""
    for message in chinese:
        for text in (
            *texts(message),
            *([message.id] if isinstance(message.id, str) else message.id),
        ):
            assert "%" not in PLACEHOLDER.sub("", text), text
