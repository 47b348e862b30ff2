"""A design of certificates of the bureau's own, approved by a second person."""

from pathlib import Path

from rules.certificate_designs import Design
from rules.certificate_kinds import CertificateKind
from rules.certificate_layouts import Border
from services import designs
from services.demo_stages import Stage
from services.designs import Saved, Source

_NOWHERE = Path()  # the design has no background that would have to be there


def add_design(stage: Stage) -> int:
    """Make a design with a border of square spirals; its first version is approved."""
    by, second = stage.by("bureau", -40), stage.by("bureau2", -39)
    source = Source(design=Design.A4_LANDSCAPE)
    made = designs.create_design(by, "技能之星荣誉证书（回纹边）", CertificateKind.HONOUR, source)
    found = designs.get_template(made)
    layout = designs.draft_of(found).model_copy(update={"border": Border.KEY})
    designs.save_draft(by, made, Saved(found.version, found.kind, layout))
    designs.submit_design(by, made, "第一版", _NOWHERE)
    approved = designs.finished(designs.get_template(made), _NOWHERE)
    return designs.approve_design(second, made, approved)
