"""An entry form in the organiser's layout: the fields that it may use, what is frozen as sent."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from rules.documents import Field
from rules.provincial import EntrantStatus, EventFormat
from rules.provincial_rules import FormColumn, FormField
from rules.texts import N_

STATUS_WORDS: Mapping[EntrantStatus, str] = {
    EntrantStatus.STAFF: "职工",
    EntrantStatus.TEACHER: "教师",
    EntrantStatus.STUDENT: "学生",
}
FORMAT_WORDS: Mapping[EventFormat, str] = {
    EventFormat.SINGLE: "单人",
    EventFormat.PAIR: "双人",
    EventFormat.TRIPLE: "三人",
}
SEX_WORDS = {"M": "男", "F": "女"}

FORM_FIELDS: tuple[Field, ...] = (
    Field("contest", "竞赛", N_("Title of the contest"), "2026年浙江省职业技能大赛"),
    Field("document", "文号", N_("Document number"), "浙人社发〔2026〕31号"),
    Field("delegation", "代表队", N_("Delegation"), "慈溪市代表队"),
    Field("leader", "领队", N_("Leader of the delegation"), "陈一凡"),
    Field("leader_phone", "领队电话", N_("Phone of the leader"), "13800000000"),
    Field("number", "表号", N_("Number of the form"), "1"),
    Field("reason", "变更事由", N_("Reason of the change"), ""),
    Field("date", "填报日期", N_("Date of the form"), "2026年11月2日"),
    Field("events", "项目数", N_("Number of events"), "25"),
    Field("people", "人数", N_("Number of people"), "35"),
    Field(
        "lines",
        "名单",
        N_("Entrants, one a line"),
        rows=(
            Field("order", "序号", N_("No."), "1"),
            Field("event", "项目", N_("Event"), "钳工"),
            Field("format", "形式", N_("Format"), "单人"),
            Field("name", "姓名", N_("Name"), "陈一凡"),
            Field("sex", "性别", N_("Sex"), "男"),
            Field("birth_date", "出生日期", N_("Birth date"), "1990-05-17"),
            Field("id_number", "证件号码", N_("ID number"), "330282199005170018"),
            Field("phone", "电话", N_("Telephone"), "13800000000"),
            Field("employer", "单位", N_("Employer"), "慈溪市第一机械有限公司"),
            Field("status", "组别", N_("Division"), "职工"),
            Field("occupation", "职业", N_("Occupation"), "钳工"),
            Field("level", "技能等级", N_("Skill level"), "二级"),
            Field("coaches", "教练", N_("Coaches"), "李建国"),
            Field("coach_phones", "教练电话", N_("Phones of the coaches"), "13800000001"),
            Field("reference", "编号", N_("Entry reference"), "ZJ2026-0a1b2c3d4e5f"),
            Field("remark", "备注", N_("Remark"), ""),
        ),
    ),
)


def lines_of(places: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return one line a person, numbered through."""
    people = [person for place in places for person in place["people"]]
    return [{**person, "order": str(number)} for number, person in enumerate(people, start=1)]


def rows_for(
    columns: Sequence[FormColumn], lines: Sequence[Mapping[str, str]]
) -> list[dict[str, str]]:
    """Return the lines as the rows of the organiser's columns."""
    return [
        {str(place): line.get(column.field.value, "") for place, column in enumerate(columns)}
        for line in lines
    ]


def digest_of(facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a form says; equal forms have equal digests."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_digits(field: FormField) -> bool:
    """Say whether a column holds numbers that a spreadsheet must not round."""
    return field in (FormField.ID_NUMBER, FormField.PHONE, FormField.COACH_PHONES)
