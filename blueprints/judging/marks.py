"""Marks in a request: read them, try an act, keep what was typed when it is refused."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import flash
from flask_babel import gettext

from blueprints.forms import ActForm
from blueprints.judging.forms import MarksForm
from blueprints.web import acting, translated
from rules.data import plain
from rules.refusals import Refused
from services.marks import RefusedMarks, Typed
from services.sheets import StoredMark
from services.transaction import Repeated

LONGEST_TEXT = 40


class Attempt:
    """A posted sheet or table: whether the act was done, and if not, why and what was typed."""

    def __init__(self, typed: list[Typed]) -> None:
        self.form: ActForm = MarksForm()
        self.typed = {(one.sheet_id, one.aspect): one for one in typed}
        self.problems: dict[tuple[int, str], str] = {}
        self.messages: list[str] = []
        self.stored: dict[tuple[int, str], StoredMark | None] = {}
        self.done = False

    def run(self, act: Callable[..., int], subject_id: int) -> bool:
        """Do the act with the typed marks; say whether it is done."""
        if not self.form.validate():
            self.messages.append(gettext("The page was open for too long. Please try again."))
            return False
        try:
            act(acting(self.form), subject_id, self.typed.values())
        except Repeated:
            pass
        except RefusedMarks as refused:
            self._note(refused)
            return False
        except Refused as refusal:
            self.messages.append(translated(refusal))
            return False
        self.done = True
        return True

    def _note(self, refused: RefusedMarks) -> None:
        self.messages.append(translated(refused))
        self.stored = refused.stored
        self.problems = {key: said(problem) for key, problem in refused.problems.items()}

    def state(self, stored: Mapping[int, Mapping[str, StoredMark]]) -> str:
        """Say whether the page shows stored marks only, or typed ones that are not saved."""
        unsaved = any(
            one.text.strip() != text_of(stored.get(sheet_id, {}).get(aspect))
            for (sheet_id, aspect), one in self.typed.items()
        )
        return "failed" if unsaved else "saved"

    def text(self, sheet_id: int, aspect: str, stored: StoredMark | None) -> str:
        """Return what the field shows: the typed text if there is one."""
        one = self.typed.get((sheet_id, aspect))
        return one.text if one is not None else text_of(stored)

    def base(self, sheet_id: int, aspect: str, stored: StoredMark | None) -> int:
        """Return what the next save is based on: once both values were shown, the stored one."""
        key = (sheet_id, aspect)
        if key in self.typed and key not in self.stored:
            return self.typed[key].base
        shown = self.stored.get(key, stored)
        return 0 if shown is None else shown.version


def said(problem: Refused) -> str:
    """Say why a mark is refused, with numbers as people write them."""
    stored = problem.params.get("stored")
    params = problem.params | ({} if stored is None else {"stored": plain(stored)})  # type: ignore[arg-type]
    return str(gettext(problem.message, **params))


def text_of(mark: StoredMark | None) -> str:
    """Write a stored mark the short way."""
    return "" if mark is None else plain(mark.value)


def read_sheet(data: Mapping[str, str], sheet_id: int) -> list[Typed]:
    """Read the fields mark-<aspect> and base-<aspect> of one sheet."""
    return [
        Typed(sheet_id, name, text, _version(data.get(f"base-{name}")))
        for name, text in _fields(data)
    ]


def read_table(data: Mapping[str, str]) -> list[Typed]:
    """Read the fields mark-<sheet>-<aspect> and base-<sheet>-<aspect> of a table."""
    found = []
    for name, text in _fields(data):
        sheet, _, aspect = name.partition("-")
        base = _version(data.get(f"base-{name}"))
        found.append(Typed(_version(sheet), aspect, text, base))
    return found


def _fields(data: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in data.items():
        if name.startswith("mark-"):
            yield name.removeprefix("mark-"), text[:LONGEST_TEXT]


def _version(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def show(messages: list[str], tone: str = "danger") -> None:
    """Put messages above the page."""
    for message in messages:
        flash(message, tone)


def answer(problem: Any) -> dict[str, Any]:
    """Return what the sheet's script needs to know of a stored mark."""
    return {"value": text_of(problem), "version": 0 if problem is None else problem.version}
