"""Which approved design a contest's papers take; certificates ask here before they are issued."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import func, select

from models.certificates import LayoutVersion
from models.database import db
from models.designs import CertificateTemplate, TemplateVersion
from rules.certificate_kinds import CertificateKind
from rules.certificate_layouts import CertificateLayout
from rules.states import DesignState


def approved_layout(template_id: int) -> CertificateLayout | None:
    """Return the last approved version of a design; None when it is out of use, or has none."""
    query = (
        select(LayoutVersion.content)
        .join(TemplateVersion, TemplateVersion.layout_id == LayoutVersion.id)
        .join(CertificateTemplate, CertificateTemplate.id == TemplateVersion.template_id)
        .where(CertificateTemplate.id == template_id)
        .where(CertificateTemplate.state != DesignState.RETIRED)
        .order_by(TemplateVersion.number.desc())
    )
    content = db.session.scalar(query.limit(1))
    return None if content is None else CertificateLayout.model_validate(content)


class Choice(NamedTuple):
    """A design that a contest can take, and for which kind of paper."""

    id: int
    title: str
    kind: CertificateKind


def list_choices() -> list[Choice]:
    """List the designs in use that have an approved version."""
    query = (
        select(CertificateTemplate.id, CertificateTemplate.title, CertificateTemplate.kind)
        .where(CertificateTemplate.state != DesignState.RETIRED)
        .where(CertificateTemplate.versions.any())
        .order_by(CertificateTemplate.kind, CertificateTemplate.title)
    )
    return [Choice(*row) for row in db.session.execute(query)]


def titles_of(template_ids: Collection[int]) -> list[str]:
    """Return the names of designs."""
    if not template_ids:
        return []
    query = select(CertificateTemplate.title).where(CertificateTemplate.id.in_(template_ids))
    return list(db.session.scalars(query.order_by(CertificateTemplate.id)))


def last_numbers(template_ids: Collection[int]) -> dict[int, int]:
    """Return by design the number of its last approved version."""
    query = select(TemplateVersion.template_id, func.max(TemplateVersion.number))
    query = query.where(TemplateVersion.template_id.in_(template_ids))
    rows = db.session.execute(query.group_by(TemplateVersion.template_id))
    return {template_id: number for template_id, number in rows}
