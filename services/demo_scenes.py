"""The scenes of the demonstration: a finished edition, one under way, and a small contest."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from models.awards import Award
from models.contests import Division
from models.database import db
from models.entries import Entry, EntryMember
from models.results import Revision
from rules.notices import Ordering
from rules.ranking import EntryStatus
from rules.states import EntryState, RevisionState
from services import contests, entries, entries_reviews
from services.contests import ContestFacts
from services.demo_accounts import bind_account, rename_account
from services.demo_events import CHAIN, SKETCHES, EventSketch
from services.demo_halls import run_hall
from services.demo_levels import return_numbers, send_levels
from services.demo_marks import OPEN, SIGNED, STARTED, SheetOfSeat
from services.demo_stages import (
    HOSTS,
    SPONSORS,
    Group,
    Stage,
    add_contest,
    add_group,
    close_notice,
    compute,
    enter_person,
    hold,
    issue,
    object_to,
    post_notice,
    sign,
)
from services.entries import Standing

OFFICIAL = Standing(is_official=True)
FITTER, WELDER, ELECTRICIAN = SKETCHES[2], SKETCHES[1], SKETCHES[0]
COOK, PASTRY = SKETCHES[12], SKETCHES[13]
MISSING_REASONS = ("", "因病退赛", "携带通信工具进入赛场")


@dataclass(frozen=True)
class Held:
    """An event of a finished edition: its entries by division, and who did not compete."""

    sketch: EventSketch
    staff: int
    students: int
    dropped: int = 0
    missing: tuple[int, int, int] = (0, 0, 0)


def _facts(
    stage: Stage, code: str, title: str, year: int, days: Sequence[int], summary: str
) -> ContestFacts:
    opens, closes, starts, ends = (stage.day(day) for day in days)
    return ContestFacts(
        code=f"{code}{year}",
        title=title,
        year=year,
        level="city",
        entry_opens_on=opens,
        entry_closes_on=closes,
        starts_on=starts,
        ends_on=ends,
        summary=summary,
        sponsors=SPONSORS,
        hosts=HOSTS,
    )


def star_title(year: int) -> str:
    """Return the title of an edition of the main contest."""
    return f"{year}年慈溪市“技能之星”职业技能竞赛"


def play_past_edition(
    stage: Stage, held: Sequence[Held], batches: Sequence[int], passes: float
) -> int:
    """Play a whole edition of last year; all but the last of several batches have certificates."""
    year = stage.today.year - 1
    summary = "面向全市企业职工和职业院校学生的综合性职业技能竞赛。"
    facts = _facts(stage, "JS", star_title(year), year, (-430, -400, -392, -372), summary)
    days = [-392 + place % 18 for place in range(len(held))]
    pairs = [(one.sketch, day) for one, day in zip(held, days, strict=True)]
    ids = add_contest(stage, facts, pairs, -435)
    revisions = []
    for place, (event_id, one, day) in enumerate(zip(ids, held, days, strict=True)):
        _play_event(stage, event_id, one, day, passes, place * 5)
        revisions.append(compute(stage, event_id, day))
        stage.say(f"  {one.sketch.title}：{one.staff + one.students} 份报名")
    _finish(stage, ids, revisions, batches)
    return ids[0]


def _play_event(
    stage: Stage, event_id: int, one: Held, day: int, passes: float, first_judge: int
) -> None:
    by = stage.by("organizer", -405)
    add_group(stage, by, event_id, Group(one.staff))
    add_group(stage, by, event_id, Group(one.students, is_student=True))
    for state in (EntryState.WITHDRAWN, EntryState.REJECTED):
        add_group(stage, by, event_id, Group(one.dropped, state))
    statuses = (EntryStatus.ABSENT, EntryStatus.WITHDRAWN, EntryStatus.VIOLATION)
    missing = list(zip(statuses, one.missing, MISSING_REASONS, strict=True))
    hold(stage, event_id, day, passes, first_judge=first_judge, missing=missing)


def _finish(
    stage: Stage, ids: Sequence[int], revisions: Sequence[int], batches: Sequence[int]
) -> None:
    contest_id = contests.get_event(ids[0]).contest_id
    start, day = 0, -365
    for place, size in enumerate(batches):
        for revision_id in revisions[start : start + size]:
            sign(stage, revision_id, day)
        start += size
        title = "关于拟公布竞赛获奖名单的公示" + (f"（第{'一二三'[place]}批）" * (len(batches) > 1))
        notice_id = post_notice(stage, contest_id, stage.weekday(day + 3), title)
        day = close_notice(stage, notice_id)
        if place == 0 or place < len(batches) - 1:
            issue(stage, contest_id, day)
        day += 3
    return_numbers(stage, send_levels(stage, contest_id, day), day + 30)


def bind_winner(stage: Stage, event_id: int) -> int:
    """Give the winner's account to who won the staff division of an event; return the person."""
    query = (
        select(EntryMember.person_id, Entry.title)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Award, Award.entry_id == Entry.id)
        .join(Revision, Revision.id == Award.revision_id)
        .where(Entry.event_id == event_id, Revision.state == RevisionState.SIGNED)
        .order_by(Division.position, Award.tier_order, Award.id)
    )
    person_id, name = db.session.execute(query.limit(1)).one()
    by = stage.by("organizer", -300)
    bind_account(by, stage.accounts["winner"], person_id=person_id)
    rename_account(by, stage.accounts["winner"], name)
    return int(person_id)


