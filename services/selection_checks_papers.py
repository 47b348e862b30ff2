"""Papers of the checks: the ranked list of a body, and the letter that asks for an opinion."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from docx import Document as new_docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from models.selection_checks import SelectionOpinion
from rules.identity import mask_id
from rules.refusals import check_reason
from rules.selection_rounds import RoundRules
from services import audits, documents, selections
from services.acting import Actor
from services.selection_checks_opinions_lists import Letter, get_letter
from services.selection_checks_ranks import Ranking
from services.transaction import transaction
from services.workbooks import Column
from services.workbooks_writing import write_table

RANK_COLUMNS = (
    Column("rank", ("推荐排序",), kind="integer"),
    Column("name", ("姓名",)),
    Column("employer", ("工作单位",)),
    Column("occupation", ("职业（工种）",)),
    Column("tier", ("申报等次",)),
    Column("number", ("申报编号",), kind="integer"),
    Column("state", ("审核状态",)),
)
LETTER_HEADS = ("序号", "姓名", "工作单位", "证件号码", "拟授称号", "意见")
LETTER_WIDTHS = (12, 20, 48, 42, 20, 18)


def rank_rows(ranking: Ranking, say: Callable[[Any], str]) -> list[dict[str, object]]:
    """Return the lines of a ranked list in the reader's words."""
    rules = selections.rules_of(ranking.round)
    return [
        {
            "rank": row.rank,
            "name": row.application.person.name,
            "employer": row.application.employer.title if row.application.employer else "",
            "occupation": row.application.occupation,
            "tier": tier_title(rules, row.application.tier),
            "number": row.application.number,
            "state": say(row.state),
        }
        for row in ranking.rows
    ]


def tier_title(rules: RoundRules, key: str) -> str:
    """Return the title of a tier; empty where none was chosen."""
    return {one.key: one.title for one in rules.tiers}.get(key, "")


def ranking_xlsx(ranking: Ranking, say: Callable[[Any], str]) -> bytes:
    """Return the ranked list as a spreadsheet."""
    return write_table(RANK_COLUMNS, rank_rows(ranking, say), "推荐排序表")


def ranking_pdf(ranking: Ranking, say: Callable[[Any], str], today: date) -> bytes:
    """Return the ranked list to be stamped by its body."""
    return documents.paper_pdf(
        "selection_ranking",
        round=ranking.round.title,
        step=ranking.duty.step.title,
        body=ranking.title,
        places=ranking.places,
        rows=rank_rows(ranking, say),
        day=documents.chinese_date(today),
    )


def _letter_rows(letter: Letter, full: bool) -> list[tuple[str, ...]]:
    rules = selections.rules_of(letter.round)
    found: list[tuple[str, ...]] = []
    for place, row in enumerate(letter.rows, start=1):
        application = row.application
        number = application.person.id_number
        unit = application.employer.title if application.employer else ""
        shown = number if full else mask_id(number)
        tier = tier_title(rules, application.tier)
        found.append((str(place), application.person.name, unit, shown, tier, ""))
    return found


def _paragraphs(letter: Letter) -> list[str]:
    programme = letter.round.programme
    last = f"{letter.due_on:%Y年%m月%d日}"
    return [
        f"根据《{programme.document or letter.round.title}》要求，现就{letter.round.title}"
        f"{len(letter.rows)}名人选征求贵单位意见。",
        "请贵单位按职责核实附表所列人员有无影响评选的情形，在“意见”栏逐人填写“无异议”或异议事由，"
        f"加盖公章后于{last}前复函。逾期未复的，我单位将与贵单位联系。",
        "附表所列个人信息仅用于本次评选，请妥善保管，不得他用。",
    ]


def letter_pdf(letter: Letter, full: bool = False) -> bytes:
    """Return a letter with its list to be printed; numbers are masked unless asked for."""
    return documents.paper_pdf(
        "selection_opinion",
        title=f"关于征求{letter.round.title}人选意见的函",
        number=letter.number,
        body=letter.opinion.title,
        texts=_paragraphs(letter),
        heads=LETTER_HEADS,
        rows=_letter_rows(letter, full),
        issuer=letter.round.programme.organiser,
        day=documents.chinese_date(letter.asked_on),
    )


def letter_docx(letter: Letter, full: bool = False) -> bytes:
    """Return the same letter as a Word file, so that the office can finish it."""
    docx = new_docx()
    section = docx.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    _line(docx, f"关于征求{letter.round.title}人选意见的函", 18, WD_ALIGN_PARAGRAPH.CENTER)
    _line(docx, letter.number, 12, WD_ALIGN_PARAGRAPH.CENTER)
    _line(docx, f"{letter.opinion.title}：", 14)
    for text in _paragraphs(letter):
        _line(docx, f"　　{text}", 14)
    _line(docx, letter.round.programme.organiser, 14, WD_ALIGN_PARAGRAPH.RIGHT)
    _line(docx, documents.chinese_date(letter.asked_on), 14, WD_ALIGN_PARAGRAPH.RIGHT)
    _table(docx, _letter_rows(letter, full))
    _line(docx, "复函单位（盖章）：　　　　　　　　　　日期：", 12)
    target = io.BytesIO()
    docx.save(target)
    return target.getvalue()


def _line(docx: Any, text: str, size: int, side: Any = None) -> None:
    paragraph = docx.add_paragraph()
    if side is not None:
        paragraph.alignment = side
    _write(paragraph, text, size)


def _write(paragraph: Any, text: str, size: int) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), "仿宋_GB2312"
    run._element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋_GB2312")


def _table(docx: Any, rows: Sequence[Sequence[str]]) -> None:
    table = docx.add_table(rows=0, cols=len(LETTER_HEADS), style="Table Grid")
    for texts in (LETTER_HEADS, *rows):
        cells = table.add_row().cells
        for cell, text, width in zip(cells, texts, LETTER_WIDTHS, strict=True):
            cell.width = Mm(width)
            _write(cell.paragraphs[0], text, 10)


@transaction
def export_ids(by: Actor, round_id: int, body: str, number: str, *, reason: str) -> int:
    """Record that a letter is taken with identity numbers, for a body that needs them."""
    check_reason(reason)
    letter = get_letter(round_id, body, number)
    after = {"body": body, "letter": number, "reason": reason.strip()}
    rows: Sequence[SelectionOpinion] = letter.rows
    audits.record(
        by, "export_ids", "selection_round", round_id, after=after | {"number": len(rows)}
    )
    return round_id
