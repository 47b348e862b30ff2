"""Ask the library for every number of Cixi's document, on the full demonstration and a history.

The demonstration is built as of September 2023, so that its full edition is the one of 2022 of
which the document tells. What the document tells beyond it comes in as a bureau would bring it in:
by spreadsheets of honours, of an earlier edition, of workshops and of mentors and apprentices. How
much is lacking is read from the tables, not asked by the questions that are to be proved.

    python -m tests.reference.prove_figures

prints what is expected beside what is found, and ends with 1 for any difference.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import extract, func, select

from app import create_app
from models.database import db
from models.honours import Honour
from models.levels import PersonLevel
from models.mentorships import Mentorship
from models.workshops import Workshop
from rules.figure_library import LIBRARY
from rules.figures import Part, Question
from rules.histories import HistoryKind
from rules.identity import check_digit
from rules.mentorships import COUNTED
from rules.states import HonourState
from services import (
    accounts,
    demo,
    histories,
    histories_columns,
    mentorships_imports,
    reports,
    workshops_imports,
    workshops_rows,
)
from services.acting import Actor
from services.reports import Answer
from services.workbooks_writing import write_table

NOW = datetime(2023, 9, 15, 4, 0, tzinfo=UTC)
SEED = 20260101
KEYS = {"secret_key": "a key for proofs 0123456789 abcdef", "data_key": "another one 9876543210"}
Row = dict[str, object]


@dataclass(frozen=True)
class Wanted:
    """A number of the document, the question that gives it, and of which part it is."""

    line: str
    key: str
    number: int
    part: Part | None = None
    value: str = ""
    # The document says: more than so many.
    or_more: bool = False


WANTED = (
    Wanted("竞赛工种 18", "cixi_events", 18),
    Wanted("参赛 4600 余", "cixi_entrants", 4_600, or_more=True),
    Wanted("高级工及以上证书 2450", "cixi_levels", 2_450),
    Wanted("上林金匠 10", "cixi_gold", 10),
    Wanted("上林银匠 16", "cixi_silver", 16),
    Wanted("上林工匠 43", "cixi_craftsman", 43),
    Wanted("宁波杰出工匠 3", "cixi_ningbo_outstanding", 3),
    Wanted("宁波工匠 19", "cixi_ningbo", 19),
    Wanted("宁波青年工匠 51", "cixi_ningbo_young", 51),
    Wanted("浙江杰出工匠 1", "cixi_zhejiang_outstanding", 1),
    Wanted("浙江工匠 5", "cixi_zhejiang", 5),
    Wanted("浙江青年工匠 48", "cixi_zhejiang_young", 48),
    Wanted("市级以上工作室 38", "cixi_workshops", 38),
    Wanted("其中省级 6", "cixi_workshops", 6, Part.TITLE, "浙江省"),
    Wanted("其中宁波市级 5", "cixi_workshops", 5, Part.TITLE, "宁波市"),
    Wanted("带徒人次 4000", "cixi_mentorships", 4_000),
)
# Title, its level, how many there are, the years in which it was granted.
TITLES = (
    ("上林金匠", "县级", 10, (2017, 2019, 2021)),
    ("上林银匠", "县级", 16, (2017, 2019, 2021)),
    ("上林工匠", "县级", 43, (2017, 2019, 2021)),
    ("宁波杰出工匠", "市级", 3, (2021, 2022)),
    ("宁波工匠", "市级", 19, (2021, 2022)),
    ("宁波青年工匠", "市级", 51, (2021, 2022)),
    ("浙江杰出工匠", "省级", 1, (2022,)),
    ("浙江工匠", "省级", 5, (2021, 2022)),
    ("浙江青年工匠", "省级", 48, (2021, 2022)),
)
# Who recognised workshops, the level as the list says it, how many there are.
BODIES = (("浙江省", "省级", 6), ("宁波市", "市级", 5), ("慈溪市", "市级", 27))
LEVELS, TAUGHT, MENTORS = 2_450, 4_000, 50
DIGITS = "零壹贰叁肆伍陆柒捌玖"


class Crowd:
    """People who belong to nobody and whom the demonstration does not know."""

    def __init__(self) -> None:
        self._count = 0

    def one(self) -> Row:
        """Return name and identity number of somebody new, as columns of a list."""
        self._count += 1
        region, rest = divmod(self._count, 28 * 12)
        month, year = divmod(rest, 28)
        first = f"{330900 + region}{1960 + year}{1 + month:02d}15000"
        name = "金" + "".join(DIGITS[int(digit)] for digit in f"{self._count:04d}")
        number = first + check_digit(first)
        return {"name": name, "id": number}


def main() -> int:
    """Build, bring in, ask, print; return 1 for any difference."""
    with tempfile.TemporaryDirectory(prefix="skillstar-figures-") as folder, _built(Path(folder)):
        by = Actor(_bureau(), NOW)
        crowd = Crowd()
        print("历史名单", flush=True)
        _bring_honours(by, crowd)
        _bring_levels(by, crowd)
        _bring_workshops(by, crowd)
        _bring_pairs(by, crowd)
        return _compare(by.today)


@contextmanager
def _built(folder: Path) -> Iterator[Flask]:
    app = create_app(
        skillstar_mode="local", instance_dir=folder, clock_runs=False,
        database_url=f"sqlite:///{folder}/figures.db", **KEYS,
    )  # fmt: skip
    with app.app_context():
        upgrade()
        demo.build("full", NOW, "", SEED, say=lambda line: print(line, flush=True))
        yield app
        db.session.remove()
        db.engine.dispose()


def _bureau() -> int:
    account = accounts.find_account("bureau")
    assert account is not None
    return account.id


def _list(by: Actor, kind: HistoryKind, rows: list[Row], name: str) -> None:
    """Bring a list in as its pages do: upload, columns as proposed, confirmation."""
    if not rows:
        return
    data = write_table(histories_columns.COLUMNS[kind], rows, "名单")
    key = histories.upload(by, kind, data, name)
    histories.choose_columns(by, key, histories.choices_of(histories.get_import(key)))
    histories.confirm(by, key)


def _bring_honours(by: Actor, crowd: Crowd) -> None:
    rows: list[Row] = []
    for title, level, wanted, years in TITLES:
        query = select(func.count(func.distinct(Honour.person_id))).where(
            Honour.title == title, Honour.state == HonourState.STANDING,
            Honour.year >= min(years), Honour.granted_on <= by.today,
        )  # fmt: skip
        for number in range(wanted - (db.session.scalar(query) or 0)):
            one = crowd.one()
            year = years[number % len(years)]
            rows.append(
                {
                    "name": one["name"], "id_number": one["id"], "title": title, "level": level,
                    "year": year, "granted_on": date(year, 10, 20), "company": "是",
                    "employer": f"慈溪市金工{DIGITS[number % 10]}厂",
                }
            )  # fmt: skip
    _list(by, HistoryKind.HONOURS, rows, "历年工匠名单.xlsx")


def _bring_levels(by: Actor, crowd: Crowd) -> None:
    """Bring in the edition of 2021, held in January 2022, whose levels belong to 2022."""
    query = select(func.count()).select_from(PersonLevel).where(
        PersonLevel.line_id.is_not(None), PersonLevel.level <= 3,
        extract("year", PersonLevel.granted_on) == 2022,
    )  # fmt: skip
    rows: list[Row] = []
    for number in range(LEVELS - (db.session.scalar(query) or 0)):
        one = crowd.one()
        rows.append(
            {
                "contest": "2021年慈溪市职工技能比武", "year": 2021, "held_on": date(2022, 1, 9),
                "level": "县级", "event": "钳工", "division": "职工组", "rank": number + 1,
                "name": one["name"], "id_number": one["id"], "skill": "高级工",
                "employer": "慈溪市金工零厂",
            }
        )  # fmt: skip
    _list(by, HistoryKind.EDITIONS, rows, "2021年职工技能比武名单.xlsx")


def _bring_workshops(by: Actor, crowd: Crowd) -> None:
    rows: list[Row] = []
    for body, level, wanted in BODIES:
        query = select(func.count()).select_from(Workshop).where(
            Workshop.recognised_by == body, Workshop.closed_on.is_(None)
        )  # fmt: skip
        for _ in range(wanted - (db.session.scalar(query) or 0)):
            one = crowd.one()
            rows.append(
                {
                    "title": f"{one['name']}技能大师工作室", "level": level, "recognised_by": body,
                    "naming": "个人", "leader": one["name"], "id_number": one["id"],
                    "held_level": "一级/高级技师", "employer": "慈溪市金工零厂",
                    "host_kind": "企业", "district": "浒山街道", "occupation": "钳工",
                    "founded_on": date(2016, 5, 1), "taught": 60, "about": "",
                }
            )  # fmt: skip
    file = write_table(list(workshops_rows.COLUMNS), rows, "工作室")
    upload = workshops_imports.read_upload(file, "工作室台账.xlsx", by.today)
    workshops_imports.confirm_register(by, workshops_imports.preview_register(by, upload))


def _bring_pairs(by: Actor, crowd: Crowd) -> None:
    """Bring in as many pairs as are lacking of the person-times."""
    begun = (Mentorship.state.in_(COUNTED), Mentorship.starts_on <= by.today)
    pairs = db.session.scalar(select(func.count()).select_from(Mentorship).where(*begun)) or 0
    before = db.session.scalar(select(func.sum(Workshop.taught_before))) or 0
    mentors = [crowd.one() for _ in range(MENTORS)]
    rows: list[Row] = []
    for number in range(TAUGHT - pairs - int(before)):
        mentor, learner = mentors[number % MENTORS], crowd.one()
        year = 2008 + number // MENTORS % 12
        rows.append(
            {
                "mentor": mentor["name"], "mentor_id": mentor["id"], "mentor_level": 1,
                "apprentice": learner["name"], "apprentice_id": learner["id"],
                "employer": "慈溪市金工零厂", "occupation": "钳工",
                "starts_on": date(year, 3, 1), "ends_on": date(year + 1, 2, 27),
                "outcome": "出师",
            }
        )  # fmt: skip
    file = write_table(mentorships_imports.COLUMNS, rows, "台账")
    upload = mentorships_imports.read_upload(file, "师带徒台账.xlsx", by.today)
    mentorships_imports.confirm(by, mentorships_imports.preview(by, upload))


def _compare(today: date) -> int:
    wrong = 0
    print(f"{'':<24}{'expected':>10}{'found':>10}  question")
    for one in WANTED:
        asked = LIBRARY[one.key].asked
        assert isinstance(asked, Question)
        found = _found(one, reports.ask(asked, today))
        fits = found > one.number if one.or_more else found == one.number
        wrong += not fits
        expected = f"> {one.number}" if one.or_more else str(one.number)
        print(f"{one.line:<24}{expected:>10}{found:>10}  {one.key}{'' if fits else '  <-- WRONG'}")
    print("all numbers come out" if not wrong else f"{wrong} of {len(WANTED)} numbers are wrong")
    return 1 if wrong else 0


def _found(one: Wanted, answer: Answer) -> int:
    if one.part is None:
        return int(answer.number)
    values: dict[Any, Any] = dict(
        next(values for part, values in answer.splits if part is one.part)
    )
    return int(values.get(one.value, 0))


if __name__ == "__main__":
    sys.exit(main())