def play_present_edition(stage: Stage, winner_id: int) -> None:
    """Play this year's edition up to now: entries open, scoring under way, a notice running."""
    year = stage.today.year
    summary = "分赛项陆续举行。未开赛的赛项仍可报名，详见各赛项安排。"
    facts = _facts(stage, "JS", star_title(year), year, (-40, 14, -10, 30), summary)
    sketches = ((ELECTRICIAN, 21), (WELDER, 0), (FITTER, -8))
    open_id, scoring_id, notice_id = add_contest(stage, facts, sketches, -45)
    _take_entries(stage, open_id, winner_id)
    _be_scoring(stage, scoring_id)
    _be_in_notice(stage, notice_id)


def _take_entries(stage: Stage, event_id: int, winner_id: int) -> None:
    """Let 24 entries be where they are when the organizer is half through."""
    own = stage.employers[8]
    by = stage.by("employer", -9)
    returned = add_group(stage, by, event_id, Group(2, EntryState.SUBMITTED, employer_id=own))
    add_group(stage, stage.by("employer", -2), event_id, Group(3, EntryState.SUBMITTED, False, own))
    new = add_group(stage, by, event_id, Group(13, EntryState.SUBMITTED))
    students = add_group(stage, by, event_id, Group(5, EntryState.SUBMITTED, is_student=True))
    winner = enter_person(stage, stage.by("winner", -8), event_id, winner_id)
    _review(stage, event_id, [*new[:7], *students[:2], winner], returned, new[7:])


def _review(
    stage: Stage,
    event_id: int,
    accepted: Sequence[int],
    returned: Sequence[int],
    others: Sequence[int],
) -> None:
    by = stage.by("organizer", -5)
    contest_id = contests.get_event(event_id).contest_id
    entries_reviews.accept_many(by, contest_id, accepted)
    reasons = ("身份证号码与姓名不一致，请核对。", "缺少单位盖章的报名表，请补交后重新提交。")
    for entry_id, reason in zip(returned, reasons, strict=True):
        entries_reviews.review(by, entry_id, 1, EntryState.RETURNED, reason)
    entries_reviews.review(by, others[0], 1, EntryState.RETURNED, "请补充现有职业资格证书编号。")
    entries_reviews.review(by, others[1], 1, EntryState.REJECTED, "不在本市就业，不符合参赛条件。")
    for entry_id in others[2:4]:
        entries.withdraw(by, entry_id, OFFICIAL)


def _be_scoring(stage: Stage, event_id: int) -> None:
    by = stage.by("organizer", -20)
    add_group(stage, by, event_id, Group(13))
    add_group(stage, by, event_id, Group(5, is_student=True))
    missing = ((EntryStatus.ABSENT, 1, ""),)
    hold(stage, event_id, 0, 0.7, _half_way, missing=missing)
    run_hall(stage, event_id)


# Up to which sheet each judge is through; the clerk sits alone on seat 1 of the theory part.
_THROUGH = {("practical", 1): 6, ("practical", 2): 99, ("practical", 3): 12, ("theory", 1): 10}


def _half_way(sheet: SheetOfSeat) -> str:
    through = _THROUGH.get((sheet.part, sheet.seat), 9)
    if sheet.place < through:
        return SIGNED
    return STARTED if sheet.place == through and sheet.part == "practical" else OPEN


def _be_in_notice(stage: Stage, event_id: int) -> None:
    by = stage.by("organizer", -25)
    add_group(stage, by, event_id, Group(12))
    add_group(stage, by, event_id, Group(6, is_student=True))
    hold(stage, event_id, -8, 0.7, missing=((EntryStatus.ABSENT, 1, ""),))
    sign(stage, compute(stage, event_id, -8), -6)
    contest_id = contests.get_event(event_id).contest_id
    days = stage.weekday(-2)
    title = "关于装配钳工赛项拟获奖人员名单的公示"
    notice_id = post_notice(stage, contest_id, days, title, Ordering.STROKES)
    object_to(stage, notice_id, min(0, days + 1))


def play_side_contest(stage: Stage) -> None:
    """Play a small contest to its end of judging: one result to sign, one to put in notice."""
    year = stage.today.year
    title = f"{year}年慈溪市餐饮行业职业技能比武"
    summary = "由行业协会承办的单项技能比武。"
    facts = _facts(stage, "CY", title, year, (-60, -20, -12, -9), summary)
    events = add_contest(stage, facts, ((COOK, -12), (PASTRY, -11)), -65, CHAIN)
    for place, event_id in enumerate(events):
        add_group(stage, stage.by("organizer", -30), event_id, Group(9))
        add_group(stage, stage.by("organizer", -30), event_id, Group(4, is_student=True))
        hold(stage, event_id, -12 + place, 0.6)
        revision_id = compute(stage, event_id, -10)
        if place:
            sign(stage, revision_id, -7)
