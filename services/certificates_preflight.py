"""A look at all certificates of a contest before any is issued, and a sample sheet of the first."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.contests import Contest
from models.database import db
from rules.certificate_kinds import CertificateKind
from rules.certificate_layouts import CertificateField, CertificateLayout, Sealing
from rules.refusals import Missing, Refused
from services import certificates_issuing, certificates_layouts
from services.acting import Actor
from services.certificates_issuing import Say
from services.certificates_rendering import Paper, renderer
from services.seals_pictures import sample_seal

SAMPLE = "样张"
SAMPLE_CODE = "样张无效样张无效样张无效样张无效"


@dataclass(frozen=True)
class Preflight:
    """How many certificates can be issued in which layout, and what stands in their way."""

    contest: Contest
    kind: CertificateKind
    layout: CertificateLayout
    number: int
    obstacles: list[Refused]
    untitled: list[str]  # titles that the English sentence can do without, but had better not


def look_ahead(
    by: Actor,
    contest_id: int,
    say: Say = str,
    kind: CertificateKind = CertificateKind.HONOUR,
) -> Preflight:
    """Set every certificate that is due, without printing or numbering any."""
    contest = db.session.get(Contest, contest_id)
    if contest is None:
        raise Missing(contest_id)
    layout = certificates_layouts.layout_for(contest, kind)
    due = certificates_issuing.due_of(contest_id, kind)
    found = certificates_issuing.obstacles_of(by, due, layout, say)
    shown = due if CertificateField.PLACE_ENGLISH in layout.fields() else []
    untitled = dict.fromkeys(title for one in shown for title in certificates_layouts.untitled(one))
    return Preflight(contest, kind, layout, len(due), found, list(untitled))


def sample_sheet(
    by: Actor,
    contest_id: int,
    folder: Path,
    check_url: str,
    say: Say,
    kind: CertificateKind = CertificateKind.HONOUR,
) -> bytes:
    """Return the first certificate that is due as PDF, marked as a sample by number and code."""
    due = certificates_issuing.due_of(contest_id, kind)
    if not due:
        raise Missing(contest_id)
    layout = certificates_layouts.layout_for(due[0].contest, kind)
    facts = certificates_issuing.facts_of(by, due[0], SAMPLE, layout, say)
    return marked(facts, layout, folder, check_url)


def marked(
    facts: Mapping[str, Any], layout: CertificateLayout, folder: Path, check_url: str
) -> bytes:
    """Return a paper as PDF that nobody can take for one that was issued."""
    seal = sample_seal() if layout.sealing is Sealing.PRINTED else None
    return renderer(layout, folder, seal).pdf(Paper(facts, SAMPLE_CODE, check_url))
