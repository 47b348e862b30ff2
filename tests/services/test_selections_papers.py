"""Papers of a selection speak of titles, not of a contest: notice, documents, payments, proof."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document as open_docx

from models.documents import Document
from rules.certificate_kinds import said_by
from rules.documents import DocumentKind, suggested
from rules.documents_wordings import OF_CONTESTS, OF_SELECTIONS, wording_of
from rules.editions import ContestKind
from rules.notices import Ordering
from services import documents_making, notices, notices_lists, notices_papers, payouts_papers
from services.documents_defaults import default_template
from services.documents_facts import MAKERS, Wishes
from services.documents_parts import Words
from tests.builders import Builder
from tests.pdf_checks import text_of
from tests.selection_lists import AFTER, ListStory
from tests.services.test_documents_making import word_text

WORDS = Words(lambda text: text, lambda level: f"L{level}")
FOREIGN = ("赛项", "竞赛", "参赛", "荣获", "获奖", "选手", "指导教师")
OFFICIAL = (DocumentKind.DECISION, DocumentKind.WINNERS, DocumentKind.PAYMENTS)


@pytest.fixture
def story(build: Builder) -> ListStory:
    made = ListStory(build)
    made.proposed((made.applied("王金匠"), "gold"), (made.applied("李工匠"), "craftsman"))
    return made


def clean(text: str, *names: str) -> None:
    """Check that a paper names people and titles, and no word of contests."""
    whole = "".join(text.split())
    assert [one for one in FOREIGN if one in whole] == []
    assert [one for one in ("王金匠", *names) if one not in whole] == []


def written(story: ListStory, kind: DocumentKind, folder: Path, by: Any = None) -> Document:
    words, contest = wording_of(story.contest.kind), story.contest
    wishes = Wishes(
        sources=tuple(one.id for one in MAKERS[kind].sources(contest.id)),
        dated=date(2026, 9, 22),
        title=suggested(words.titles, kind, contest.title, "") or "公示",
        opening=suggested(words.openings, kind, contest.title, ""),
        closing=suggested(words.closings, kind, contest.title, ""),
        issuers=contest.sponsors,
    )
    by = by or story.staff(AFTER)
    key = documents_making.make(by, contest.id, kind, wishes, WORDS, folder)
    return documents_making.get_document(key)


def test_a_notice_and_its_table_name_titles(story: ListStory, tmp_path: Path) -> None:
    notice = notices.get_notice(story.noticed())
    lists = notices_lists.notice_lists(notice)
    said = text_of(notices_papers.pdf(notice, lists, [], str, tmp_path))
    clean(said, "上林金匠", "拟入选人员名单公示", "上林名匠（2026年度）", "称号")
    book = openpyxl.load_workbook(io.BytesIO(notices_papers.workbook(notice, lists, [], str)))
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert rows[0][:6] == [
        "No.",
        "Selection programme",
        "Year",
        "Name",
        "Unit",
        "Title awarded",
    ]
    assert [(row[1], row[2], row[3], row[5]) for row in rows[1:]] == [
        ("上林名匠", "2026年度", "王金匠", "上林金匠"),
        ("上林名匠", "2026年度", "李工匠", "上林工匠"),
    ]
    notes = [cell for row in book.worksheets[1].iter_rows(values_only=True) for cell in row]
    assert "In the order of the titles, then of the ranks." in notes
    assert notice.ordering is Ordering.AWARD
    paper = written(story, DocumentKind.NOTICE, tmp_path)
    clean(word_text(documents_making.word_of(paper, tmp_path)), "拟入选人员名单")
    clean(text_of(documents_making.pdf_of(paper, tmp_path)), "拟入选人员名单")


def test_official_documents_name_titles(story: ListStory, tmp_path: Path) -> None:
    story.decided()
    order = story.approved_order()
    payer = story.payer()
    for kind in OFFICIAL:
        by = payer if kind is DocumentKind.PAYMENTS else None
        paper = written(story, kind, tmp_path, by)
        assert not any(word in paper.title for word in FOREIGN)
        clean(word_text(documents_making.word_of(paper, tmp_path)), "称号", "上林金匠")
        clean(text_of(documents_making.pdf_of(paper, tmp_path)), "称号")
        if kind is DocumentKind.DECISION:
            given = [(one["title"], one["count"]) for one in paper.facts["honours"]]
            assert given == [("上林金匠", "1"), ("上林工匠", "1")]
            assert paper.facts["attachments"] == [{"title": f"{story.contest.title}入选人员名单"}]
    said = text_of(payouts_papers.order_pdf(order, str))
    clean(said, "评选名称：", "评选项目", "称号")
    kinds = [one.kind for one in documents_making.list_standings(story.contest.id)]
    assert DocumentKind.LEVELS not in kinds and len(kinds) == len(DocumentKind) - 1


def test_papers_of_a_contest_stay_as_they_were(tmp_path: Path) -> None:
    docx = open_docx(io.BytesIO(default_template(DocumentKind.WINNERS)))
    heads = [cell.text for cell in docx.tables[0].rows[0].cells]
    assert heads == ["序号", "奖项", "姓名", "单位", "荣誉称号", "指导教师"]
    docx = open_docx(io.BytesIO(default_template(DocumentKind.PAYMENTS)))
    assert "赛项及奖项" in [cell.text for cell in docx.tables[0].rows[0].cells]
    docx = open_docx(io.BytesIO(default_template(DocumentKind.NOTICE, ContestKind.SELECTION)))
    heads = [cell.text for cell in docx.tables[0].rows[0].cells]
    assert heads == ["序号", "称号", "姓名", "单位"]
    assert wording_of(ContestKind.CONTEST) is wording_of(ContestKind.EXTERNAL) is OF_CONTESTS
    assert wording_of(ContestKind.SELECTION) is OF_SELECTIONS


def test_the_proof_of_a_certificate_names_the_title() -> None:
    facts = {"edition": "2026年“上林名匠”遴选", "event": "上林名匠", "division": "2026年度",
             "award": "上林金匠", "unit": "慈溪市第一机械有限公司"}  # fmt: skip
    assert [line.title for line in said_by(facts)][:2] == ["Contest", "Event"]
    assert [tuple(line) for line in said_by(facts | {"verb": "select"})] == [
        ("Selection round", "2026年“上林名匠”遴选"),
        ("Title awarded", "上林金匠"),
        ("Works at", "慈溪市第一机械有限公司"),
    ]
