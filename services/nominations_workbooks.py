"""The list of all candidates as a spreadsheet, in the columns that superiors ask for."""

from collections.abc import Sequence

from models.nominations import NominationCall
from rules.nominations import Nominee
from services.nominations_form_facts import Filling
from services.workbooks import Column
from services.workbooks_writing import write_table

_COLUMNS = (
    ("order", "序号"),
    ("list", "推荐项目"),
    ("rank", "排序"),
    ("name", "姓名（单位名称）"),
    ("sex", "性别"),
    ("born", "出生年月"),
    ("id_number", "证件号码"),
    ("unit", "工作单位"),
    ("occupation", "职业（工种）"),
    ("level", "技能等级"),
    ("phone", "联系电话"),
    ("honours", "主要荣誉"),
)


def sent_list(call: NominationCall, fillings: Sequence[Filling]) -> bytes:
    """Return the summary list of a sending."""
    columns = [
        Column(key, (title,), kind="integer" if key == "order" else "text")
        for key, title in _COLUMNS
    ]
    rows = [_row(number, one) for number, one in enumerate(fillings, start=1)]
    notes = [call.title, f"文号：{call.document}", f"推荐单位：{_sender(fillings)}"]
    return write_table(columns, rows, "推荐人选汇总表", notes)


def _sender(fillings: Sequence[Filling]) -> str:
    return fillings[0].texts["sender"] if fillings else ""


def _row(number: int, one: Filling) -> dict[str, object]:
    texts = one.texts
    is_person = one.nomination.of is Nominee.PERSON
    return {key: texts.get(key, "") for key, _ in _COLUMNS} | {
        "order": number,
        "unit": texts["unit"] if is_person else "",
        "honours": "、".join(row["title"] for row in texts["honours"]),
    }
