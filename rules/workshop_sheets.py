"""The sheet of points on which a workshop is assessed at the end of a term (R6.09)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from pydantic import Field, model_validator

from rules.data import Number, RuleData, plain
from rules.refusals import Refused
from rules.texts import N_

ZERO = Decimal(0)
FULL = Decimal(100)
MOST_COUNTED = 100_000
_KEY = r"^[a-z][a-z0-9_]{0,39}$"


class Deduction(RuleData):
    """What takes points off a line.

    A fault (``missing_least`` is 0) is there or not; else a number is counted, and every one that
    is missing to the least takes ``points`` off. With ``all`` nothing of the line is left.
    """

    key: str = Field(pattern=_KEY)
    title: str = Field(min_length=1, max_length=120)
    points: Number = Field(default=ZERO, ge=0, le=100)
    all: bool = False
    missing_least: int = Field(default=0, ge=0, le=10_000)

    @property
    def is_counted(self) -> bool:
        """Say whether a number is entered instead of yes or no."""
        return self.missing_least > 0


class SheetLine(RuleData):
    """A line of the sheet with its full points and what takes some off.

    A line ``given`` has its points given by those who assess, from 0 to the full points.
    """

    key: str = Field(pattern=_KEY)
    title: str = Field(min_length=1, max_length=160)
    part: str = Field(default="", max_length=40)
    points: Number = Field(gt=0, le=100)
    given: bool = False
    bonus: bool = False
    deductions: tuple[Deduction, ...] = Field(default=(), max_length=10)


class Sheet(RuleData):
    """All lines of a sheet; without the bonus they make a hundred points."""

    title: str = Field(min_length=1, max_length=120)
    source: str = Field(default="", max_length=160)
    lines: tuple[SheetLine, ...] = Field(min_length=1, max_length=60)
    bonus_most: Number = Field(default=ZERO, ge=0, le=100)
    pass_mark: Number = Field(default=Decimal(60), ge=0, le=100)

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        for problem in sheet_problems(self):
            raise ValueError(str(problem))
        return self


def sheet_problems(sheet: Sheet) -> Iterator[Refused]:
    """Yield why a sheet does not hold together."""
    keys = [line.key for line in sheet.lines]
    keys += [one.key for line in sheet.lines for one in line.deductions]
    if len(keys) != len(set(keys)):
        yield Refused(N_("Two lines or deductions of the sheet have the same key."))
    total = sum((line.points for line in sheet.lines if not line.bonus), ZERO)
    if total != FULL:
        text = N_("The lines of the sheet make %(total)s points instead of 100.")
        yield Refused(text, total=plain(total))


Answer = bool | int | Decimal


@dataclass(frozen=True, slots=True)
class Taken:
    """Points that were taken off a line, with the reason in words."""

    key: str
    title: str
    points: Decimal
    missing: int = 0
    counted: int = 0
    least: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """A line of the sheet with its mark and how it came about."""

    key: str
    title: str
    part: str
    points: Decimal
    mark: Decimal
    bonus: bool = False
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A filled sheet: its lines, the total with bonus, and whether it passes."""

    lines: tuple[Marked, ...]
    base: Decimal
    bonus: Decimal
    passed: bool

    @property
    def total(self) -> Decimal:
        """Return the points with the bonus."""
        return self.base + self.bonus

    @property
    def deductions(self) -> tuple[tuple[Marked, Taken], ...]:
        """List every deduction with its line."""
        return tuple((line, one) for line in self.lines for one in line.taken)


def answer_problems(sheet: Sheet, found: Mapping[str, Answer]) -> Iterator[Refused]:
    """Yield what is missing or impossible in what was found."""
    known = set(keys_of(sheet))
    for key in sorted(found.keys() - known):
        yield Refused(N_("The sheet has no line “%(key)s”."), key, key=key)
    for line in sheet.lines:
        if line.given:
            yield from _given_problems(line, found.get(line.key))
        for one in line.deductions:
            if one.is_counted:
                yield from _count_problems(one, found.get(one.key))


def keys_of(sheet: Sheet) -> Iterator[str]:
    """Yield the keys under which answers are expected."""
    for line in sheet.lines:
        if line.given:
            yield line.key
        for one in line.deductions:
            yield one.key


def _given_problems(line: SheetLine, value: Answer | None) -> Iterator[Refused]:
    if value is None or isinstance(value, bool):
        yield Refused(N_("Give points for “%(title)s”."), line.key, title=line.title)
    elif not ZERO <= Decimal(value) <= line.points:
        text = N_("“%(title)s” takes 0 to %(points)s points.")
        yield Refused(text, line.key, title=line.title, points=plain(line.points))


def _count_problems(one: Deduction, value: Answer | None) -> Iterator[Refused]:
    if value is None or isinstance(value, bool) or Decimal(value) != int(value):
        yield Refused(N_("Enter a whole number for “%(title)s”."), one.key, title=one.title)
    elif not 0 <= int(value) <= MOST_COUNTED:
        yield Refused(N_("“%(title)s” cannot be so many."), one.key, title=one.title)


