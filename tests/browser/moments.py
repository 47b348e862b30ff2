"""The demonstration in a site, with the moments that it leaves out, so that every page has a case.

A draft, an event between draw and scoring, an import that waits, a link that nobody has opened,
events in stages: one whose final can open, one with ties at the line.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from flask import Flask, current_app
from flask_security.utils import hash_password
from sqlalchemy import select

from blueprints.commands import DEMO_PASSWORD
from models.accounts import Account
from models.certificates import Certificate
from models.contests import Contest, Event
from models.database import db
from models.judging import PanelSeat, Sheet
from models.objections import Objection
from models.people import Employer
from models.works import Work
from rules.access import Grant, Role
from rules.plans import PRACTICAL, THEORY
from rules.schemes import Advance, Scheme
from rules.states import EventState, SheetState
from rules.violations import Effect
from services import (
    accounts_granting,
    contests,
    demo,
    draws,
    entries_imports,
    receipts,
    results_decisions,
    scans,
    sheets,
    violations,
)
from services.acting import Actor
from services.contests import ContestFacts
from services.demo_events import SKETCHES, EventSketch, edition_rules
from services.demo_stages import (
    HOSTS,
    SPONSORS,
    Group,
    Stage,
    add_contest,
    add_group,
    hold,
    seat_panel,
    use_scheme,
)
from services.entries import Standing
from services.entries_rows import columns
from services.results_decisions import Ruling
from services.workbooks_writing import write_table
from tests import scanned
from tests.browser.day_moments import be_open_to_readers
from tests.browser.document_moments import be_documented
from tests.browser.level_moments import be_listed
from tests.browser.payout_moments import be_paid
from tests.browser.sealed_moments import be_sealed
from tests.browser.selection_moments import be_selected
from tests.browser.signed_moments import be_signed_off
from tests.browser.site import make_app
from tests.browser.stipend_moments import be_settled
from tests.browser.workshop_moments import be_taught
from tests.judging_rooms import staged_scheme

# A Tuesday, twelve o'clock in China: the story of the demonstration hangs on the present day.
NOW = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)
OFFICIAL = Standing(is_official=True)


@dataclass(frozen=True)
class Moments:
    """Where the pages are that no link of another page leads to."""

    token: str
    check_code: str
    import_id: int
    objection: str
    employer_account: str


def make_demo(folder: Path) -> tuple[Flask, Moments]:
    """Make an application with the small demonstration and the moments that it leaves out."""
    app = make_app(folder)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600  # many pages are opened one after the other
    app.extensions["skillstar_clock"] = lambda: NOW
    with app.app_context():
        demo.build("small", NOW, hash_password(DEMO_PASSWORD), say=lambda _line: None)
        moments = add_moments()
        _record_breach(folder)
        db.session.remove()
    return app, moments


def add_moments() -> Moments:
    """Add the moments to a demonstration."""
    names = db.session.execute(select(Account.username, Account.id)).all()
    stage = Stage(NOW, Random(1), str, {name: key for name, key in names})
    stage.employers = list(db.session.scalars(select(Employer.id).order_by(Employer.id)))
    by = stage.by("organizer", 0, 11)
    contest_id = _be_drawn(stage)
    be_sealed(stage)
    facts = _facts(stage, "CG", "2026年慈溪市青年职工技能挑战赛（草案）", (30, 60, 90, 95))
    contests.copy_edition(by, contest_id, facts, edition_rules())
    new = accounts_granting.NewAccount("judge.link", "何晓东", (Grant(Role.JUDGE),))
    link = accounts_granting.create(by, new, 14)
    _give_receipt(stage)
    be_signed_off(stage)
    be_open_to_readers(stage)
    employer_account = be_paid(stage)
    days = (-90, -45, -40, -39)
    be_listed(
        stage,
        _facts(stage, "DA", "2026年慈溪市技能晋级赛（一）", days),
        _facts(stage, "DB", "2026年慈溪市技能晋级赛（二）", days),
    )
    be_documented(stage)
    be_taught()
    be_settled(stage)
    be_selected(stage)
    code = db.session.scalars(select(Certificate.check_code).order_by(Certificate.id)).first()
    objection = db.session.scalars(select(Objection.code).order_by(Objection.id)).first()
    return Moments(link.token, str(code), _import(stage), str(objection), employer_account)


def _record_breach(folder: Path) -> None:
    """Record a breach with evidence in an event that is being judged."""
    chief = db.session.scalars(select(Account.id).where(Account.username == "chief")).one()
    query = select(Work.event_id, Work.code).join(Event, Event.id == Work.event_id)
    found = query.where(Event.state == EventState.SCORING).order_by(Work.id)
    event_id, code = db.session.execute(found).first() or (0, "")
    by = Actor(chief, NOW, "demo")
    reason, evidence = "佩戴可表明身份的标志", b"%PDF-1.7 evidence"
    violations.record_violation(
        by, event_id, code, Effect.WARNING, reason, evidence=evidence, folder=folder
    )


def _facts(stage: Stage, code: str, title: str, days: tuple[int, ...]) -> ContestFacts:
    opens, closes, starts, ends = (stage.today + timedelta(days=day) for day in days)
    return ContestFacts(
        code=f"{code}{starts.year}",
        title=title,
        year=starts.year,
        level="city",
        entry_opens_on=opens,
        entry_closes_on=closes,
        starts_on=starts,
        ends_on=ends,
        sponsors=SPONSORS,
        hosts=HOSTS,
    )


def _be_drawn(stage: Stage) -> int:
    """Play a contest with an event that is drawn and seated, and one that waits for it."""
    facts = _facts(stage, "SK", "2026年慈溪市数控技能专项赛", (-40, -1, 1, 2))
    drawn, waiting = add_contest(stage, facts, ((SKETCHES[4], 1), (SKETCHES[5], 2)), -45)
    by = stage.by("organizer", -5)
    for event_id in (drawn, waiting):
        add_group(stage, by, event_id, Group(6))
    stage.judges = [stage.accounts[f"judge{n}"] for n in range(1, 6)]
    seat_panel(stage, by, drawn)
    draws.draw(stage.by("organizer", 0, 10), drawn, early=True)
    _be_in_stages(stage)
    return contests.get_event(drawn).contest_id


def _be_in_stages(stage: Stage) -> None:
    """Mark two heats: one parts the entries, the other leaves both divisions with a tie."""
    fine = EventSketch("91", "数控车工（初、决赛）", "车工", ())
    coarse = EventSketch("92", "数控铣工（初、决赛）", "铣工", ())
    use_scheme(fine.code, _staged(Advance(top=3), 100))
    use_scheme(coarse.code, _staged(Advance(top=1, ties="decide"), 1))
    facts = _facts(stage, "FJ", "2026年慈溪市数控技能分级赛", (-40, -1, 0, 2))
    by = stage.by("organizer", -5)
    ids = add_contest(stage, facts, ((fine, 0), (coarse, 0)), -45)
    for event_id in ids:
        add_group(stage, by, event_id, Group(5))
        add_group(stage, by, event_id, Group(5, is_student=True))
        hold(stage, event_id, 0)
    event = contests.get_event(ids[1])
    _scan(stage, ids[0])
    tie = results_decisions.find_ties(event)[0]
    ruling = Ruling(tie.kind, tie.about, tie.entries, "加赛一场", "裁判组")
    results_decisions.decide_tie(stage.by("chief", 0, 11), event.id, ruling)


def _scan(stage: Stage, event_id: int) -> None:
    """Scan a page that no code files."""
    by, folder = stage.by("clerk", 0, 11), current_app.config["SETTINGS"].files_dir
    scan_id = scans.upload_scan(by, event_id, folder, [scanned.png(scanned.page(""))])
    scans.read_next(by, scan_id, folder)


def _staged(advance: Advance, highest: int) -> Scheme:
    """Return a heat and a final, named as the usual plan names its parts.

    Where the heat gives no more than one mark, many are equal.
    """
    scheme = staged_scheme(advance)
    heat, final = scheme.parts
    section = heat.sections[0]
    change = {"maximum": Decimal(highest), "step": Decimal(1)}
    mark = section.aspects[0].model_copy(update=change)
    section = section.model_copy(update={"aspects": (mark,)})
    passed = {"pass_mark": Decimal(1)}
    heat = heat.model_copy(update={"key": THEORY, "sections": (section,)} | passed)
    final = final.model_copy(update={"key": PRACTICAL} | passed)
    return scheme.model_copy(update={"parts": (heat, final)})


def _give_receipt(stage: Stage) -> None:
    """Give the first judge the receipt of a signed sheet: the demonstration signs in bulk."""
    query = select(Sheet).join(Sheet.seat).where(PanelSeat.account_id == stage.accounts["judge1"])
    signed = query.where(Sheet.state == SheetState.SIGNED).order_by(Sheet.id)
    sheet = db.session.scalars(signed.limit(1)).one()
    view = sheets.get_sheet(sheet.id)
    values = {aspect: mark.value for aspect, mark in view.marks.items()}
    receipts.add_receipt(stage.by("organizer", 0, 11), sheet, view.code, view.scheme, values)
    db.session.commit()


def _import(stage: Stage) -> int:
    """Upload a spreadsheet with one good row and bad ones."""
    contest = db.session.scalars(
        select(Contest).join(Contest.events).where(Contest.code == f"JS{stage.today.year}")
    ).first()
    assert contest is not None
    titles = [event.title for event in contest.events]
    good = {
        "event": titles[0],
        "division": "职工组",
        "name": "陈一凡",
        "id_kind": "居民身份证",
        "id_number": stage.people.take(1)[0].id_number,
        "phone": "19900001111",
        "employer": "慈溪市新到机械有限公司",
    }
    rows = [good, good | {"name": "王", "id_number": "330282199001010011"}, {"event": "无此赛项"}]
    data = write_table(columns(True, True), rows, "报名")
    by = stage.by("organizer", 0, 11)
    upload = entries_imports.read_upload(contest, OFFICIAL, data, "报名表.xlsx", by.today, True)
    return entries_imports.preview(by, contest.id, OFFICIAL, upload)
