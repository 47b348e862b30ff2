"""The levels of a finished edition: listed, approved by a second person, and mostly certified."""

from datetime import timedelta

from sqlalchemy import select

from models.database import db
from models.levels import LevelLine
from models.people import Person
from rules.level_checks import Settled
from rules.level_layouts import LayoutColumn, LevelField, usual_layout
from services import levels, levels_export, levels_returns
from services.acting import Actor
from services.demo_events import WORDS
from services.demo_stages import Stage
from services.levels_export import Words
from services.workbooks import Column
from services.workbooks_writing import write_table

BODY = "慈溪市职业技能等级评价中心"
LATE = 2  # so many numbers have not come back yet
LEVELS = {1: "一级/高级技师", 2: "二级/技师", 3: "三级/高级工", 4: "四级/中级工", 5: "五级/初级工"}
_COLUMNS = (
    Column("name", ("姓名",)),
    Column("id_number", ("证件号码",), kind="digits"),
    Column("occupation", ("职业（工种）名称",)),
    Column("level", ("技能等级",)),
    Column("number", ("证书编号",)),
    Column("day", ("发证日期",), kind="date"),
)


def send_levels(stage: Stage, contest_id: int, days: int) -> int:
    """Send the levels of a contest's final events to the assessment body; return the list."""
    by = stage.by("bureau", days, 10)
    list_id = levels.prepare(by, contest_id, body=BODY)
    for line_id in db.session.scalars(
        select(LevelLine.id).where(LevelLine.list_id == list_id, LevelLine.has_problem)
    ).all():
        levels.settle(by, line_id, settled=Settled.DROPPED, reason="已持有同等级证书")
    levels.submit(by, list_id)
    levels.approve(stage.by("bureau2", days, 11), list_id)
    layout_id = _layout(by)
    words = Words(
        lambda text: WORDS.get(text, text),
        lambda level: "" if level is None else LEVELS[level],
        lambda sex: {"M": "男", "F": "女"}.get(sex or "", ""),
        lambda _kind: "居民身份证",
    )
    levels_export.export(stage.by("bureau", days, 12), list_id, layout_id, words)
    return list_id


def _layout(by: Actor) -> int:
    """Return the columns of the body, saved at its first list."""
    for stored in levels_export.list_layouts():
        if stored.title == BODY:
            return stored.id
    layout = usual_layout()
    more = LayoutColumn(field=LevelField.CONSTANT, heading="申报方式", text="竞赛晋级")
    layout = layout.model_copy(update={"columns": (*layout.columns, more)})
    return levels_export.save_layout(by, None, title=BODY, layout=layout)


def return_numbers(stage: Stage, list_id: int, days: int) -> None:
    """Take over the certificate numbers that the assessment body sent back, but for a few."""
    query = (
        select(LevelLine.occupation, LevelLine.level, Person.name, Person.id_number)
        .join(Person, Person.id == LevelLine.person_id)
        .where(LevelLine.list_id == list_id, LevelLine.active)
        .order_by(LevelLine.id)
    )
    day = stage.today + timedelta(days=days - 3)
    rows: list[dict[str, object]] = [
        {"name": name, "id_number": id_number, "occupation": occupation, "level": LEVELS[level]}
        | {"number": f"Y3302{day:%y}{number:06d}", "day": day}
        for number, (occupation, level, name, id_number) in enumerate(
            db.session.execute(query), start=1
        )
    ]
    by = stage.by("bureau", days, 15)
    file = write_table(_COLUMNS, rows[: max(1, len(rows) - LATE)], "证书编号")
    levels_returns.confirm(by, levels_returns.receive(by, list_id, file, "证书编号.xlsx"))
