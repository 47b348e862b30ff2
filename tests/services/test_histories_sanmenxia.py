"""The numbers of Sanmenxia's document, brought in by lists and asked by the library."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from rules.figure_library import LIBRARY
from rules.figures import Part, Question
from rules.histories import HistoryKind
from rules.honours import HonourLevel
from rules.identity import check_digit
from services import histories, provincial_histories, reports
from services.histories_columns import COLUMNS
from services.workbooks_writing import write_table
from tests.builders import Builder
from tests.figure_rows import SANMENXIA, numbers

TODAY = date(2026, 9, 1)
WORDS = {
    HonourLevel.NATIONAL: "国家级",
    HonourLevel.PROVINCE: "省级",
    HonourLevel.CITY: "市级",
}
DIGITS = "零壹贰叁肆伍陆柒捌玖"
# Key of the library, number, of which company staff.
WANTED = (
    ("entrants_2022", 35, 15),
    ("events_2022", 25, None),
    ("prizes_2022", 18, 7),
    ("entrants_2023", 74, 10),
    ("events_2023", 42, None),
    ("prizes_2023", 14, 1),
    ("teams_2023", 10, None),
    ("best_2023", 4, None),
    ("national_expert", 2, 2),
    ("zhongyuan", 2, 2),
    ("henan_expert", 45, 34),
    ("expert", 248, 193),
    ("state_allowance", 39, 28),
    ("province_allowance", 9, 4),
)


def _name(number: int) -> str:
    return "张" + "".join(DIGITS[int(one)] for one in f"{number:03d}")


def _honours(build: Builder) -> Iterator[dict[str, Any]]:
    """Somebody may bear several titles: the 45 of the province are among the 248 of the city."""
    for title, level, total, company in SANMENXIA:
        for number in range(total):
            yield {
                "name": _name(number),
                "id_number": _id_number(number),
                "employer": f"三门峡第{number % 40}公司",
                "company": "是" if number < company else "否",
                "title": title,
                "level": WORDS[level],
                "year": 2010 + number % 14,
            }


def _id_number(number: int) -> str:
    """An identity number that belongs to nobody, the same for the same number."""
    first = f"{411200 + number % 99}19{60 + number // 99}0517000"
    return first + check_digit(first)


def _entrants(
    year: int, total: int, company: int, events: int, prizes: int, of_company: int
) -> Any:
    """Yield entrants known by name alone, as lists of those years have them."""
    for place in range(total):
        prized = place < of_company or company <= place < company + prizes - of_company
        shows = year == 2023 and place % events == 0
        yield {
            "contest": f"河南省第{year - 2019}届职业技能大赛",
            "year": year,
            "level": "省级",
            "event": f"赛项{DIGITS[place % events // 10]}{DIGITS[place % events % 10]}",
            "demonstration": "是" if shows else "否",
            "teams": 10 if shows else "",
            "name": _name(500 + place),
            "employer": "三门峡第一公司",
            "company": "是" if place < company else "否",
            "rank": 4 if shows and place == 0 else "",
            "prize": "优胜奖" if prized else "",
        }


@pytest.fixture
def brought(build: Builder) -> None:
    """Everything of the document as spreadsheets, brought in."""
    by = build.actor(build.account("bureau_staff"))
    data = write_table(COLUMNS[HistoryKind.HONOURS], list(_honours(build)), "荣誉")
    key = histories.upload(by, HistoryKind.HONOURS, data, "荣誉.xlsx")
    histories.choose_columns(by, key, histories.choices_of(histories.get_import(key)))
    histories.confirm(by, key)
    for facts in ((2022, 35, 15, 25, 18, 7), (2023, 74, 10, 42, 14, 1)):
        data = write_table(provincial_histories.COLUMNS, list(_entrants(*facts)), "名单")
        key = provincial_histories.preview_history(by, data, f"{facts[0]}.xlsx")
        provincial_histories.confirm_history(by, key)


@pytest.mark.usefixtures("brought")
def test_every_number_of_sanmenxia_comes_out_with_its_list() -> None:
    for key, number, company in WANTED:
        asked = LIBRARY[f"sanmenxia_{key}"].asked
        assert isinstance(asked, Question)
        answer = reports.ask(asked, TODAY)
        assert int(answer.number) == number, key
        assert reports.list_rows(asked, TODAY), key
        if company is not None:
            assert numbers(answer.splits, Part.COMPANY)[True] == company, key
