"""The sample sheet of a run: a certificate of it that says 样张 in place of number and code."""

from pathlib import Path

from sqlalchemy import func, select

from models.database import db
from models.issuing import IssueLine
from rules.refusals import Refused
from rules.states import LineState
from rules.texts import N_
from services import certificates_layouts, issuing
from services.acting import Actor
from services.certificates_issuing import Say, facts_of
from services.certificates_preflight import SAMPLE, marked
from services.issuing_checking import due_of_line


def sample_sheet(
    by: Actor, run_id: int, folder: Path, check_url: str, say: Say, longest: bool = False
) -> bytes:
    """Return a sample sheet of a run as PDF: of its first line, or of that with most text."""
    run = issuing.get_run(run_id)
    shown = select(IssueLine).where(
        IssueLine.run_id == run_id, IssueLine.state == LineState.WAITING
    )
    if longest:
        shown = shown.order_by(func.length(IssueLine.name).desc())
    line = db.session.scalar(shown.order_by(IssueLine.position).limit(1))
    due = None if line is None else due_of_line(run, line)
    if due is None:
        raise Refused(N_("No certificate of this run is left that could be shown."))
    layout = certificates_layouts.stored_layout(run.layout)
    return marked(facts_of(by, due, SAMPLE, layout, say), layout, folder, check_url)
