"""Designs of certificates: worked on as a draft, approved by a second person, kept for ever."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.certificates import LayoutVersion
from models.database import db
from models.designs import CertificateTemplate, TemplateVersion
from rules.certificate_designs import Design
from rules.certificate_designs import layout_of as shipped_layout
from rules.certificate_kinds import CertificateKind
from rules.certificate_layouts import CertificateLayout, DraftLayout
from rules.design_changes import Change, changes
from rules.refusals import Missing, Refused
from rules.states import DESIGN_MOVES, DesignState, moved
from rules.texts import N_
from services import audits, certificates_backgrounds, certificates_layouts
from services.acting import Actor
from services.designs_compiling import compile_layout
from services.transaction import STALE, transaction

_OWN = N_("Somebody else must approve a design: you have worked on it.")
_WAITS = N_("This design waits for approval. Take it back first, then change it.")
_ENDED = N_("This design is out of use. Copy it to go on.")
_NO_PICTURE = N_("The background picture is not there any more. Upload it again.")
_MOVED_ON = N_("The design was changed meanwhile. Look at it again before you approve it.")


class Stale(Refused):
    """A draft that somebody else has saved meanwhile; says what is different there."""

    def __init__(self, version: int, theirs: Sequence[Change]) -> None:
        super().__init__(STALE)
        self.version = version
        self.theirs = tuple(theirs)


@dataclass(frozen=True)
class Source:
    """What a new design begins as: one that comes with the program, or another design."""

    design: Design | None = None
    template_id: int | None = None

    def layout(self, kind: CertificateKind) -> DraftLayout:
        """Return the look to begin with."""
        if self.template_id is not None:
            return draft_of(get_template(self.template_id))
        return DraftLayout.model_validate(
            shipped_layout(kind, self.design or Design.A4_LANDSCAPE).model_dump(mode="json")
        )


@dataclass(frozen=True)
class Saved:
    """A draft as it was sent: on which version it is based, and what it holds."""

    version: int | None
    kind: CertificateKind
    layout: DraftLayout


@transaction
def create_design(by: Actor, title: str, kind: CertificateKind, source: Source) -> int:
    """Begin a design as a copy."""
    layout = source.layout(kind).model_copy(update={"title": title})
    made = CertificateTemplate(
        title=title,
        kind=kind,
        draft=layout.model_dump(mode="json"),
        made_at=by.now,
        changed_at=by.now,
        changed_by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    _record(by, "create_design", made, digest=layout.digest())
    return made.id


@transaction
def save_draft(by: Actor, template_id: int, saved: Saved) -> int:
    """Keep the draft as it was sent, mistakes included: only an approved one must be without.

    A draft that is based on an older version is refused with what is different now.
    """
    found = _locked(template_id)
    if found.state is DesignState.SUBMITTED:
        raise Refused(_WAITS)
    if found.state is DesignState.RETIRED:
        raise Refused(_ENDED)
    present = draft_of(found)
    if found.version != saved.version:
        raise Stale(found.version, changes(saved.layout, present))
    if saved.layout == present and saved.kind == found.kind:
        return template_id
    if found.state is DesignState.APPROVED:
        found.state = moved(DESIGN_MOVES, found.state, DesignState.DRAFT)
    found.draft, found.title = saved.layout.model_dump(mode="json"), saved.layout.title
    found.kind = saved.kind
    found.changed_at, found.changed_by_id = by.now, by.account_id
    _record(by, "save_draft", found, digest=saved.layout.digest())
    return template_id


@transaction
def submit_design(by: Actor, template_id: int, note: str, folder: Path) -> int:
    """Hand a design in for approval; one that contradicts itself is refused with every problem."""
    found = _locked(template_id)
    finished(found, folder)
    found.state = moved(DESIGN_MOVES, found.state, DesignState.SUBMITTED)
    found.submitted_at, found.submitted_by_id, found.note = by.now, by.account_id, note
    _record(by, "submit_design", found, note=note)
    return template_id


@transaction
def return_design(by: Actor, template_id: int, reason: str) -> int:
    """Take a design that waits back into work, or send it back."""
    found = _locked(template_id)
    found.state = moved(DESIGN_MOVES, found.state, DesignState.DRAFT)
    found.submitted_at, found.submitted_by_id = None, None
    _record(by, "return_design", found, reason=reason)
    return template_id


def approve(by: Actor, template_id: int, folder: Path) -> int:
    """Make a design ready in a process of its own, then approve it as a second person."""
    layout = finished(get_template(template_id), folder)
    compile_layout(layout, folder)
    return approve_design(by, template_id, layout)


@transaction
def approve_design(by: Actor, template_id: int, layout: CertificateLayout) -> int:
    """Approve what was made ready; it becomes the next version and never changes any more."""
    found = _locked(template_id)
    if by.account_id in (found.submitted_by_id, found.changed_by_id):
        raise Refused(_OWN)
    if draft_of(found).digest() != layout.digest():
        raise Refused(_MOVED_ON)
    found.state = moved(DESIGN_MOVES, found.state, DesignState.APPROVED)
    kept = certificates_layouts.version_part(by, layout)
    made = TemplateVersion(
        template_id=template_id,
        number=_last_number(template_id) + 1,
        layout_id=kept.id,
        note=found.note,
        submitted_by_id=found.submitted_by_id,
        approved_at=by.now,
        approved_by_id=by.account_id,
    )
    db.session.add(made)
    _record(by, "approve_design", found, number=made.number, digest=kept.digest)
    return template_id


@transaction
def retire_design(by: Actor, template_id: int) -> int:
    """Take a design out of use; contests go back to the one that comes with the program."""
    found = _locked(template_id)
    found.state = moved(DESIGN_MOVES, found.state, DesignState.RETIRED)
    found.retired_at = by.now
    _record(by, "retire_design", found)
    return template_id


def _locked(template_id: int) -> CertificateTemplate:
    found = db.session.get(
        CertificateTemplate, template_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise Missing(template_id)
    return found


def _last_number(template_id: int) -> int:
    last = select(func.max(TemplateVersion.number))
    return db.session.scalar(last.where(TemplateVersion.template_id == template_id)) or 0


def _record(by: Actor, action: str, found: CertificateTemplate, **after: Any) -> None:
    after = {"title": found.title, "state": found.state, **after}
    audits.record(by, action, "certificate_template", found.id, after=after)


def finished(found: CertificateTemplate, folder: Path) -> CertificateLayout:
    """Return the draft as a layout that holds together; raise with every problem."""
    layout = CertificateLayout.model_validate(found.draft)
    if not certificates_backgrounds.is_kept(layout.background, folder):
        raise Refused(_NO_PICTURE)
    return layout


def draft_of(found: CertificateTemplate) -> DraftLayout:
    """Return what a design looks like at present, approved or not."""
    return DraftLayout.model_validate(found.draft)


def get_template(template_id: int) -> CertificateTemplate:
    """Return a design; raise Missing."""
    found = db.session.get(CertificateTemplate, template_id)
    if found is None:
        raise Missing(template_id)
    return found


def get_version(version_id: int) -> TemplateVersion:
    """Return an approved version; raise Missing."""
    found = db.session.get(TemplateVersion, version_id)
    if found is None:
        raise Missing(version_id)
    return found


def layout_of(version: TemplateVersion) -> CertificateLayout:
    """Return the look of an approved version."""
    return CertificateLayout.model_validate(
        db.session.get_one(LayoutVersion, version.layout_id).content
    )


@dataclass(frozen=True)
class Past:
    """An approved version, and what it changed against the one before it."""

    version: TemplateVersion
    changed: tuple[Change, ...]


def history(template_id: int) -> list[Past]:
    """List the versions of a design with what changed, the newest first."""
    people = (TemplateVersion.submitted_by, TemplateVersion.approved_by)
    query = (
        select(TemplateVersion)
        .options(
            joinedload(TemplateVersion.layout),
            *(joinedload(who).load_only(Account.title).lazyload(Account.grants) for who in people),
        )
        .where(TemplateVersion.template_id == template_id)
        .order_by(TemplateVersion.number)
    )
    found: list[Past] = []
    before: Mapping[str, Any] | None = None
    for version in db.session.scalars(query):
        now = version.layout.content
        both = [] if before is None else [DraftLayout.model_validate(one) for one in (before, now)]
        found.append(Past(version, tuple(changes(*both)) if both else ()))
        before = now
    return found[::-1]


def list_templates() -> Sequence[CertificateTemplate]:
    """List the designs, those in use first."""
    query = select(CertificateTemplate).options(
        joinedload(CertificateTemplate.changed_by)
        .load_only(Account.title)
        .lazyload(Account.grants),
    )
    order = (CertificateTemplate.retired_at.is_not(None), CertificateTemplate.title)
    return db.session.scalars(query.order_by(*order)).all()
