"""What an edition opens to its readers on the day: a live board, one's own result, appeals."""

from flask import current_app
from sqlalchemy import select

from models.accounts import Account
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry, EntryMember
from rules.appeals import Effect, Filer, Kind, Outcome
from rules.states import EventState
from services import appeals, appeals_rulings, attachments, contests
from services.appeals import Filing
from services.appeals_rulings import Decided
from services.attachments import Upload
from services.demo_stages import Stage


def be_open_to_readers(stage: Stage) -> None:
    """Open the winner's editions to readers, and let two entries appeal, one to its ruling."""
    query = select(Contest).join(Contest.events).join(Entry, Entry.event_id == Event.id)
    query = query.join(EntryMember, EntryMember.entry_id == Entry.id)
    query = query.join(Account, Account.person_id == EntryMember.person_id)
    for contest in db.session.scalars(query.where(Account.username == "winner")).unique():
        rules = contests.rules_of(contest)
        day = rules.day.model_copy(update={"board": "live", "own_chain": True})
        contest.rules = rules.model_copy(update={"day": day}).model_dump(mode="json")
    db.session.commit()
    _appeal(stage)


def _appeal(stage: Stage) -> None:
    by, member = stage.by("organizer", 0, 11), stage.by("arbitrator", 0, 11)
    folder = current_app.config["SETTINGS"].files_dir
    query = select(Entry.id).join(Event, Event.id == Entry.event_id).order_by(Entry.id).limit(2)
    filing = Filing(Kind.EQUIPMENT, "主轴在比赛中停转，已更换。", "补时", Filer.PAPER, by.now)
    keys = []
    for entry_id in db.session.scalars(query.where(Event.state == EventState.SCORING)).all():
        keys.append(appeals.file_appeal(by, entry_id, filing))
        attachments.attach(by, keys[-1], Upload("照片.pdf", b"%PDF-1.7"), folder)
    appeals_rulings.take(member, keys[0])
    appeals_rulings.cast_vote(member, keys[0], Outcome.UPHELD)
    decided = Decided("设备故障属实，予以补时。", Effect.TIME, "补时10分钟")
    appeals_rulings.rule(member, keys[0], decided)
