"""Designs of certificates: drafts, a second person, versions that stay, what a contest takes."""

import io
from pathlib import Path

import pytest
from PIL import Image

from models.audits import AuditRecord
from models.certificates import Certificate, LayoutVersion
from models.database import db
from models.designs import TemplateVersion
from rules.certificate_designs import A4_LANDSCAPE, A4_PORTRAIT, Design
from rules.certificate_kinds import CertificateKind
from rules.certificate_layouts import Background, Border, DraftLayout
from rules.data import InvalidRules
from rules.plans import EditionRules, TemplateChoice
from rules.refusals import Missing, Refused
from rules.states import DesignState
from services import (
    certificates_backgrounds,
    certificates_layouts,
    designs,
    designs_choices,
    designs_compiling,
)
from services.certificates_preparing import is_prepared
from services.designs import Saved, Source, Stale
from tests.builders import Builder
from tests.results_story import Story

HONOUR = CertificateKind.HONOUR


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the process that makes a design ready out; one test below runs it."""
    monkeypatch.setattr(designs, "compile_layout", lambda *_: None)


def begun(build: Builder, title: str = "技能之星", design: Design = Design.A4_LANDSCAPE) -> int:
    by = build.actor(build.account("bureau_staff"))
    return designs.create_design(by, title, HONOUR, Source(design=design))


def draft(template_id: int, **changes: object) -> DraftLayout:
    return designs.draft_of(designs.get_template(template_id)).model_copy(update=changes)


def saved(build: Builder, template_id: int, layout: DraftLayout) -> None:
    by = build.actor(build.account("bureau_staff"))
    version = designs.get_template(template_id).version
    designs.save_draft(by, template_id, Saved(version, HONOUR, layout))


def approved(build: Builder, template_id: int, folder: Path, note: str = "") -> None:
    one, other = (build.actor(build.account("bureau_staff")) for _ in range(2))
    designs.submit_design(one, template_id, note, folder)
    designs.approve(other, template_id, folder)


def test_a_design_is_approved_by_a_second_person_and_becomes_a_version(
    build: Builder, tmp_path: Path
) -> None:
    made = begun(build)
    blue = draft(made, border_colour="#1d4f91")
    author = build.actor(build.account("bureau_staff"))
    designs.save_draft(author, made, Saved(1, HONOUR, blue))
    helper = build.actor(build.account("bureau_staff"))
    designs.submit_design(helper, made, "蓝色", tmp_path)
    for own in (author, helper):
        with pytest.raises(Refused, match="you have worked on it"):
            designs.approve(own, made, tmp_path)
    with pytest.raises(Refused, match="waits for approval"):
        saved(build, made, draft(made, border=Border.KEY))
    second = build.actor(build.account("bureau_staff"))
    designs.approve(second, made, tmp_path)
    version = db.session.query(TemplateVersion).one()
    assert (version.number, version.note) == (1, "蓝色")
    assert version.approved_by_id == second.account_id
    assert designs.layout_of(version).border_colour == "#1d4f91"
    assert db.session.query(LayoutVersion).one().digest == designs.layout_of(version).digest()
    actions = [row.action for row in db.session.query(AuditRecord).order_by(AuditRecord.id)]
    assert actions[-1] == "approve_design" and "submit_design" in actions


def test_versions_stay_and_say_what_changed(build: Builder, tmp_path: Path) -> None:
    made = begun(build)
    approved(build, made, tmp_path)
    now = draft(made)
    texts = (now.texts[0].model_copy(update={"size": 50.0}), *now.texts[1:5], now.texts[6])
    saved(build, made, now.model_copy(update={"border": Border.KEY, "texts": texts}))
    assert designs.get_template(made).state is DesignState.DRAFT
    approved(build, made, tmp_path, "回纹")
    second, first = designs.history(made)
    assert (second.version.number, first.version.number) == (2, 1)
    assert first.changed == ()
    said = [change.text % dict(change.values) for change in second.changed]
    assert "Border: waves → key" in said
    assert "Text “荣誉证书”, size of type: 42 → 50" in said
    assert any(one.endswith("removed") for one in said)
    assert designs.layout_of(first.version).border is Border.WAVES


def test_a_draft_keeps_mistakes_and_only_approval_refuses_them(
    build: Builder, tmp_path: Path
) -> None:
    made = begun(build)
    now = draft(made)
    both = now.texts[0].model_copy(update={"key": "text_a"})
    saved(build, made, now.model_copy(update={"texts": (*now.texts, both)}))
    by = build.actor(build.account("bureau_staff"))
    with pytest.raises(InvalidRules, match="same ground"):
        designs.submit_design(by, made, "", tmp_path)
    lost = Background(sha256="0" * 64, width=900, height=900)
    saved(build, made, now.model_copy(update={"background": lost}))
    with pytest.raises(Refused, match="not there any more"):
        designs.submit_design(by, made, "", tmp_path)


def test_a_stale_draft_is_refused_with_what_is_different(build: Builder) -> None:
    made = begun(build)
    by = build.actor(build.account("bureau_staff"))
    mine = draft(made, border=Border.NONE)
    saved(build, made, draft(made, border=Border.KEY))
    with pytest.raises(Stale) as caught:
        designs.save_draft(by, made, Saved(1, HONOUR, mine))
    assert caught.value.version == 2
    assert [dict(one.values)["after"] for one in caught.value.theirs] == ["key"]
    designs.save_draft(by, made, Saved(2, HONOUR, mine))
    assert draft(made).border is Border.NONE
    # what is the same is no change, and no record
    designs.save_draft(by, made, Saved(3, HONOUR, mine))
    assert designs.get_template(made).version == 3


def test_what_was_changed_while_it_was_made_ready_is_not_approved(
    build: Builder, tmp_path: Path
) -> None:
    made = begun(build)
    by = build.actor(build.account("bureau_staff"))
    designs.submit_design(by, made, "", tmp_path)
    second = build.actor(build.account("bureau_staff"))
    with pytest.raises(Refused, match="changed meanwhile"):
        designs.approve_design(second, made, A4_PORTRAIT)
    designs.return_design(by, made, "")
    with pytest.raises(Refused):
        designs.approve(second, made, tmp_path)


def test_a_design_is_copied_from_another_one_and_names_are_unique(build: Builder) -> None:
    first = begun(build, "甲", Design.A4_PORTRAIT)
    by = build.actor(build.account("bureau_staff"))
    copy = designs.create_design(by, "乙", HONOUR, Source(template_id=first))
    assert draft(copy) == draft(first, title="乙")
    with pytest.raises(Refused, match="taken"):
        designs.create_design(by, "乙", HONOUR, Source())
    with pytest.raises(Missing):
        designs.create_design(by, "丙", HONOUR, Source(template_id=999))


def test_a_contest_takes_the_last_version_and_what_was_issued_keeps_its_own(
    build: Builder, tmp_path: Path
) -> None:
    made = begun(build)
    saved(build, made, draft(made, border=Border.KEY))
    approved(build, made, tmp_path)
    chosen = (TemplateChoice(kind=HONOUR, template=made),)
    story = Story(build, edition=EditionRules(certificate_templates=chosen))
    story.field(["90"])
    story.issued()
    certificate = db.session.query(Certificate).one()
    assert certificate.layout is not None
    assert certificate.layout.content["border"] == "key"
    before = certificates_layouts.pdf_of(certificate, "https://x.example/1", tmp_path)
    saved(build, made, draft(made, border=Border.NONE))
    approved(build, made, tmp_path)
    assert certificates_layouts.layout_for(story.contest).border is Border.NONE
    again = db.session.query(Certificate).one()
    assert certificates_layouts.pdf_of(again, "https://x.example/1", tmp_path) == before
    designs.retire_design(build.actor(), made)
    assert certificates_layouts.layout_for(story.contest) == A4_LANDSCAPE
    assert designs_choices.list_choices() == []
    with pytest.raises(Refused):
        saved(build, made, draft(made, border=Border.KEY))


def test_approval_makes_a_design_ready_in_a_process_of_its_own(tmp_path: Path) -> None:
    target = io.BytesIO()
    Image.new("RGB", (800, 600), "#fbe9d0").save(target, "PNG")
    back = certificates_backgrounds.keep(target.getvalue(), tmp_path)
    layout = A4_LANDSCAPE.model_copy(update={"border": Border.CORNERS, "background": back})
    assert not is_prepared(layout, tmp_path)
    designs_compiling.compile_layout(layout, tmp_path)
    assert is_prepared(layout, tmp_path)
    with pytest.raises(Refused, match="could not be made ready"):
        designs_compiling.compile_layout(A4_PORTRAIT, tmp_path, longest=0.05)
