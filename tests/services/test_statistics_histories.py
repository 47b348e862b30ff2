"""Editions that are known from lists, in trends, years and comparisons: numbers by hand."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from models.contests import Contest
from models.database import db
from models.histories import HistoryEdition
from rules.figures import Counted, Question, Source
from rules.histories import HistoryKind
from rules.states import ContestState
from rules.statistics import share
from rules.statistics_sections import Report, Section
from services import histories, histories_lists, reports, statistics_exports
from services.acting import Actor
from services.histories_columns import COLUMNS
from services.statistics_exports import ReportFile
from services.statistics_found import Wanted, known
from services.statistics_trends import comparison_report, trends_report
from services.statistics_words import Voice
from services.statistics_years import year_report
from services.workbooks_writing import write_table
from tests.builders import Builder
from tests.results_story import TODAY, Story

VOICE = Voice(lambda text, **values: text % values if values else text, str, str)
Cells = Mapping[str, object]
SERIES = "慈溪市职工技能比武"


@pytest.fixture
def by(build: Builder) -> Actor:
    """Somebody of the bureau."""
    return build.actor(build.account("bureau_staff"))


def brought(by: Actor, rows: list[dict[str, object]], kind: Any = HistoryKind.EDITIONS) -> int:
    """A list, brought in."""
    key = histories.upload(by, kind, write_table(COLUMNS[kind], rows, "名单"), "名单.xlsx")
    histories.choose_columns(by, key, histories.choices_of(histories.get_import(key)))
    return histories.confirm(by, key)


def full(build: Builder, year: int = 2015) -> list[dict[str, object]]:
    """Six of two firms in two events: five came, three won, two of them a level."""
    firm, other = "慈溪一厂", "慈溪二厂"
    facts: list[tuple[str, str, str, str, str, str]] = [
        ("钳工", firm, "一等奖", "技师", "", "是"),
        ("钳工", firm, "二等奖", "高级工", "", "是"),
        ("钳工", firm, "", "", "", "是"),
        ("焊工", firm, "三等奖", "", "", "是"),
        ("焊工", other, "", "", "缺赛", "否"),
        ("焊工", other, "", "", "弃权", "否"),
    ]
    return [
        {
            "contest": f"{year}年{SERIES}", "year": year, "level": "县级", "event": event,
            "name": "赵钱孙李周吴"[n] + "小明", "id_number": build.id_number(),
            "employer": employer, "district": "浒山街道" if employer == firm else "",
            "prize": prize, "skill": skill, "status": status, "company": company,
        }
        for n, (event, employer, prize, skill, status, company) in enumerate(facts)
    ]  # fmt: skip


def winners(year: int = 2017) -> list[dict[str, object]]:
    """Two winners of whom the list has no more than the names."""
    common: dict[str, object] = {"contest": f"{year}年{SERIES}", "year": year, "event": "电工"}
    return [common | {"name": name, "prize": "优胜奖"} for name in ("郑一", "王二")]


def names_only(year: int = 2016) -> list[dict[str, object]]:
    """Three entrants, and nothing else of them."""
    common: dict[str, object] = {"contest": f"{year}年{SERIES}", "year": year, "event": "电工"}
    return [common | {"name": name} for name in ("冯三", "陈四", "褚五")]


def section(report: Report, key: str) -> Section:
    """A section of a report."""
    return next(one for one in report.sections if one.key == key)


def rows(report: Report, key: str) -> dict[str, tuple[Any, ...]]:
    """The rows of a section by their names."""
    return {str(row[0]): row[1:] for row in section(report, key).rows}


def test_trends_show_what_each_list_tells_and_nothing_else(by: Actor, build: Builder) -> None:
    one = brought(by, full(build))
    two, three = brought(by, names_only()), brought(by, winners())
    report = trends_report(Wanted(), VOICE)
    # editions, events, accepted, competed, passed, levelled
    assert rows(report, "entries") == {
        "2015": (1, 2, 5, 4, None, 2, f"List no. {one}"),
        "2016": (1, 1, 3, None, None, None, f"List no. {two}"),
        "2017": (1, 1, 2, 2, None, None, f"List no. {three}"),
    }
    women, percent = rows(report, "shares")["2015"][1:3]
    assert percent == share(women, 5)
    assert rows(report, "shares")["2015"][3:] == (4, 80, None, f"List no. {one}")
    assert rows(report, "shares")["2016"][:6] == (3, None, None, None, None, None)
    assert [row[1] for row in section(report, "prizes").rows] == [3, None, 2]
    assert [row[2:4] for row in section(report, "prizes").rows] == [(None, None)] * 3
    assert rows(report, "editions")[f"2015年{SERIES}"] == (
        "2015", 5, None, None, 3, None, f"List no. {one}",
    )  # fmt: skip
    assert [head.value for head in report.heads] == [3, 10, 5, None]
    assert report.heads[0].note == "3 of them from lists" and "as far as the list" in report.note
    assert section(report, "editions").origins[1].lists == {two}
    assert rows(report, "honours")["2015"][-2:] == (3, 3)  # each of them from the list


def test_honours_of_lists_have_a_trend_before_the_first_edition(by: Actor, build: Builder) -> None:
    facts: dict[str, object] = {"title": "上林工匠", "level": "县级", "name": "赵小明"}
    past = [facts | {"year": year, "id_number": build.id_number()} for year in (2012, 2012, 2014)]
    brought(by, past, HistoryKind.HONOURS)
    build.event()
    shown = rows(trends_report(Wanted(), VOICE), "honours")
    assert [shown[year] for year in ("2012", "2013", "2014")] == [(2, 2, 2), (0, 0, 0), (1, 1, 1)]
    assert len(shown) == 15  # to the edition of 2026
    assert list(rows(trends_report(Wanted(until=2013), VOICE), "honours")) == ["2012"]
    assert "honours" not in {
        one.key for one in trends_report(Wanted(level="city"), VOICE).sections
    }  # fmt: skip


def test_a_year_without_an_edition_is_absent(by: Actor, build: Builder) -> None:
    brought(by, names_only(2014))
    brought(by, names_only(2016))
    report = trends_report(Wanted(), VOICE)
    assert rows(report, "entries")["2015"] == (0, None, None, None, None, None, "")
    assert rows(report, "prizes")["2015"] == (None, None, None, "")


def test_years_and_series_of_lists_can_be_chosen(by: Actor, build: Builder) -> None:
    brought(by, full(build))
    brought(by, names_only())
    event = build.event()
    assert known().years == [2026, 2016, 2015]
    assert SERIES in known().series
    assert trends_report(Wanted(since=2016, until=2016), VOICE).heads[1].value == 3
    assert trends_report(Wanted(series=SERIES), VOICE).heads[0].value == 2
    assert trends_report(Wanted(level="county"), VOICE).heads[0].value == 1
    assert trends_report(Wanted(since=2026), VOICE).heads[0] == trends_report(
        Wanted(level=event.contest.level, since=2017), VOICE
    ).heads[0]  # fmt: skip


def test_beside_editions_held_here_rates_are_of_those_that_tell(by: Actor, build: Builder) -> None:
    story = Story(build)
    firm = build.employer(district="浒山街道", industry="C")
    story.field(("96", "91", "88", "85", "82", "79", "74", "71", "66", "50"), employer_id=firm.id)
    story.signed()
    alone = trends_report(Wanted(), VOICE)
    assert section(alone, "entries").columns[-1].key == "levelled"  # no list, no source
    assert alone.note == ""
    for row in (past := full(build, 2026)):
        row["contest"] = "慈溪市老年技能比武"
    key = brought(by, past)
    report = trends_report(Wanted(), VOICE)
    before, after = rows(alone, "entries")["2026"], rows(report, "entries")["2026"]
    assert after[:4] == (2, 3, before[2] + 5, before[3] + 4)
    assert after[4:] == (before[4], before[5] + 2, f"Held here · List no. {key}")
    # The list knows of no passing: those who came in it are no base of the rate.
    assert rows(report, "shares")["2026"][5] == rows(alone, "shares")["2026"][5]
    report = comparison_report(Wanted(), VOICE)
    compared = rows(report, "districts")
    accepted, competed, passed, prized, levelled, passing, winning, source = compared["浒山街道"]
    assert (accepted, competed, passed) == (14, 14, 9)  # ten here and four of the list
    assert (passing, winning) == (Decimal("90.0"), share(prized, 14))
    assert (levelled, source) == (before[5] + 2, f"Held here · List no. {key}")
    assert rows(report, "district_rates")["浒山街道"][:3] == (14, passing, winning)
    assert compared["Not recorded"] == (1, 0, None, 0, 0, None, 0, f"List no. {key}")


def test_a_list_of_winners_gives_no_rates(by: Actor) -> None:
    key = brought(by, [row | {"employer": "慈溪一厂", "district": "浒山街道"} for row in winners()])
    report = comparison_report(Wanted(), VOICE)
    assert rows(report, "districts")["浒山街道"][:7] == (2, 2, None, 2, None, None, None)
    assert "district_rates" not in {one.key for one in report.sections}
    shown = {str(row[0]): row[1:] for row in section(report, "funnel").rows}
    assert shown["Won a prize (person-times)"] == (2, None, None, f"List no. {key}")
    assert shown["Passed (person-times)"] == (None, None, None, "")


def test_a_year_in_pictures_counts_its_lists(by: Actor, build: Builder) -> None:
    key = brought(by, full(build))
    report = year_report(2015, VOICE)
    assert [head.value for head in report.heads] == [1, 5, 2, 3, None, 3]
    assert rows(report, "staff")["Company staff"][:2] == (4, 4)
    assert rows(report, "districts")["浒山街道"][-1] == f"List no. {key}"
    assert rows(report, "titles")["一等奖"] == (1, 1, 1)
    assert year_report(2014, VOICE).heads[0].value == 0
    brought(by, names_only())
    shown = year_report(2016, VOICE)  # of nobody's sex, firm or industry anything is known
    assert [one.key for one in shown.sections] == ["editions", "funnel"]


def test_small_groups_of_lists_stay_inside(by: Actor, build: Builder) -> None:
    past = full(build)
    past[5]["status"] = ""  # now two are of the second firm, whose district is another one
    for row in past[4:]:
        row["district"] = "龙山镇"
    brought(by, past)
    report = comparison_report(Wanted(), VOICE)
    assert rows(report, "districts")["龙山镇"][0] == 2
    outside = rows(report.outside(), "districts")
    assert outside["龙山镇"][0] == "*" and outside["浒山街道"][0] == "*"  # the sum would tell


def test_an_undone_list_is_gone_at_once(by: Actor, build: Builder) -> None:
    kept, key = brought(by, full(build)), brought(by, winners())
    assert trends_report(Wanted(), VOICE).heads[0].value == 2
    histories.undo(by, key, reason="名单有误，重新导入")
    report = trends_report(Wanted(), VOICE)
    assert report.heads[0].value == 1 and known().years == [2015]
    assert section(report, "editions").origins[0].lists == {kept}


def test_two_lists_of_one_edition_are_both_named(by: Actor, build: Builder) -> None:
    one = brought(by, full(build))
    two = brought(by, [row | {"name": "卫七", "id_number": ""} for row in full(build)[:1]])
    report = trends_report(Wanted(), VOICE)
    assert rows(report, "entries")["2015"][:3] == (1, 2, 6)
    assert rows(report, "entries")["2015"][-1] == f"List no. {one} · List no. {two}"


def test_an_edition_held_here_and_told_by_a_list_counts_once(by: Actor, build: Builder) -> None:
    """The list came first; then the edition was made here, with brackets typed otherwise."""
    past = [row | {"contest": "技能比武（ 市 级）"} for row in full(build, 2025)]
    key = brought(by, past)

    def numbers() -> tuple[Any, int, int]:
        asked = Question(title="数", unit="个", source=Source.CONTESTS, counted=Counted.ROWS)
        of = Question(title="数", unit="个", source=Source.ENTRANTS, counted=Counted.TIMES)
        figures = [int(reports.ask(one, TODAY).number) for one in (asked, of)]
        return (trends_report(Wanted(), VOICE).heads[0].value, *figures)

    assert numbers() == (1, 1, 5)
    contest = build.contest(title="技能比武(市级)", year=2025, starts_on=TODAY)
    assert trends_report(Wanted(), VOICE).heads[0].value == 1  # a draft is no edition yet
    db.session.get_one(Contest, contest.id).state = ContestState.PUBLISHED
    db.session.commit()
    assert numbers() == (1, 1, 0)
    assert [one.counts for one in histories_lists.editions_of(key)] == [False]
    report = trends_report(Wanted(), VOICE)
    assert report.heads[0].note == "" and report.heads[1].value == 0
    assert db.session.scalars(select(HistoryEdition)).one().title == "技能比武（ 市 级）"


def test_files_say_what_comes_from_a_list(by: Actor, build: Builder) -> None:
    key = brought(by, full(build))
    data = statistics_exports.made(
        trends_report(Wanted(), VOICE), ReportFile.CSV, VOICE, TODAY, "zh-Hans-CN"
    ).decode("utf-8-sig")
    assert f"2015,1,2,5,4,–,2,List no. {key}" in data.splitlines()
    assert "as far as the list tells" in data
