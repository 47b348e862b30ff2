"""A form to begin from (推荐表), which the bureau changes to the superior's layout."""

import functools
import io

from docx import Document as new_docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.table import Table
from docx.text.run import Run

from services.documents_defaults import MADE, set_font
from services.documents_filling import Imprint, finished

_ROWS = (
    ("姓名", "{{ 姓名 }}", "性别", "{{ 性别 }}", "出生年月", "{{ 出生年月 }}"),
    ("证件号码", "{{ 证件号码 }}", "联系电话", "{{ 联系电话 }}", "所在地区", "{{ 所在地区 }}"),
    ("工作单位", "{{ 工作单位 }}", "单位性质", "{{ 单位性质 }}", "岗位", "{{ 岗位 }}"),
    ("职业（工种）", "{{ 职业 }}", "技能等级", "{{ 技能等级 }}", "从业年限", "{{ 从业年限 }}"),
)
_LONG = (("推荐理由", "推荐理由"), ("主要事迹", "主要事迹"))
_WIDTHS = (22, 36, 22, 32, 22, 30)


@functools.cache
def blank_form() -> bytes:
    """Return a form with all usual fields, checked as any uploaded one."""
    docx = new_docx()
    section = docx.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(23)
    for text, size in (("{{ 推荐项目 }}推荐表", 20), ("{{ 通知名称 }}　{{ 文号 }}", 11)):
        paragraph = docx.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _font(paragraph.add_run(text), "黑体" if size > 11 else "宋体", size)
    table = docx.add_table(rows=0, cols=6, style="Table Grid")
    table.autofit = False
    for row in _ROWS:
        _row(table, row)
    for title, word in _LONG:
        _long(table, title, f"{{%p for 段 in {word} %}}", "{{ 段.文字 }}", "{%p endfor %}")
    honour = "{{ 项.日期 }}　{{ 项.称号 }}{% if 项.授予单位 %}（{{ 项.授予单位 }}）{% endif %}"
    _long(table, "获得荣誉", "{%p for 项 in 荣誉 %}", honour, "{%p endfor %}")
    place = "{{ 项.日期 }}　{{ 项.赛事 }}{% if 项.名次 %}　第{{ 项.名次 }}名{% endif %}"
    _long(table, "竞赛成绩", "{%p for 项 in 竞赛 %}", place, "{%p endfor %}")
    _long(table, "推荐单位意见", "", "（盖章）　　{{ 推荐单位 }}　　{{ 填报日期 }}", "")
    target = io.BytesIO()
    docx.save(target)
    return finished(new_docx(io.BytesIO(target.getvalue())), Imprint("推荐表", "Skillstar", MADE))


def _row(table: Table, texts: tuple[str, ...]) -> None:
    cells = table.add_row().cells  # type: ignore[no-untyped-call]
    for place, text in enumerate(texts):
        cells[place].width = Mm(_WIDTHS[place])
        font = "黑体" if place % 2 == 0 else "仿宋_GB2312"
        _font(cells[place].paragraphs[0].add_run(text), font, 11)


def _long(table: Table, title: str, *lines: str) -> None:
    cells = table.add_row().cells  # type: ignore[no-untyped-call]
    cells[0].width = Mm(_WIDTHS[0])
    _font(cells[0].paragraphs[0].add_run(title), "黑体", 11)
    wide = cells[1].merge(cells[5])
    wide.width = Mm(sum(_WIDTHS[1:]))
    for number, line in enumerate([*filter(None, lines), ""]):
        paragraph = wide.paragraphs[0] if not number else wide.add_paragraph()
        _font(paragraph.add_run(line), "仿宋_GB2312", 11)


def _font(run: Run, font: str, size: int) -> None:
    run.font.size = Pt(size)
    set_font(run._r.get_or_add_rPr(), font)
