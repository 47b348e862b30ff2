"""The sample sheet of a run: a certificate of it that says 样张 in place of number and code."""

from pathlib import Path

from rules.refusals import Refused
from rules.texts import N_
from services import certificates_layouts, issuing
from services.acting import Actor
from services.certificates_issuing import Say, facts_of
from services.certificates_preflight import SAMPLE, SAMPLE_CODE
from services.certificates_rendering import Paper, renderer
from services.issuing_checking import look


def sample_sheet(
    by: Actor, run_id: int, folder: Path, check_url: str, say: Say, longest: bool = False
) -> bytes:
    """Return a sample sheet of a run as PDF: of its first line, or of that with most text."""
    run = issuing.get_run(run_id)
    layout = certificates_layouts.stored_layout(run.layout)
    seen = look(by, run, say, None if longest else 1)
    drafts = [facts_of(by, one.due, SAMPLE, layout, say) for one in seen if one.due and _fits(one)]
    if not drafts:
        raise Refused(N_("No certificate of this run is left that could be shown."))
    facts = max(drafts, key=lambda one: len(str(one))) if longest else drafts[0]
    return renderer(layout, folder).pdf(Paper(facts, SAMPLE_CODE, check_url))
