"""Mentorships of the demonstration: an old register, and pairs in all states of their lives.

The demo's winner is a mentor, so that a visitor can sign and confirm as a person; the others have
accounts too: person1 to person14.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from models.mentorships import Mentorship
from rules.access import Role
from rules.mentorship_agreements import PlanItem
from rules.mentorship_terms import open_months
from rules.mentorships import MentorshipLimits, Outcome, Party, after_months, last_day
from rules.people import PersonFacts
from services import (
    accounts,
    mentorships,
    mentorships_acceptance,
    mentorships_amendments,
    mentorships_classes,
    mentorships_imports,
    mentorships_parts,
    mentorships_rules,
    mentorships_terms,
)
from services.accounts import add_account, add_grant
from services.acting import Actor
from services.demo_people import People, add_people
from services.demo_stages import Stage
from services.mentorships import Draft
from services.mentorships_acceptance import Check
from services.mentorships_amendments import Change
from services.mentorships_classes import ClassDraft
from services.mentorships_imports import COLUMNS, Line
from services.mentorships_people import Typed
from services.people import get_person
from services.people_employers import get_employer
from services.transaction import transaction
from services.workbooks_writing import write_table

SEED = 717
EMPLOYER = 8  # the one of the demo's employer account
TRADES = (
    ("钳工", "模具装配与调试", "取得高级工证书"),
    ("电工", "变频器控制与故障排除", "独立完成生产线电气检修"),
    ("数控车工", "薄壁零件车削", "取得技师证书"),
    ("焊工", "不锈钢管全位置焊接", "探伤合格率达到98%"),
)
PAST = 12


@dataclass
class _Cast:
    """Who takes part in the live pairs, and with which accounts."""

    stage: Stage
    accounts: dict[int, int]
    employer_id: int

    def by(self, person_id: int | None, day: date) -> Actor:
        """Return somebody's actor on a day; None stands for the employer."""
        days = (day - self.stage.now.date()).days
        actor = self.stage.by("employer", days)
        if person_id is None:
            return actor
        return Actor(self.accounts[person_id], actor.now)


@transaction
def open_persons(by: Actor, people: dict[int, str], password_hash: str) -> dict[int, int]:
    """Open an account for each person, person1 and so on; return ids by person."""
    found = {}
    for number, (person_id, name) in enumerate(people.items(), start=1):
        account = add_account(
            by, f"person{number}", name, password_hash=password_hash, person_id=person_id
        )
        add_grant(account, Role.CONTESTANT)
        found[person_id] = account.id
    return found


def add_mentorships(stage: Stage, password_hash: str) -> None:
    """Add about twenty pairs: the past from an old register, the present signed by accounts."""
    today = stage.now.date()
    people = People(Random(SEED), today)
    _limits(stage)
    _old_register(stage, people)
    employer_id = stage.employers[EMPLOYER]
    staff: list[tuple[PersonFacts, int | None]] = [(one, employer_id) for one in people.take(14)]
    ids = add_people(stage.by("organizer", -430), staff)
    winner = accounts.get_account(stage.accounts["winner"]).person_id
    names = {key: get_person(key).name for key in ids}
    cast = _Cast(stage, open_persons(stage.by("admin", -430), names, password_hash), employer_id)
    if winner is not None:
        cast.accounts[winner] = stage.accounts["winner"]
    _open_class(cast, ids[:3])
    _play(cast, ids, winner or ids[13])


def _open_class(cast: _Cast, mentors: list[int]) -> None:
    """Open a class of three mentors; its apprentices come later."""
    people = [get_person(key) for key in mentors]
    first = cast.stage.now.date() - timedelta(days=30)
    draft = ClassDraft(
        "模具钳工师徒班",
        "钳工",
        first,
        last_day(first, 12),
        [(Typed(one.name, one.id_number), 2) for one in people],
    )
    mentorships_classes.open_class(cast.by(None, first), cast.employer_id, draft)


def _limits(stage: Stage) -> None:
    """Put limits into force with two people, so that the page shows how it is done."""
    first = (stage.now - timedelta(days=440)).date().replace(month=1, day=1)
    limits = MentorshipLimits(pairs_per_mentor=3, mentor_titles=("慈溪工匠",))
    key = mentorships_rules.propose_rules(
        stage.by("bureau", -438), first, limits, "慈溪市师带徒管理办法（演示）"
    )
    mentorships_rules.approve_rules(stage.by("bureau2", -437), key)


def _old_register(stage: Stage, people: People) -> None:
    """Bring the past in by spreadsheet, as the bureau would."""
    mentors, apprentices = people.take(4), people.take(PAST)
    year = stage.now.year - 4
    rows = []
    for place, one in enumerate(apprentices):
        trade, skill, _target = TRADES[place % 4]
        first = date(year + place % 2, 3, 1)
        rows.append(
            {
                "mentor": mentors[place % 4].name,
                "mentor_id": mentors[place % 4].id_number,
                "mentor_level": 2 - place % 2,
                "apprentice": one.name,
                "apprentice_id": one.id_number,
                "apprentice_level": 5,
                "employer": get_employer(stage.employers[place % 5]).title,
                "occupation": trade,
                "skill": skill,
                "starts_on": first,
                "ends_on": last_day(first, 24),
                "outcome": "解除" if place == 5 else "未出师" if place == 9 else "出师",
                "level_gained": None if place in (5, 9) else 3 + place % 2,
            }
        )
    data = write_table(COLUMNS, rows, "师带徒台账")
    by = stage.by("bureau", -430)
    upload = mentorships_imports.read_upload(data, "师带徒历史台账.xlsx", by.today)
    good: list[Line] = [line for line in upload.lines if not line.problems]
    kept = mentorships_imports.Upload(upload.filename, good)
    mentorships_imports.confirm(by, mentorships_imports.preview(by, kept))


