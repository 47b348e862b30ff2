"""The Word templates that come with the program, in the form of GB/T 9704: built, never edited.

They stand here as code, so that a change of them can be read; the bureau downloads the file, edits
it and uploads its own.
"""

import functools
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document as new_docx
from docx.document import Document as Docx
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from rules.documents import DocumentKind
from rules.documents_wordings import Wording, wording_of
from rules.editions import ContestKind
from services.documents_filling import Imprint, finished

TITLE, BODY, HEADING, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
BIG, NORMAL, SMALL, PAGE = Pt(22), Pt(16), Pt(12), Pt(14)  # 二号、三号、小四、四号
LINE = Pt(28)  # 22 lines of 28 characters a page
MADE = datetime(2026, 1, 1, tzinfo=UTC)
# Column widths in millimetres add up to the 156 between the margins.
LEVEL_COLUMNS = (
    ("序号", 14, "{{ 人.序号 }}"),
    ("姓名", 24, "{{ 人.姓名 }}"),
    ("单位", 48, "{{ 人.单位 }}"),
    ("职业（工种）", 32, "{{ 人.职业 }}"),
    ("技能等级", 38, "{{ 人.等级 }}"),
)


def winner_columns(words: Wording) -> Sequence[tuple[str, int, str]]:
    """Return the columns of a list; who has a title of a selection has no coach."""
    name = "{{ 人.姓名 }}{% if 人.队员 %}（{{ 人.队员 }}）{% endif %}"
    more = (("荣誉称号", 26, "{{ 人.荣誉称号 }}"), ("指导教师", 22, "{{ 人.指导教师 }}"))
    wide = 0 if words.has_honours else 24
    return (
        ("序号", 14, "{{ 人.序号 }}"),
        (words.award, 20 + wide, "{{ 人.奖项 }}"),
        ("姓名", 28, name),
        ("单位", 46 + wide, "{{ 人.单位 }}"),
        *(more if words.has_honours else ()),
    )


def payment_columns(words: Wording) -> Sequence[tuple[str, int, str]]:
    """Return the columns of a list of payments."""
    return (
        ("序号", 12, "{{ 人.序号 }}"),
        ("姓名（单位）", 24, "{{ 人.姓名 }}"),
        ("单位", 32, "{{ 人.单位 }}"),
        (words.paid_line, 28, "{{ 人.赛项 }} {{ 人.奖项 }}"),
        ("应发（元）", 21, "{{ 人.应发 }}"),
        ("税款（元）", 18, "{{ 人.税款 }}"),
        ("实发（元）", 21, "{{ 人.实发 }}"),
    )


@functools.cache
def default_template(kind: DocumentKind, of: ContestKind = ContestKind.CONTEST) -> bytes:
    """Return the Word template that comes with the program for a kind, of a contest or not."""
    docx = new_page()
    _BUILDERS[kind](docx, wording_of(of))
    return finished(docx, Imprint("文书模板", "Skillstar", MADE))


def new_page() -> Docx:
    """Return an empty document with the margins, fonts and page numbers of GB/T 9704."""
    docx = new_docx()
    section = docx.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    style = docx.styles["Normal"]
    style.font.size = NORMAL
    set_font(style.element.get_or_add_rPr(), BODY)
    docx.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    return docx


