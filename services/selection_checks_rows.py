"""The spreadsheet of a paper round: its columns come from the rules of the round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models.database import db
from models.people import Person
from models.selection_applications import SelectionApplication
from rules.people import same_name
from rules.refusals import Refused
from rules.selection_papers import CHANNELS, NO, POSTS, UNITS, YES, Paper, read_paper
from rules.selection_rounds import FormField, RoundRules
from rules.selections import LIVING, EvidenceKind
from rules.texts import N_
from services import audits
from services.people import OTHER_NAME, chunks, known_people, person_index
from services.workbooks import Column, Row, read_table
from services.workbooks_writing import write_table

Packed = dict[str, Any]
FIRST = (
    Column("name", ("姓名", "Name"), required=True),
    Column("id_number", ("身份证号", "身份证号码", "Identity number"), True, "digits"),
    Column("held_level", ("技能等级", "Skill level"), kind="integer", help="1至5，1为高级技师"),
    Column("channel", ("申报渠道", "Channel"), choices=tuple(CHANNELS)),
    Column("employer", ("工作单位", "Work unit")),
    Column("nominators", ("提名人（协会）", "Nominated by"), help="多人用顿号隔开"),
)
LAST = (
    Column("district", ("镇街（县区）", "District")),
    Column("occupation", ("职业（工种）", "Occupation")),
    Column("post", ("岗位", "Post"), choices=tuple(POSTS)),
    Column("unit_kind", ("单位性质", "Kind of unit"), choices=tuple(UNITS)),
    Column("trade_since", ("从事本职业起始日期", "In the trade since"), kind="date"),
    Column("local_since", ("在本地工作起始日期", "Working here since"), kind="date"),
    Column("retires_on", ("法定退休日期", "Retires on"), kind="date"),
    Column("support_percent", ("职工同意率（%）", "Support"), kind="decimal"),
)
PROOFS = {
    EvidenceKind.LEVEL: "职业技能等级证书",
    EvidenceKind.CONTEST: "竞赛成绩",
    EvidenceKind.HONOUR: "荣誉称号",
    EvidenceKind.PATENT: "专利",
    EvidenceKind.WORK: "代表作品",
    EvidenceKind.INNOVATION: "技术革新",
    EvidenceKind.PAPER: "论文和标准",
    EvidenceKind.APPRENTICE: "带徒情况",
    EvidenceKind.OTHER: "其他业绩",
}
PROOF_HELP = "每项一行或用分号隔开：日期|名称|级别|名次|编号，如 2024-05-01|市数控技能竞赛|市级|1"


@dataclass
class Line:
    """One row of an upload: what was typed, what it says, what is wrong, and if it is there."""

    number: int
    texts: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    paper: Paper | None = None
    problems: list[Refused] = field(default_factory=list)
    is_known: bool = False


@dataclass(frozen=True)
class Upload:
    """What a file says, or what is wrong with it as a whole."""

    filename: str
    lines: Sequence[Line] = ()
    problems: Sequence[Refused] = ()


def columns_of(rules: RoundRules) -> list[Column]:
    """Return the columns that the spreadsheet of a round has."""
    tiers = Column("tier", ("申报等次", "Tier"), choices=tuple(one.name for one in rules.tiers))
    proofs = [
        Column(f"proof-{one.kind}", (PROOFS[one.kind],), help=PROOF_HELP) for one in rules.evidence
    ]
    return [*FIRST, tiers, *LAST, *map(_asked, rules.form), *proofs]


def _asked(one: FormField) -> Column:
    choices = (YES, NO) if one.kind == "yes_no" else one.choices
    return Column(f"answer-{one.key}", (one.title,), choices=choices, help=one.help)


def template(rules: RoundRules) -> bytes:
    """Write the empty spreadsheet of a round."""
    return write_table(columns_of(rules), [], "纸质申报汇总", ["一行一人；带*的列必填。"])


def read_upload(
    data: bytes, filename: str, round_id: int, rules: RoundRules, today: date
) -> Upload:
    """Read and check an uploaded spreadsheet; nothing is stored."""
    table = read_table(data, filename, columns_of(rules))
    if table.problems:
        return Upload(filename, problems=table.problems)
    lines = [_line(row, rules, today) for row in table.rows]
    check_lines(round_id, lines)
    return Upload(filename, lines)


def _line(row: Row, rules: RoundRules, today: date) -> Line:
    line = Line(row.number, {key: str(text) for key, text in row.texts.items()}, _values(row))
    line.problems += row.problems
    if not row.problems:
        line.paper, problems = read_paper(line.values, rules, today)
        line.problems += problems
    return line


def _values(row: Row) -> dict[str, Any]:
    """Return the values of a row; lists of achievements keep the line breaks of their cells."""
    lists = {key: row.texts.get(key, "") for key in row.values if key.startswith("proof-")}
    return row.values | lists


def check_lines(round_id: int, lines: Sequence[Line]) -> None:
    """Check all rows against each other, the register of people, and what the round has."""
    good = [line for line in lines if line.paper is not None and not line.problems]
    keys = {id(line): person_index(line.paper.person.id_number) for line in good if line.paper}
    known = known_people(keys.values())
    there = _applied(round_id, list(keys.values()))
    rows: dict[str, int] = {}
    for line in good:
        assert line.paper is not None
        key = keys[id(line)]
        if key in rows:
            text = N_("The same person stands in row %(row)s already.")
            line.problems.append(Refused(text, "id_number", row=rows[key]))
        rows.setdefault(key, line.number)
        if key in known and not same_name(known[key].name, line.paper.person.name):
            line.problems.append(Refused(OTHER_NAME, "id_number"))
        line.is_known = key in there


def _applied(round_id: int, indexes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks(indexes):
        query = (
            select(Person.id_index)
            .join(SelectionApplication, SelectionApplication.person_id == Person.id)
            .where(
                SelectionApplication.round_id == round_id,
                SelectionApplication.state.in_(LIVING),
                Person.id_index.in_(chunk),
            )
        )
        found |= set(db.session.scalars(query))
    return found


def packed(line: Line) -> Packed:
    """Return a row as it is kept for its confirmation."""
    problems = [[one.message, one.field, audits.plain(one.params)] for one in line.problems]
    return {
        "number": line.number,
        "texts": line.texts,
        "values": audits.plain(line.values),
        "problems": problems,
        "known": line.is_known,
    }


def shown(one: Packed) -> Line:
    """Return a kept row as it was read, to be shown."""
    problems = [Refused(text, place, **more) for text, place, more in one["problems"]]
    return Line(one["number"], one["texts"], one["values"], None, problems, one["known"])


def again(one: Packed, rules: RoundRules, today: date) -> Line:
    """Read a kept row anew; what could not be read then cannot be read now."""
    line = shown(one)
    if not line.problems:
        line.paper, line.problems = read_paper(_typed(line.values, rules), rules, today)
    return line


def _typed(values: Mapping[str, Any], rules: RoundRules) -> dict[str, Any]:
    """Turn what JSON keeps of a row into its values again."""
    found: dict[str, Any] = dict(values)
    for column in columns_of(rules):
        value = values.get(column.key)
        if value is not None and column.kind == "date":
            found[column.key] = date.fromisoformat(value)
        elif value is not None and column.kind == "decimal":
            found[column.key] = Decimal(value)
    return found
