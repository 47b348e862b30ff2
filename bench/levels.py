"""A level list of 2,450 people as a spreadsheet; the yardstick only writes the same cells."""

import io
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import xlsxwriter
from flask_security.utils import hash_password

from models.contests import Contest
from models.database import db
from rules.level_layouts import usual_layout
from rules.states import LevelListState
from services import demo, levels, levels_export, levels_lists
from services.levels_export import Words
from tests.browser.moments import NOW
from tests.browser.site import make_app

WORDS = Words(str, lambda level: f"L{level}", lambda sex: sex or "", str)


def run() -> Iterable[str]:
    """Yield the time of the list against a bare loop of the same cells in the same run."""
    with tempfile.TemporaryDirectory(prefix="skillstar-levels-") as folder:
        app = make_app(Path(folder))
        with app.app_context():
            demo.build("full", NOW, hash_password("benchmark"), say=lambda _line: None)
            found, people = _largest()
            started = time.perf_counter()
            data, count = levels_export.write_list(found, usual_layout(), WORDS)
            took = time.perf_counter() - started
            bare = _bare(data)
            db.session.remove()
        yield (
            f"levels_xlsx {took / bare:.2f} of bare writing"
            f" ({count} people in {took:.2f} s, bare {bare:.2f} s; contest has {people})"
        )


def _largest() -> tuple[levels.LevelList, int]:
    """Return the list with most people among those of the full demonstration."""
    best = max(
        (
            pair
            for contest in db.session.query(Contest)
            for pair in levels_lists.list_lists(contest.id)
            if pair[0].state is not LevelListState.WITHDRAWN
        ),
        key=lambda pair: pair[1].active,
    )
    return best[0], best[1].active


def _bare(data: bytes) -> float:
    """Write the same cells with nothing else, and return how long it took."""
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].values)
    started = time.perf_counter()
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            sheet.write(number, place, value)
    book.close()
    return time.perf_counter() - started
