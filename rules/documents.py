"""Official documents (文书) as data: their kinds, the fields that their templates may use, samples.

A template names a field by its Chinese word; facts and our own pages by its key. Every value is a
text, or a list of rows of texts: nothing else ever reaches a template.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from rules.texts import N_

Facts = Mapping[str, Any]


class DocumentKind(StrEnum):
    """What a document is."""

    NOTICE = "notice"
    DECISION = "decision"
    WINNERS = "winners"
    LEVELS = "levels"
    PAYMENTS = "payments"


class LeftOutFor(StrEnum):
    """Why somebody does not stand in an official document yet (R3.06)."""

    APPEAL = "appeal"
    OBJECTION = "objection"
    HELD = "held"


@dataclass(frozen=True)
class Field:
    """A text, or with ``rows`` a list whose rows have these fields."""

    key: str
    word: str
    title: str
    sample: str = ""
    rows: tuple["Field", ...] = ()


def _texts(key: str, word: str, title: str, sample: str) -> Field:
    """Return a list of paragraphs."""
    return Field(key, word, title, rows=(Field("text", "文字", N_("Text"), sample),))


_HEAD = (
    Field("title", "标题", N_("Heading of the document"), "第八届技能之星职业技能竞赛获奖名单"),
    Field("number", "文号", N_("Document number"), "慈人社发〔2026〕12号"),
    Field("contest", "竞赛", N_("Contest"), "第八届技能之星职业技能竞赛"),
    Field("held", "竞赛日期", N_("Days of the contest"), "2026年10月15日至10月20日"),
)
_FOOT = (
    Field(
        "issuers",
        "落款单位",
        N_("Issuing bodies"),
        rows=(Field("name", "名称", N_("Name of the body"), "慈溪市人力资源和社会保障局"),),
    ),
    Field("date", "成文日期", N_("Date of the document"), "2026年11月22日"),
    Field(
        "date_in_words",
        "成文日期汉字",
        N_("Date of the document in Chinese numerals"),
        "二〇二六年十一月二十二日",
    ),
)
_BODY = (
    Field("addressee", "主送机关", N_("Addressees"), "各有关单位"),
    _texts("opening", "正文", N_("Text before the lists"), "竞赛已于近日举行。"),
)
_CLOSING = _texts("closing", "结尾", N_("Text after the lists"), "特此公布。")
_COUNTS = (
    Field("events", "赛项数", N_("Number of events"), "18"),
    Field("awards", "获奖数", N_("Number of awards"), "108"),
)
_GROUPS = Field(
    "groups",
    "名单",
    N_("Winners by event and division"),
    rows=(
        Field("event", "赛项", N_("Event"), "钳工"),
        Field("division", "组别", N_("Division"), "职工组"),
        Field(
            "winners",
            "获奖者",
            N_("People or teams with an award"),
            rows=(
                Field("order", "序号", N_("No."), "1"),
                Field("award", "奖项", N_("Award"), "一等奖"),
                Field("name", "姓名", N_("Name, or name of the team"), "陈一凡"),
                Field("members", "队员", N_("Members of a team"), "陈一凡、王晓东"),
                Field("unit", "单位", N_("Employer"), "慈溪市第一机械有限公司"),
                Field("honours", "荣誉称号", N_("Honours"), "慈溪市技术能手"),
                Field("coaches", "指导教师", N_("Coaches"), "李建国"),
            ),
        ),
    ),
)
_HONOURS = Field(
    "honours",
    "荣誉",
    N_("Honours and who grants them"),
    rows=(
        Field("title", "称号", N_("Honour"), "慈溪市技术能手"),
        Field("grantor", "授予单位", N_("Granted by"), "慈溪市人力资源和社会保障局"),
        Field("count", "人数", N_("Number of people"), "2"),
        Field("people", "人员", N_("People"), "陈一凡（慈溪市第一机械有限公司）、王晓东（个人）"),
    ),
)
_ATTACHMENTS = Field(
    "attachments",
    "附件",
    N_("Attachments"),
    rows=(
        Field("title", "名称", N_("Name of the attachment"), "第八届技能之星职业技能竞赛获奖名单"),
    ),
)
_NOTICE = (
    Field("period", "公示期", N_("Period of the notice"), "2026年10月22日至2026年10月28日"),
    Field("working_days", "工作日数", N_("Working days"), "5"),
    Field("ordering", "排序说明", N_("Order of the list"), "按奖项、名次排列。"),
    Field("contact", "联系方式", N_("Contact for objections"), "职业能力建设科 0574-00000000"),
)
_LEVELS = (
    Field("body", "评价机构", N_("Assessment body"), "慈溪市技能等级评价中心"),
    Field("people", "人数", N_("Number of people"), "2450"),
    Field(
        "lines",
        "名册",
        N_("People and their levels"),
        rows=(
            Field("order", "序号", N_("No."), "1"),
            Field("name", "姓名", N_("Name"), "陈一凡"),
            Field("unit", "单位", N_("Employer"), "慈溪市第一机械有限公司"),
            Field("event", "赛项", N_("Event"), "钳工"),
            Field("occupation", "职业", N_("Occupation"), "钳工"),
            Field("level", "等级", N_("Level"), "三级（高级工）"),
        ),
    ),
)

_PAYMENTS = (
    Field("order", "发放单号", N_("Number of the payment order"), "CX2026-发放01"),
    Field("people", "笔数", N_("Number of payments"), "108"),
    Field("gross", "应发合计", N_("Sum before tax"), "62,500.00"),
    Field("tax", "税款合计", N_("Sum of taxes"), "12,500.00"),
    Field("net", "实发合计", N_("Sum after tax"), "50,000.00"),
    Field("gross_capitals", "应发大写", N_("Sum before tax in capitals"), "陆万贰仟伍佰元整"),
    Field("net_capitals", "实发大写", N_("Sum after tax in capitals"), "伍万元整"),
    Field(
        "lines",
        "明细",
        N_("Payments"),
        rows=(
            Field("order", "序号", N_("No."), "1"),
            Field("name", "姓名", N_("Payee"), "陈一凡"),
            Field("unit", "单位", N_("Employer"), "慈溪市第一机械有限公司"),
            Field("event", "赛项", N_("Event"), "钳工"),
            Field("award", "奖项", N_("Award"), "一等奖"),
            Field("gross", "应发", N_("Before tax"), "6,250.00"),
            Field("tax", "税款", N_("Tax"), "1,250.00"),
            Field("net", "实发", N_("After tax"), "5,000.00"),
        ),
    ),
)

FIELDS: dict[DocumentKind, tuple[Field, ...]] = {
    DocumentKind.NOTICE: (*_HEAD, *_BODY[1:], *_NOTICE, *_COUNTS, _GROUPS, _CLOSING, *_FOOT),
    DocumentKind.DECISION: (
        *_HEAD, *_BODY, *_COUNTS, _HONOURS, _CLOSING, _ATTACHMENTS, *_FOOT, _GROUPS,
    ),
    DocumentKind.WINNERS: (*_HEAD, *_BODY[1:], *_COUNTS, _GROUPS, *_FOOT),
    DocumentKind.LEVELS: (*_HEAD, *_BODY[1:], *_LEVELS, *_FOOT),
    DocumentKind.PAYMENTS: (*_HEAD, *_BODY[1:], *_PAYMENTS, *_FOOT),
}  # fmt: skip

# A kind of document, or the fields of any other form that is filled the same way.
Filled = DocumentKind | tuple[Field, ...]


def fields_of(kind: Filled) -> tuple[Field, ...]:
    """Return the fields that a template may use."""
    return FIELDS[kind] if isinstance(kind, DocumentKind) else kind


# What the form of a new document suggests; staff change it. {contest} and {held} are filled in.
TITLES = {
    DocumentKind.NOTICE: "{contest}拟获奖名单公示",
    DocumentKind.DECISION: "关于公布{contest}获奖名单的决定",
    DocumentKind.WINNERS: "{contest}获奖名单",
    DocumentKind.LEVELS: "{contest}职业技能等级晋级名册",
    DocumentKind.PAYMENTS: "{contest}奖金发放单",
}
OPENINGS = {
    DocumentKind.NOTICE: "",
    DocumentKind.DECISION: (
        "{contest}已于{held}举行。经竞赛、评分、复核和公示，现决定对在竞赛中取得优异成绩的选手"
        "授予相应奖项和荣誉称号，获奖名单见附件。"
    ),
    DocumentKind.WINNERS: "",
    DocumentKind.LEVELS: (
        "根据{contest}成绩和竞赛规程，下列人员已达到晋升相应职业技能等级的条件，"
        "由职业技能等级评价机构按规定核发职业技能等级证书。"
    ),
    DocumentKind.PAYMENTS: "根据{contest}获奖决定和奖励办法，向下列获奖人员（单位）发放奖金。",
}
CLOSINGS = {
    DocumentKind.DECISION: (
        "希望获奖选手珍惜荣誉、再接再厉，立足岗位带头钻研技术、传授技艺。各有关单位要加强技能人才"
        "培养，落实相关待遇，营造尊重劳动、崇尚技能的氛围。"
    ),
}


def suggested(
    texts: Mapping[DocumentKind, str], kind: DocumentKind, contest: str, held: str
) -> str:
    """Return a suggested text of a kind for a contest."""
    return texts.get(kind, "").format(contest=contest, held=held)


def days_text(first: date, last: date) -> str:
    """Write a span of days as official papers do, what both share only once."""
    start = day_text(first)
    if first == last:
        return start
    end = day_text(last)
    if first.year == last.year:
        end = end.partition("年")[2]
        if first.month == last.month:
            end = end.partition("月")[2]
    return f"{start}至{end}"


def day_text(day: date) -> str:
    """Write the date of a document in full, with Arabic figures as GB/T 9704-2012 wants them."""
    return f"{day.year}年{day.month}月{day.day}日"


def sample(kind: Filled, rows: int = 2, inner: int = 2) -> dict[str, Any]:
    """Return facts that stand for any document of a kind, with so many rows, and rows in rows.

    Without rows every text is empty too.
    """
    return _sample(fields_of(kind), rows, inner)


def _sample(fields: Sequence[Field], rows: int, inner: int) -> dict[str, Any]:
    return {
        one.key: [_sample(one.rows, inner, inner) for _ in range(rows)]
        if one.rows
        else (one.sample if rows else "")
        for one in fields
    }


def in_words(kind: Filled, facts: Facts) -> dict[str, Any]:
    """Return facts under the words by which templates name them."""
    return _in_words(fields_of(kind), facts)


def _in_words(fields: Sequence[Field], facts: Facts) -> dict[str, Any]:
    return {
        one.word: [_in_words(one.rows, row) for row in facts[one.key]]
        if one.rows
        else facts[one.key]
        for one in fields
    }
