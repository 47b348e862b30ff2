"""An application as a paper to read before it is sent, to print and to file (申报表, R5.03)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.selection_applications import SelectionEvidence
from rules.documents import day_text
from rules.nomination_words import (
    HONOUR_LEVELS,
    KINDS,
    POSTS,
    SEXES,
    SKILL_LEVELS,
    UNITS,
    month_text,
)
from rules.selection_checks import steps_of
from rules.selection_forms import ANSWER, YES_NO
from rules.selection_papers import CHANNELS, NO, YES
from rules.selections import EvidenceKind, Post, StepState, UnitKind
from services import audits, documents
from services.acting import ZONE, Actor
from services.selection_applications_reading import Dossier, Said, dossier_for, read_application
from services.selection_checks import steps_of_application
from services.transaction import transaction

_CHANNELS = {channel: text for text, channel in CHANNELS.items()}
_BASICS = {
    "tier": "申报等次",
    "district": "所在镇（街道）",
    "occupation": "职业（工种）",
    "post": "岗位",
    "unit_kind": "单位性质",
    "trade_since": "从业起始日期",
    "local_since": "在本地连续工作起始日期",
    "retires_on": "法定退休日期",
    "support_percent": "职工同意率（%）",
    "nominators": "提名人",
}


def take_paper(by: Actor, application_id: int) -> bytes:
    """Return an application as PDF to those who may read it; who took it is recorded first."""
    row = read_application(by, application_id)
    record_paper(by, application_id)
    return paper_of(dossier_for(row))


@transaction
def record_paper(by: Actor, application_id: int) -> int:
    """Record that somebody takes the paper of an application."""
    audits.record(by, "download", "selection_application", application_id)
    return application_id


def paper_of(dossier: Dossier) -> bytes:
    """Return an application as PDF; identity and telephone numbers are not on it (R9.01)."""
    row = dossier.row
    answers = [(_title(one), _answer(dossier, one)) for one in dossier.answers]
    basics = sum(not one.name.startswith(ANSWER) for one in dossier.answers)
    return documents.paper_pdf(
        "selection_application",
        title=f"{row.round.title}申报表",
        number="" if row.number is None else str(row.number),
        draft=row.submitted_at is None,
        submitted="" if row.submitted_at is None else day_text(row.submitted_at.astimezone(ZONE)),
        facts=[*_person(dossier), *answers[:basics]],
        answers=answers[basics:],
        lists=list(_lists(dossier)),
        files=[(rule.title, one.title, one.pages) for rule, rows in dossier.files for one in rows],
        pages=dossier.pages,
        opinions=list(_opinions(dossier)),
    )


def _person(dossier: Dossier) -> list[tuple[str, str]]:
    row = dossier.row
    person, employer = row.person, row.employer
    return [
        ("姓名", person.name),
        ("性别", SEXES.get(person.sex or "", "")),
        ("出生年月", month_text(person.birth_date)),
        ("工作单位", employer.title if employer else ""),
        ("申报渠道", _CHANNELS[row.channel]),
    ]


def _title(one: Said) -> str:
    return _BASICS.get(one.name, one.title)


def _answer(dossier: Dossier, one: Said) -> str:
    if not one.value:
        return ""
    if one.name == "tier":
        return dossier.rules.tier(one.value).title
    if one.name == "post":
        return POSTS[Post(one.value)]
    if one.name == "unit_kind":
        return UNITS[UnitKind(one.value)]
    kinds = {ANSWER + asked.key: asked.kind for asked in dossier.rules.form}
    if kinds.get(one.name) == "yes_no":
        return dict(zip(YES_NO, (YES, NO), strict=True))[one.value]
    return one.value


def _lists(dossier: Dossier) -> Iterator[Mapping[str, Any]]:
    for rule, rows in dossier.evidence:
        if rows:
            yield {"title": KINDS[rule.kind], "rows": [_line(one) for one in rows]}


def _line(one: SelectionEvidence) -> Sequence[str]:
    day = "" if one.happened_on is None else day_text(one.happened_on)
    title = one.title + (f"（{one.detail}）" if one.detail else "")
    return (day, title, _rank(one), one.number or "")


def _rank(one: SelectionEvidence) -> str:
    if one.kind is EvidenceKind.LEVEL:
        return SKILL_LEVELS.get(one.rank or 0, "")
    level = HONOUR_LEVELS[one.level] if one.level else ""
    return level + (f"第{one.rank}名" if one.rank else "")


def _opinions(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Yield what each body of the chain says: what was decided here, or room for its seal."""
    steps = {one.key: one for one in steps_of_application(dossier.row.id)}
    for step in steps_of(dossier.rules, dossier.row.channel):
        found = steps.get(step.key)
        if found is None or found.state is not StepState.PASSED or found.done_at is None:
            yield step.title, ""
        else:
            yield step.title, f"审核通过，{day_text(found.done_at.astimezone(ZONE))}"
