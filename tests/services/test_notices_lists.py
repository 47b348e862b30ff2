"""The lists of notices: ordered as the notice chose, on the page, on paper and in the table."""

import io
import re
import subprocess
import zipfile
import zlib
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from models.calendars import CalendarYear
from models.database import db
from models.people import Person
from rules.allocation import AwardPlan, Tier
from rules.data import InvalidRules
from rules.family_names import COMPOUND
from rules.notices import Ordering
from rules.plans import EditionRules, EventPlan
from rules.states import NoticeState
from services import notices, notices_papers, notices_previews, people_names
from services.notices_lists import notice_lists, without_strokes
from services.results_superseded import Replaced
from tests.builders import Builder
from tests.results_story import TODAY, Story

# By rank; entered the other way round.
NAMES = ("单丹", "王一一", "欧阳娜", "王丁", "仇杰", "王一", "丁国栋")
EMPLOYERS = ("中华厂", "大同公司", None)
TIERS = (
    Tier(key="first", name="First prize", places=3, honours=("技术能手",)),
    Tier(key="second", name="Second prize", places=9),
)


def filled(build: Builder, names: tuple[str, ...] = NAMES) -> Story:
    story = Story(build, plan=EventPlan(awards=AwardPlan(tiers=TIERS)))
    kept = {title: build.employer(title=title).id for title in EMPLOYERS if title}
    for place, name in reversed(list(enumerate(names))):
        employer = EMPLOYERS[place % 3]
        mark, employer_id = str(90 - place), kept[employer] if employer else None
        story.entry(mark, mark, person=build.person(name=name), employer_id=employer_id)
    return story


def posted(story: Story, ordering: Ordering = Ordering.STROKES, **more: str) -> int:
    texts = {"title": "获奖名单公示", "body": "现予公示。\n\n请监督。", "contact": "0574-63912345"}
    return notices.post(
        story.actor("bureau_staff"),
        story.contest.id,
        revision_ids=[story.signed()],
        starts_on=TODAY,
        ordering=ordering,
        **(texts | more),
    )


@pytest.mark.parametrize(
    ("ordering", "names"),
    [
        (Ordering.AWARD, "单丹 王一一 欧阳娜 王丁 仇杰 王一 丁国栋"),
        (Ordering.AWARD_STROKES, "王一一 欧阳娜 单丹 丁国栋 王一 王丁 仇杰"),
        (Ordering.STROKES, "丁国栋 王一 王丁 王一一 仇杰 欧阳娜 单丹"),
        (Ordering.PINYIN, "丁国栋 欧阳娜 仇杰 单丹 王丁 王一 王一一"),
        (Ordering.ENTRY, "丁国栋 王一 仇杰 王丁 欧阳娜 王一一 单丹"),
        (Ordering.EMPLOYER, "王一一 仇杰 丁国栋 王丁 单丹 王一 欧阳娜"),
    ],
)
def test_the_list_stands_in_the_order_that_was_chosen(
    build: Builder, ordering: Ordering, names: str
) -> None:
    notice = notices.get_notice(posted(filled(build), ordering))
    (one,) = notice_lists(notice)
    assert [winner.name for winner in one.winners] == names.split()
    assert [winner.order for winner in one.winners] == list(range(1, 8))


def test_family_names_are_read_as_family_names() -> None:
    heads = {
        name: people_names.reading(name)[0] for name in ("单丹", "曾一", "仇杰", "解放", "区明")
    }
    assert list(heads.values()) == ["shan", "zeng", "qiu", "xie", "ou"]
    assert people_names.reading("欧阳娜") == ("ouyang", ("na",))
    assert set(people_names._TWO_CHARACTERS) == COMPOUND


def test_a_preview_names_the_last_day_and_the_characters_without_strokes(build: Builder) -> None:
    story = filled(build, ("王㛃", "䶮明"))
    story.signed()
    revisions = notices.list_postable(story.contest.id)
    shown = notices_previews.preview(EditionRules(), revisions, Ordering.STROKES, TODAY)
    assert (shown.ends_on, shown.problems) == (date(2026, 9, 22), ())
    (warning,) = shown.warnings
    assert (warning.field, warning.params) == ("ordering", {"characters": "㛃、䶮"})
    assert without_strokes(shown.lists) == "㛃䶮"
    other = notices_previews.preview(EditionRules(), revisions, Ordering.PINYIN, TODAY)
    assert (other.warnings, other.key) == ((), "")


def test_a_preview_warns_at_the_end_of_a_year_and_has_no_last_day_beyond_it(
    build: Builder,
) -> None:
    Story(build)

    def preview(starts_on: date, days: int) -> notices_previews.Preview:
        rules = EditionRules(notice_working_days=days)
        return notices_previews.preview(rules, [], Ordering.AWARD, starts_on)

    late = preview(date(2026, 12, 21), 4)
    assert late.ends_on == date(2026, 12, 25)
    assert [(one.field, one.params) for one in late.warnings] == [("starts_on", {"year": 2027})]
    beyond = preview(date(2026, 12, 28), 5)
    assert beyond.ends_on is None and beyond.warnings == ()
    assert [problem.params for problem in beyond.problems] == [{"year": 2027}]
    db.session.add(CalendarYear(year=2027, source="test"))
    db.session.commit()
    known = preview(date(2026, 12, 28), 5)
    assert (known.ends_on, known.warnings) == (date(2027, 1, 4), ())