def evaluate(sheet: Sheet, found: Mapping[str, Answer]) -> Outcome:
    """Work out the points from what was found; raise the first problem (T9)."""
    for problem in answer_problems(sheet, found):
        raise problem
    lines = tuple(_marked(line, found) for line in sheet.lines)
    base = sum((line.mark for line in lines if not line.bonus), ZERO)
    bonus = min(sheet.bonus_most, sum((line.mark for line in lines if line.bonus), ZERO))
    return Outcome(lines, base, bonus, passed=base + bonus >= sheet.pass_mark)


def _marked(line: SheetLine, found: Mapping[str, Answer]) -> Marked:
    full = Decimal(found[line.key]) if line.given else line.points
    taken = tuple(one for one in (_taken(line, d, found) for d in line.deductions) if one)
    mark = max(ZERO, full - sum((one.points for one in taken), ZERO))
    if line.given and full < line.points:
        held_back = Taken(line.key, line.title, line.points - full)
        taken = (*taken,) if line.bonus else (held_back, *taken)
    return Marked(line.key, line.title, line.part, line.points, mark, line.bonus, taken)


def _taken(line: SheetLine, one: Deduction, found: Mapping[str, Answer]) -> Taken | None:
    if one.is_counted:
        counted = int(found[one.key])
        missing = max(0, one.missing_least - counted)
        if not missing:
            return None
        points = line.points if one.all else one.points * missing
        return Taken(one.key, one.title, points, missing, counted, one.missing_least)
    if not found.get(one.key):
        return None
    return Taken(one.key, one.title, line.points if one.all else one.points)


def stored(outcome: Outcome) -> list[dict[str, Any]]:
    """Write the lines as plain data, so that they are kept as they were."""
    return [
        {
            "key": line.key,
            "title": line.title,
            "part": line.part,
            "points": plain(line.points),
            "mark": plain(line.mark),
            "bonus": line.bonus,
            "taken": [
                {
                    "title": one.title,
                    "points": plain(one.points),
                    "missing": one.missing,
                    "counted": one.counted,
                    "least": one.least,
                }
                for one in line.taken
            ],
        }
        for line in outcome.lines
    ]


def _fault(key: str, title: str, points: int = 0, all: bool = False) -> Deduction:
    return Deduction(key=key, title=title, points=Decimal(points), all=all)


def _line(
    part: str, key: str, title: str, points: int, *deductions: Deduction, given: bool = False
) -> SheetLine:
    return SheetLine(
        key=key, title=title, part=part, points=Decimal(points), deductions=deductions, given=given
    )


BASE, DAILY, TASKS, TEACHING = "基础条件", "日常管理", "工作任务", "带徒传技"


def hangzhou_sheet() -> Sheet:
    """Return the assessment sheet of Hangzhou (R6.09); its bonus lines are not all published."""
    return Sheet(
        title="技能大师工作室考核评分表",
        source="杭州市技能大师工作室考核办法",
        bonus_most=Decimal(10),
        lines=(*_base_lines(), *_task_lines(), *_teaching_lines()),
    )


def _base_lines() -> tuple[SheetLine, ...]:
    return (
        _line(
            BASE, "room", "固定场所与标识", 10,
            _fault("room_none", "没有固定工作场所", all=True),
            _fault("room_sign", "没有悬挂标牌", 2),
            _fault("room_display", "没有成果展示", 3),
        ),
        _line(BASE, "equipment", "设施设备", 5, _fault("equipment_short", "设施设备不足", 2)),
        _line(
            BASE, "support", "单位支持", 10,
            _fault("support_money", "单位没有配套经费", 5),
            _fault("support_rules", "单位没有支持制度", 5),
        ),
        _line(BASE, "accounts", "经费单独列账、规范使用", 10, given=True),
        _line(DAILY, "wall", "规章制度上墙", 5, _fault("wall_none", "规章制度没有上墙", 2)),
        _line(DAILY, "papers", "年度计划与总结按时报送", 10, given=True),
    )  # fmt: skip


def _task_lines() -> tuple[SheetLine, ...]:
    return (
        _line(TASKS, "renewal", "参与技术革新、技术攻关", 5, given=True),
        _line(TASKS, "results", "成果推广应用", 10, given=True),
        _line(TASKS, "exchange", "组织或参加技艺交流", 5, given=True),
        _line(TASKS, "service", "参加社会公益服务", 5, given=True),
        _line(TASKS, "school", "开展校企合作", 5, given=True),
    )


def _teaching_lines() -> tuple[SheetLine, ...]:
    apprentices = Deduction(
        key="apprentices", title="当年签订协议的徒弟人数", points=Decimal(1), missing_least=10
    )
    skilled = Deduction(
        key="skilled", title="当年培养的高技能人才人数", points=Decimal(3), missing_least=3
    )
    bonus = SheetLine(
        key="bonus", title="加分：获得荣誉称号、专利、竞赛名次等", part="加分", points=Decimal(10),
        given=True, bonus=True,
    )  # fmt: skip
    return (
        _line(
            TEACHING, "teaching", "签订师徒协议并年带徒10人以上", 10,
            _fault("teaching_register", "没有带徒台账", 2), apprentices,
        ),
        _line(
            TEACHING, "training", "年培养高技能人才3人以上", 10,
            _fault("training_register", "没有培养台账", 2), skilled,
        ),
        bonus,
    )  # fmt: skip
