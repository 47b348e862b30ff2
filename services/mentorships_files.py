"""Evidence for milestones: files that are checked and kept as those of appeals are."""

from pathlib import Path

from sqlalchemy import select

from models.database import db
from models.mentorships import Mentorship, Milestone, MilestoneFile
from rules.mentorship_terms import TAUGHT
from rules.mentorships import Party
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import accounts, audits, files
from services.acting import Actor
from services.attachments import (
    Kept,
    Opened,
    Upload,
    check_room,
    columns_of,
    keep_upload,
    opened,
)
from services.mentorships_parts import account_of, lock_pair, parties_of, spoken_for
from services.transaction import transaction


def attach(by: Actor, milestone_id: int, upload: Upload, folder: Path) -> int:
    """Add a file to a milestone; return the mentorship's id."""
    with files.keeping(folder) as keep:
        return add_milestone_file(by, milestone_id, keep_upload(upload, keep))


@transaction
def add_milestone_file(by: Actor, milestone_id: int, kept: Kept) -> int:
    """Add the row of a file, as mentor, apprentice or employer, before both have confirmed."""
    milestone = db.session.get(Milestone, milestone_id)
    if milestone is None:
        raise Missing(milestone_id)
    pair = lock_pair(milestone.mentorship_id)
    spoken_for(by, pair, *Party)
    milestone = db.session.get_one(Milestone, milestone_id, populate_existing=True)
    done = None not in (milestone.mentor_confirmed_at, milestone.apprentice_confirmed_at)
    if done or milestone.withdrawn_at is not None or pair.state not in TAUGHT:
        raise Refused(N_("Evidence is added before both have confirmed the milestone."), "file")
    too_many = N_("A milestone takes at most %(most)s files.")
    check_room(MilestoneFile.sha256, MilestoneFile.milestone_id == milestone_id, kept, too_many)
    db.session.add(MilestoneFile(milestone_id=milestone_id, **columns_of(by, kept)))
    db.session.flush()
    _record(by, "attach", pair, milestone.position, kept.sha256)
    return pair.id


def _record(by: Actor, action: str, pair: Mentorship, milestone: int, digest: str) -> None:
    after = {"number": pair.number, "milestone": milestone, "digest": digest}
    audits.record(by, action, "mentorship", pair.id, after=after)


def open_file(by: Actor, file_id: int, folder: Path) -> Opened:
    """Return a file to the three parties and the bureau; every download is recorded."""
    row = db.session.get(MilestoneFile, file_id)
    if row is None:
        raise Missing(file_id)
    pair = row.milestone.mentorship
    account = account_of(by)
    if not accounts.is_staff(account) and not parties_of(account, pair):
        raise Missing(file_id)
    found = opened(row, folder)
    record_milestone_download(by, file_id)
    return found


@transaction
def record_milestone_download(by: Actor, file_id: int) -> int:
    """Record that somebody took a copy of a file, by its digest."""
    row = db.session.get_one(MilestoneFile, file_id)
    milestone = row.milestone
    _record(by, "download", milestone.mentorship, milestone.position, row.sha256)
    return file_id


def list_files(mentorship_id: int) -> dict[int, list[MilestoneFile]]:
    """Return the files of a pair by milestone, the oldest first."""
    query = (
        select(MilestoneFile)
        .join(Milestone, Milestone.id == MilestoneFile.milestone_id)
        .where(Milestone.mentorship_id == mentorship_id)
    )
    found: dict[int, list[MilestoneFile]] = {}
    for one in db.session.scalars(query.order_by(MilestoneFile.id)):
        found.setdefault(one.milestone_id, []).append(one)
    return found


def list_keys() -> set[str]:
    """List the keys of all kept files, so that none of them is swept away."""
    return set(db.session.scalars(select(MilestoneFile.file_key)))
