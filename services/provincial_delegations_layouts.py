"""The organiser's entry form as a Word file: uploaded by one, approved by another, or ours."""

import functools
import io
from collections.abc import Sequence
from pathlib import Path

from docx import Document as new_docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from sqlalchemy import func, select

from models.database import db
from models.provincial_delegations import ProvincialLayout
from rules.documents import sample
from rules.provincial import LayoutState
from rules.provincial_forms import FORM_FIELDS
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits, files, provincial
from services.acting import Actor
from services.documents_checks import SAMPLE, check_template
from services.documents_defaults import MADE, set_font
from services.documents_filling import Imprint, filled, finished
from services.files import StoredFile
from services.transaction import transaction

SUBJECT = "provincial_layout"
# Column widths in millimetres add up to the 257 between the margins of A4 across.
COLUMNS = (
    ("序号", 10, "{{ 人.序号 }}"),
    ("参赛项目", 34, "{{ 人.项目 }}"),
    ("形式", 12, "{{ 人.形式 }}"),
    ("姓名", 20, "{{ 人.姓名 }}"),
    ("性别", 10, "{{ 人.性别 }}"),
    ("证件号码", 42, "{{ 人.证件号码 }}"),
    ("联系电话", 28, "{{ 人.电话 }}"),
    ("工作单位", 49, "{{ 人.单位 }}"),
    ("组别", 14, "{{ 人.组别 }}"),
    ("教练", 38, "{{ 人.教练 }}"),
)


def upload_layout(by: Actor, contest_id: int, data: bytes, folder: Path) -> int:
    """Check a form in the organiser's layout and keep it as a draft; return its id."""
    check_template(data, FORM_FIELDS)
    with files.keeping(folder) as keep:
        return add_layout(by, contest_id, keep(data))


@transaction
def add_layout(by: Actor, contest_id: int, stored: StoredFile) -> int:
    """Add the row of a form whose bytes are kept."""
    provincial.locked(contest_id)
    own = ProvincialLayout.contest_id == contest_id
    last = db.session.scalar(select(func.max(ProvincialLayout.number)).where(own))
    row = ProvincialLayout(
        contest_id=contest_id,
        number=(last or 0) + 1,
        size=stored.size,
        file_key=stored.key,
        file_sha256=stored.sha256,
        uploaded_at=by.now,
        uploaded_by_id=by.account_id or 0,
    )
    db.session.add(row)
    db.session.flush()
    after = {"number": row.number, "digest": stored.sha256}
    audits.record(by, "add_layout", SUBJECT, row.id, after=after)
    return row.id


@transaction
def approve_layout(by: Actor, layout_id: int) -> int:
    """Approve a form as a second person; it takes the place of the one before it."""
    row = db.session.get(ProvincialLayout, layout_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(layout_id)
    if row.uploaded_by_id == by.account_id:
        raise Refused(N_("Somebody else must approve a form: you have uploaded it."))
    if row.state is not LayoutState.DRAFT:
        raise Refused(N_("This step is not possible in the present state."))
    before = approved(row.contest_id)
    if before is not None:
        before.state = LayoutState.RETIRED
        db.session.flush()
    row.state, row.approved_at, row.approved_by_id = LayoutState.APPROVED, by.now, by.account_id
    audits.record(by, "approve", SUBJECT, layout_id, after={"number": row.number})
    return row.contest_id


def approved(contest_id: int) -> ProvincialLayout | None:
    """Return the form in use, or None: ours is used then."""
    query = select(ProvincialLayout).where(
        ProvincialLayout.contest_id == contest_id, ProvincialLayout.state == LayoutState.APPROVED
    )
    return db.session.scalar(query)


def get_layout(layout_id: int) -> ProvincialLayout:
    """Return a form; raise Missing."""
    row = db.session.get(ProvincialLayout, layout_id)
    if row is None:
        raise Missing(layout_id)
    return row


def list_layouts(contest_id: int) -> Sequence[ProvincialLayout]:
    """List the forms of a contest, the newest first."""
    query = select(ProvincialLayout).where(ProvincialLayout.contest_id == contest_id)
    return db.session.scalars(query.order_by(ProvincialLayout.number.desc())).all()


def bytes_of(row: ProvincialLayout | None, folder: Path) -> bytes:
    """Return the Word file of a form, or the one that comes with the program."""
    return blank_form() if row is None else files.read(folder, row.file_key, row.file_sha256)


def sample_of(row: ProvincialLayout | None, folder: Path) -> bytes:
    """Return what a form makes of sample values."""
    return filled(bytes_of(row, folder), FORM_FIELDS, sample(FORM_FIELDS), SAMPLE)


@functools.cache
def blank_form() -> bytes:
    """Return the form that comes with the program, to begin from."""
    docx = new_docx()
    section = docx.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    _centred(docx.add_paragraph(), "{{ 竞赛 }}参赛报名表（第{{ 表号 }}号）", "方正小标宋简体", 20)
    head = "代表队：{{ 代表队 }}　领队：{{ 领队 }}　电话：{{ 领队电话 }}　填报日期：{{ 填报日期 }}"
    _write(docx.add_paragraph(), head, "仿宋_GB2312", 12)
    for text in ("{%p if 变更事由 %}", "变更事由：{{ 变更事由 }}", "{%p endif %}"):
        _write(docx.add_paragraph(), text, "仿宋_GB2312", 12)
    table = docx.add_table(rows=4, cols=len(COLUMNS), style="Table Grid")
    table.autofit = False
    for place, (heading, width, word) in enumerate(COLUMNS):
        ends = ("{%tr for 人 in 名单 %}", "{%tr endfor %}") if place == 0 else ("", "")
        for row, text in enumerate((heading, ends[0], word, ends[1])):
            _cell(table.cell(row, place), text, "黑体" if row == 0 else "仿宋_GB2312", width)
    _repeated(table.rows[0]._tr)
    foot = "共{{ 项目数 }}个项目，{{ 人数 }}人。　　　　　　　　单位（盖章）："
    _write(docx.add_paragraph(), foot, "仿宋_GB2312", 12)
    target = io.BytesIO()
    docx.save(target)
    imprint = Imprint("参赛报名表", "Skillstar", MADE)
    return finished(new_docx(io.BytesIO(target.getvalue())), imprint)


def _centred(paragraph: Paragraph, text: str, font: str, size: int) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(paragraph, text, font, size)


def _write(paragraph: Paragraph, text: str, font: str, size: int) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    set_font(run._r.get_or_add_rPr(), font)


def _cell(cell: _Cell, text: str, font: str, width: int) -> None:
    cell.width = Mm(width)
    _centred(cell.paragraphs[0], text, font, 10)


def _repeated(row: object) -> None:
    """Repeat the headings on each page."""
    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]
    properties.append(OxmlElement("w:tblHeader"))


def list_keys() -> set[str]:
    """List the keys of all kept layouts, so that none of them is swept away."""
    return set(db.session.scalars(select(ProvincialLayout.file_key)))
