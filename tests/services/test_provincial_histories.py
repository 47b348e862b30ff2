"""Past contests of the province come back as data: the numbers of Sanmenxia, with their lists."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from models.database import db
from models.people import Employer, Person
from models.provincial import ProvincialContest, ProvincialResult, ProvincialSlot
from rules.provincial import ProvincialImportState
from rules.refusals import Refused
from services import people, provincial, provincial_histories, provincial_totals
from services.provincial_totals import Totals
from services.workbooks_writing import write_table
from tests.builders import Builder

FAMILY = "赵钱孙李周吴郑王冯陈"


def past(year: int, entrants: int, company: int, events: int, prizes: int, won: int,
         best: tuple[int, int] | None = None) -> Iterator[dict[str, object]]:  # fmt: skip
    """Rows of a past contest; the first are company staff, winners spread over both kinds."""
    winners = {*range(won), *range(company, company + prizes - won)}
    for n in range(entrants):
        row: dict[str, object] = {
            "contest": f"{year}年河南省职业技能竞赛",
            "year": year,
            "organiser": "河南省人力资源和社会保障厅",
            "delegation": "三门峡市代表队",
            "event": f"赛项{n % events + 1}",
            "name": f"{FAMILY[n % 10]}{FAMILY[n // 10]}",
            "employer": f"三门峡第{n % 7 + 1}厂" if n < company else "三门峡技师学院",
            "company": "是" if n < company else "否",
            "prize": "优胜奖" if n in winners else "",
        }
        if best is not None and n == entrants - 1:
            row |= {"event": "示范赛项", "demonstration": "是", "rank": f"第{best[0]}名",
                    "teams": best[1]}  # fmt: skip
        yield row


def sheet(rows: list[dict[str, object]]) -> bytes:
    return write_table(provincial_histories.COLUMNS, rows, "参赛名单")


def contest_of(year: int) -> ProvincialContest:
    query = select(ProvincialContest.id).where(ProvincialContest.year == year)
    return provincial.get_contest(db.session.scalars(query).one())


def test_the_numbers_of_sanmenxia_come_back_with_their_lists(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    # The demonstration event is one of the 42.
    rows = [*past(2022, 35, 15, 25, 18, 7), *past(2023, 74, 10, 41, 14, 1, (4, 10))]
    data = sheet(rows)
    batch = provincial_histories.preview_history(by, data, "省赛.xlsx")
    assert db.session.scalar(select(ProvincialContest.id)) is None
    assert provincial_histories.get_import(batch).problem_count == 0
    provincial_histories.confirm_history(by, batch)
    first, second = contest_of(2022), contest_of(2023)
    assert provincial_totals.totals_of(first) == Totals(35, 15, 25, 18, 7, None)
    assert provincial_totals.totals_of(second) == Totals(74, 10, 42, 14, 1, (4, 10))
    names = [name for _, name in provincial_totals.entrants_of(provincial_totals.places_of(second))]
    assert len(names) == 74 and names[0] == "赵赵"
    assert len(provincial_totals.prizes_of(provincial_totals.places_of(first))) == 18
    with pytest.raises(Refused, match="taken over already"):
        provincial_histories.preview_history(by, data, "again.xlsx")
    other = sheet(rows[:3])
    again = provincial_histories.preview_history(by, other, "other.xlsx")
    with pytest.raises(Refused, match="2022 is there already"):
        provincial_histories.confirm_history(by, again)
    provincial_histories.discard_import(by, again)
    provincial_histories.undo_history(by, batch, reason="名单有误")
    for table in (ProvincialContest, ProvincialSlot, ProvincialResult):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert provincial_histories.get_import(batch).state is ProvincialImportState.UNDONE
    redone = provincial_histories.preview_history(by, data, "省赛.xlsx")
    provincial_histories.confirm_history(by, redone)
    assert provincial_totals.totals_of(contest_of(2022)).entrants == 35


def test_undoing_takes_away_whom_the_list_alone_made(build: Builder) -> None:
    by = build.actor(build.account("bureau_staff"))
    known, numbers = build.person(name="陈一凡"), [build.id_number() for _ in range(2)]
    rows = [*past(2021, 3, 3, 1, 1, 1)]
    for row, number in zip(rows, (known.id_number, *numbers), strict=True):
        row |= {"id_number": number}
    rows[0]["name"] = "陈一凡"
    batch = provincial_histories.preview_history(by, sheet(rows), "a.xlsx")
    provincial_histories.confirm_history(by, batch)
    assert db.session.scalar(select(func.count(Person.id))) == 3
    later = people.find_person(numbers[1])
    assert later is not None
    build.account("contestant", person_id=later.id)  # somebody who has an account by now stays
    provincial_histories.undo_history(by, batch, reason="名单有误")
    left = set(db.session.scalars(select(Person.id)))
    assert left == {known.id, later.id}
    assert db.session.scalar(select(func.count(Employer.id))) == 0, "nobody is of these units"


def test_people_with_a_number_are_matched_and_rows_with_problems_stop_the_file(
    build: Builder,
) -> None:
    by = build.actor(build.account("bureau_staff"))
    known = build.person(name="陈一凡")
    row = next(past(2021, 1, 1, 1, 1, 1)) | {"name": "陈一凡", "id_number": known.id_number}
    mate = row | {"name": "王双", "id_number": "", "team": "一队", "format": "双人"}
    rows = [row | {"team": "一队", "format": "双人"}, mate]
    batch = provincial_histories.preview_history(by, sheet(rows), "a.xlsx")
    provincial_histories.confirm_history(by, batch)
    slot = db.session.scalars(select(ProvincialSlot)).one()
    assert (slot.title, [one.person_id for one in slot.members]) == (
        "陈一凡、王双", [known.id, None],
    )  # fmt: skip
    assert db.session.scalar(select(func.count(Person.id))) == 1
    totals = provincial_totals.totals_of(contest_of(2021))
    assert (totals.entrants, totals.prizes) == (2, 1)
    bad = sheet([row | {"year": 2020, "format": "四人", "id_number": "330282199005170018"}])
    wrong = provincial_histories.preview_history(by, bad, "b.xlsx")
    assert len(provincial_histories.get_import(wrong).rows[0]["problems"]) == 2
    with pytest.raises(Refused, match="Mend the rows"):
        provincial_histories.confirm_history(by, wrong)
