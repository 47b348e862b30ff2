"""The columns in which assessment bodies want lists of levels: data, with headings of their own."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from rules.data import InvalidRules, RuleData
from rules.refusals import Refused
from rules.texts import N_

MOST_COLUMNS = 40


class LevelField(StrEnum):
    """What a column can hold; `constant` is the same text in each row."""

    SERIAL = "serial"
    NAME = "name"
    SEX = "sex"
    ID_KIND = "id_kind"
    ID_NUMBER = "id_number"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    EMPLOYER = "employer"
    CONTEST = "contest"
    EVENT = "event"
    DIVISION = "division"
    OCCUPATION = "occupation"
    LEVEL = "level"
    LEVEL_NUMBER = "level_number"
    THEORY = "theory"
    PRACTICAL = "practical"
    TOTAL = "total"
    RANK = "rank"
    HELD = "held"
    REASON = "reason"
    CERTIFICATE_NUMBER = "certificate_number"
    CERTIFIED_ON = "certified_on"
    CONSTANT = "constant"


def layout_problems(headings: Sequence[str]) -> list[Refused]:
    """List what is wrong with the columns of a list."""
    problems = []
    if not headings:
        problems.append(Refused(N_("A list needs at least one column."), field="columns"))
    if len(headings) > MOST_COLUMNS:
        problems.append(
            Refused(N_("A list has at most %(most)s columns."), "columns", most=MOST_COLUMNS)
        )
    twice = sorted({one for one in headings if headings.count(one) > 1})
    if twice:
        text = N_("Two columns have the same heading: %(headings)s.")
        problems.append(Refused(text, "columns", headings="、".join(twice)))
    return problems


class LayoutColumn(RuleData):
    """One column: what it holds and what stands above it."""

    field: LevelField
    heading: str = Field(min_length=1, max_length=40)
    text: str = Field(default="", max_length=100)


class Layout(RuleData):
    """The columns of a list, in their order."""

    columns: tuple[LayoutColumn, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = layout_problems([one.heading for one in self.columns])
        if problems:
            raise InvalidRules(problems)
        return self


# What the skill assessment forms of most cities ask for; every body changes it to its own.
USUAL_HEADINGS = {
    LevelField.SERIAL: "序号",
    LevelField.NAME: "姓名",
    LevelField.SEX: "性别",
    LevelField.ID_KIND: "证件类型",
    LevelField.ID_NUMBER: "证件号码",
    LevelField.PHONE: "联系电话",
    LevelField.EMPLOYER: "工作单位",
    LevelField.OCCUPATION: "职业（工种）名称",
    LevelField.LEVEL: "技能等级",
    LevelField.THEORY: "理论成绩",
    LevelField.PRACTICAL: "实操成绩",
    LevelField.TOTAL: "总成绩",
    LevelField.HELD: "原技能等级",
    LevelField.REASON: "晋级依据",
    LevelField.CERTIFICATE_NUMBER: "证书编号",
    LevelField.CERTIFIED_ON: "发证日期",
}


def usual_layout() -> Layout:
    """Return the columns that a list has until somebody chooses others."""
    return Layout(
        columns=tuple(
            LayoutColumn(field=field, heading=heading) for field, heading in USUAL_HEADINGS.items()
        )
    )