def test_a_text_with_personal_data_is_refused_with_every_field(build: Builder) -> None:
    story = filled(build)
    with pytest.raises(InvalidRules) as refused:
        posted(story, title="张伟13800001111", body="330282199005170012", contact="13800001111")
    fields = [(one.field, one.params["found"]) for one in refused.value.problems]
    assert fields == [("title", "13*********"), ("body", "33****************")]
    assert notices.list_notices(TODAY).total == 0


def test_a_number_typed_into_a_name_does_not_get_out_either(build: Builder) -> None:
    story = filled(build, ("王一", "张伟 330282199005170012"))
    with pytest.raises(InvalidRules) as refused:
        posted(story)
    (problem,) = refused.value.problems
    assert (problem.field, problem.params) == ("revision_ids", {"found": "33****************"})
    assert notices.list_notices(TODAY).total == 0


def text_of(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    )
    return "".join(done.stdout.decode().split())


def unpacked(pdf: bytes) -> bytes:
    streams = re.findall(rb"/FlateDecode.*?stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompress(stream) for stream in streams)


def personal() -> list[str]:
    """What must stand nowhere: numbers, telephones and birth dates of all people."""
    people = db.session.scalars(select(Person)).all()
    births = [one.birth_date for one in people if one.birth_date]
    numbers = [number for one in people for number in (one.id_number, one.phone) if number]
    days = [f"{day:%Y%m%d}" for day in births] + [f"{day.year}年" for day in births]
    return [*numbers, *days]


def test_the_paper_says_all_and_no_more(build: Builder, tmp_path: Path) -> None:
    story = filled(build)
    notice = notices.get_notice(posted(story))
    made = notices_papers.pdf(notice, notice_lists(notice), [], str, tmp_path)
    text = text_of(made)
    for word in (
        "获奖名单公示", "2026年9月15日至2026年9月22日", "5个工作日", "发布当日不计入",
        "0574-63912345", "二〇二六年九月十五日", "慈溪市人力资源和社会保障局", "慈溪市总工会",
        "大同公司", "技术能手",
    ):  # fmt: skip
        assert word in text, word
    places = [text.index(name) for name in ("丁国栋", "王丁", "王一一", "仇杰", "欧阳娜", "单丹")]
    assert places == sorted(places) and "strokes" in text
    raw = unpacked(made)
    for secret in personal():
        assert secret not in text and secret.encode() not in raw
    assert b"/Author" not in raw and b"dc:creator" not in raw
    kept = list((tmp_path / "papers").iterdir())
    assert notices_papers.pdf(notice, notice_lists(notice), [], str, tmp_path) == made
    assert list((tmp_path / "papers").iterdir()) == kept


def test_a_withdrawn_or_replaced_notice_says_so_on_paper_and_in_the_table(
    build: Builder, tmp_path: Path
) -> None:
    story = filled(build)
    notice_id = posted(story)
    notice = notices.get_notice(notice_id)
    lists, gone = notice_lists(notice), [Replaced("钳工", 1)]
    replaced = text_of(notices_papers.pdf(notice, lists, gone, str, tmp_path))
    assert "成绩已经更正" in replaced and "钳工" in replaced and "王一一" in replaced
    notices.withdraw(story.actor("bureau_staff"), notice_id, reason="名单有误")
    notice = notices.get_notice(notice_id)
    assert notice.state is NoticeState.WITHDRAWN
    withdrawn = text_of(notices_papers.pdf(notice, lists, [], str, tmp_path))
    assert "本公示已撤回" in withdrawn and "王一一" not in withdrawn
    book = openpyxl.load_workbook(io.BytesIO(notices_papers.workbook(notice, lists, gone, str)))
    assert book.worksheets[0].max_row == 1
    notes = [cell.value for cell in book.worksheets[1]["A"]]
    assert notes[:2] == ["This notice was withdrawn", "These results were replaced since: 钳工"]


def test_the_table_holds_the_list_and_nothing_personal_anywhere(build: Builder) -> None:
    story = filled(build)
    notice = notices.get_notice(posted(story))
    made = notices_papers.workbook(notice, notice_lists(notice), [], str)
    sheet, notes = openpyxl.load_workbook(io.BytesIO(made)).worksheets
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert rows[0] == ("No.", "Event", "Division", "Name", "Employer", "Award", "Honours")
    event = story.event.title
    assert rows[1] == (1, event, "职工组", "丁国栋", "中华厂", "Second prize", None)
    assert [row[3] for row in rows[1:]][:3] == ["丁国栋", "王一", "王丁"]
    said = [cell.value for cell in notes["A"]]
    assert "In the order of the strokes of family names." in said and "0574-63912345" in said
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
        core = archive.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core and "<cp:lastModifiedBy></cp:lastModifiedBy>" in core
    for secret in personal():
        assert secret.encode() not in whole