def set_font(properties: Any, font: str) -> None:
    """Set all four fonts of a run or style, whatever theme the file came with."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), font)
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)


def _page_number(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """Write — 1 — outside below, one character from the edge."""
    paragraph.alignment = side
    indent = "right_indent" if side is WD_ALIGN_PARAGRAPH.RIGHT else "left_indent"
    setattr(paragraph.paragraph_format, indent, PAGE)
    _run(paragraph, "— ", SONG, PAGE)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = _run(paragraph, "1", SONG, PAGE)
    field.append(run)
    paragraph._p.append(field)
    _run(paragraph, " —", SONG, PAGE)


def _run(paragraph: Paragraph, text: str, font: str, size: Pt) -> Any:
    run = paragraph.add_run(text)
    run.font.size = size
    set_font(run._r.get_or_add_rPr(), font)
    return run._r


def add_text(
    docx: Docx,
    text: str = "",
    font: str = BODY,
    size: Pt = NORMAL,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    indent: int = 0,
    line: Pt = LINE,
) -> Paragraph:
    """Add a paragraph, its first line set in by so many characters."""
    paragraph = docx.add_paragraph()
    _shape(paragraph, align, line)
    if indent:
        first = paragraph._p.get_or_add_pPr().get_or_add_ind()
        first.set(qn("w:firstLineChars"), str(indent * 100))
        first.set(qn("w:firstLine"), str(int(indent * size.pt * 20)))
    _run(paragraph, text, font, size)
    return paragraph


def _shape(paragraph: Paragraph, align: WD_ALIGN_PARAGRAPH, line: Pt) -> None:
    form = paragraph.paragraph_format
    paragraph.alignment = align
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line


def add_title(docx: Docx, text: str) -> None:
    """Add the heading of a document or an attachment."""
    add_text(docx, text, TITLE, BIG, WD_ALIGN_PARAGRAPH.CENTER, line=Pt(35))


def _head(docx: Docx) -> None:
    centre = WD_ALIGN_PARAGRAPH.CENTER
    add_text(docx, "{%p if 文号 %}")
    add_text(docx, "{{ 文号 }}", align=centre)
    add_text(docx)
    add_text(docx, "{%p endif %}")
    add_title(docx, "{{ 标题 }}")
    add_text(docx)


def _texts(docx: Docx, word: str) -> None:
    add_text(docx, f"{{%p for 段 in {word} %}}")
    add_text(docx, "{{ 段.文字 }}", indent=2)
    add_text(docx, "{%p endfor %}")


def _foot(docx: Docx) -> None:
    """Add the issuing bodies and the date, two lines below, four characters from the right."""
    add_text(docx)
    add_text(docx)
    for text in ("{%p for 家 in 落款单位 %}", "{{ 家.名称 }}", "{%p endfor %}", "{{ 成文日期 }}"):
        paragraph = add_text(docx, text, align=WD_ALIGN_PARAGRAPH.RIGHT)
        paragraph.paragraph_format.right_indent = Pt(64)
        paragraph.paragraph_format.keep_with_next = text != "{{ 成文日期 }}"


def _table(docx: Docx, columns: Sequence[tuple[str, int, str]], loop: str) -> None:
    table = docx.add_table(rows=4, cols=len(columns), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    loops = {1: f"{{%tr for 人 in {loop} %}}", 3: "{%tr endfor %}"}
    for place, (heading, width, field) in enumerate(columns):
        table.columns[place].width = Mm(width)
        texts = (heading, loops[1], field, loops[3])
        for row, text in enumerate(texts):
            shown = "" if row in loops and place else text
            write_cell(table, row, place, shown, HEADING if row == 0 else BODY)
            table.cell(row, place).width = Mm(width)
    for row in table.rows:
        keep_whole(row._tr, is_heading=row is table.rows[0])
    keep_whole(table.rows[0]._tr, is_heading=True)
    add_text(docx, line=Pt(16))


def write_cell(table: Table, row: int, place: int, text: str, font: str) -> None:
    """Write a cell of a table in small letters."""
    cell = table.cell(row, place)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    _shape(paragraph, WD_ALIGN_PARAGRAPH.CENTER, Pt(18))
    _run(paragraph, text, font, SMALL)


def keep_whole(row: Any, is_heading: bool) -> None:
    """Let no row break over two pages; repeat the headings on each."""
    properties = row.get_or_add_trPr()
    marks = ("w:cantSplit", "w:tblHeader") if is_heading else ("w:cantSplit",)
    for name in marks:
        if properties.find(qn(name)) is None:
            properties.append(OxmlElement(name))


def _groups(docx: Docx, words: Wording) -> None:
    add_text(docx, "{%p for 组 in 名单 %}")
    heading = add_text(docx, "{{ 组.赛项 }}（{{ 组.组别 }}）", HEADING)
    heading.paragraph_format.keep_with_next = True
    _table(docx, winner_columns(words), "组.获奖者")
    add_text(docx, "{%p endfor %}")


def _notice(docx: Docx, words: Wording) -> None:
    _head(docx)
    _texts(docx, "正文")
    add_text(docx, "公示时间：{{ 公示期 }}（{{ 工作日数 }}个工作日）。", indent=2)
    add_text(docx, "联系方式：{{ 联系方式 }}。", indent=2)
    _texts(docx, "结尾")
    add_text(docx)
    add_text(docx, f"附件：{words.proposed}", indent=2)
    _foot(docx)
    begin_attachment(docx, words.proposed)
    _groups(docx, words)
    add_text(docx, "（{{ 排序说明 }}）", indent=2)


def _decision(docx: Docx, words: Wording) -> None:
    _head(docx)
    add_text(docx, "{%p if 主送机关 %}")
    add_text(docx, "{{ 主送机关 }}：")
    add_text(docx, "{%p endif %}")
    _texts(docx, "正文")
    add_text(docx, "{%p for 项 in 荣誉 %}")
    granted = "授予下列{{ 项.人数 }}人“{{ 项.称号 }}”称号"
    by = "{% if 项.授予单位 %}（由{{ 项.授予单位 }}授予）{% endif %}"
    add_text(docx, f"{granted}{by}：{{{{ 项.人员 }}}}。", indent=2)
    add_text(docx, "{%p endfor %}")
    _texts(docx, "结尾")
    add_text(docx)
    add_text(docx, "{%p for 件 in 附件 %}")
    add_text(docx, "附件：{{ 件.名称 }}", indent=2)
    add_text(docx, "{%p endfor %}")
    _foot(docx)
    begin_attachment(docx, f"{{{{ 竞赛 }}}}{words.chosen}")
    _groups(docx, words)


def begin_attachment(docx: Docx, title: str) -> None:
    """Begin the attachment on a page of its own."""
    docx.add_section(WD_SECTION.NEW_PAGE)
    add_text(docx, "附件", HEADING)
    add_text(docx)
    add_title(docx, title)
    add_text(docx)


def _winners(docx: Docx, words: Wording) -> None:
    _head(docx)
    _texts(docx, "正文")
    _groups(docx, words)
    _foot(docx)


def _levels(docx: Docx, _words: Wording) -> None:
    _head(docx)
    _texts(docx, "正文")
    _table(docx, LEVEL_COLUMNS, "名册")
    add_text(docx, "共{{ 人数 }}人。职业技能等级评价机构：{{ 评价机构 }}。", indent=2)
    _foot(docx)


def _payments(docx: Docx, words: Wording) -> None:
    _head(docx)
    _texts(docx, "正文")
    add_text(docx, "发放单号：{{ 发放单号 }}", indent=2)
    _table(docx, payment_columns(words), "明细")
    add_text(docx, "共{{ 笔数 }}笔，应发合计{{ 应发合计 }}元（大写：{{ 应发大写 }}），", indent=2)
    add_text(docx, "代扣税款{{ 税款合计 }}元，", indent=2)
    add_text(docx, "实发合计{{ 实发合计 }}元（大写：{{ 实发大写 }}）。", indent=2)
    _foot(docx)


_BUILDERS = {
    DocumentKind.NOTICE: _notice,
    DocumentKind.DECISION: _decision,
    DocumentKind.WINNERS: _winners,
    DocumentKind.LEVELS: _levels,
    DocumentKind.PAYMENTS: _payments,
}