def _play(cast: _Cast, ids: list[int], winner: int) -> None:
    """Lead pairs of the demo's employer into all states."""
    today = cast.stage.now.date()
    long_ago, lately = after_months(today, -13), after_months(today, -5)
    accepted = _signed(cast, ids[0], ids[4], long_ago, 0)
    _accept(cast, accepted, after_months(long_ago, 12))
    _confirm_months(cast, _signed(cast, winner, ids[5], lately, 1), leave=2)
    _confirm_months(cast, _signed(cast, ids[1], ids[6], lately, 2), leave=0)
    _amend(cast, _signed(cast, ids[1], ids[7], lately, 2))
    paused = _signed(cast, ids[2], ids[8], lately, 3)
    cast_by = cast.by(None, today)
    mentorships_terms.pause(cast_by, paused, today - timedelta(days=20), reason="徒弟工伤休养")
    broken = _signed(cast, ids[2], ids[9], lately, 3)
    mentorships_terms.break_off(cast_by, broken, Party.APPRENTICE, reason="徒弟离职")
    _signed(cast, ids[3], ids[10], today - timedelta(days=6), 0)
    _created(cast, winner, ids[11], today + timedelta(days=3), 1, submit=True)
    _created(cast, ids[3], ids[12], today + timedelta(days=10), 0, submit=False)


def _draft(mentor: int, apprentice: int, first: date, trade: int) -> Draft:
    occupation, skill, target = TRADES[trade]
    return Draft(
        mentor_id=mentor,
        apprentice_id=apprentice,
        occupation=occupation,
        skill=skill,
        target=target,
        starts_on=first,
        ends_on=last_day(first, 12),
        plan=(
            PlanItem(what="安全规程与基本操作", until=after_months(first, 2), degree="独立完成"),
            PlanItem(what=skill, until=after_months(first, 8), degree="达到工艺要求"),
            PlanItem(what="综合课题", until=last_day(first, 12), degree="通过考核"),
        ),
        assessment="每季度实操考核一次，期满由单位组织出师考核。",
        safeguards="每周带教不少于半天，提供场地、设备和劳动防护用品。",
        mentor_level=2,
        apprentice_level=4,
    )


def _created(
    cast: _Cast, mentor: int, apprentice: int, first: date, trade: int, *, submit: bool
) -> int:
    day = min(first - timedelta(days=7), cast.stage.now.date())
    by = cast.by(None, day)
    key = mentorships.create(by, cast.employer_id, _draft(mentor, apprentice, first, trade))
    if submit:
        mentorships.submit(by, key)
    return key


def _signed(cast: _Cast, mentor: int, apprentice: int, first: date, trade: int) -> int:
    key = _created(cast, mentor, apprentice, first, trade, submit=True)
    row = mentorships_parts.get_pair(key)
    day, digest = first - timedelta(days=2), row.digest
    names = {party: mentorships.name_of(row, party) for party in Party}
    signers = {Party.MENTOR: mentor, Party.APPRENTICE: apprentice, Party.EMPLOYER: None}
    for party, person in signers.items():
        mentorships.sign(cast.by(person, day), key, party, names[party], digest)
    return key


def _sides(cast: _Cast, row: Mentorship, day: date) -> list[Actor]:
    return [cast.by(row.mentor_id, day), cast.by(row.apprentice_id, day)]


def _confirm_months(cast: _Cast, key: int, leave: int) -> None:
    """Confirm the months so far but the last ones: these wait for the visitor."""
    today = cast.stage.now.date()
    row = mentorships_parts.get_pair(key)
    months = open_months(row.starts_on, row.ends_on, [], today)
    mentor, apprentice = _sides(cast, row, today)
    for place, month in enumerate(months):
        mentorships_terms.confirm_month(apprentice, key, month)
        if place < len(months) - leave:
            mentorships_terms.confirm_month(mentor, key, month)


def _accept(cast: _Cast, key: int, day: date) -> None:
    row = mentorships_parts.get_pair(key)
    mentor_id, apprentice_id = row.mentor_id, row.apprentice_id
    for month in open_months(row.starts_on, row.ends_on, [], day):
        for person in (mentor_id, apprentice_id):
            mentorships_terms.confirm_month(cast.by(person, day), key, month)
    check = Check(day - timedelta(days=1), Outcome.PASSED, Decimal("88.5"), level_gained=3)
    mentorships_acceptance.record_acceptance(cast.by(None, day), key, check)
    signers = {Party.MENTOR: mentor_id, Party.APPRENTICE: apprentice_id, Party.EMPLOYER: None}
    for party, who in signers.items():
        mentorships_acceptance.confirm_acceptance(cast.by(who, day), key, party)


def _amend(cast: _Cast, key: int) -> None:
    """Propose an amendment that waits for its signatures."""
    text = mentorships_parts.text_of(mentorships_parts.get_pair(key))
    change = Change(
        text.skill,
        "取得技师证书，参加市级职业技能竞赛",
        text.plan,
        text.assessment,
        text.safeguards,
        text.ends_on,
    )
    by = cast.by(None, cast.stage.now.date())
    mentorships_amendments.propose_amendment(by, key, change, reason="徒弟进步较快，提高培养目标")
