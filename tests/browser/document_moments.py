"""Made documents, one of them superseded, and a template that waits for a second person."""

from flask import current_app
from sqlalchemy import select

from models.contests import Event
from models.database import db
from rules.documents import DocumentKind
from rules.states import EventState
from services import documents_making, documents_templates
from services.demo_stages import Stage
from services.documents_defaults import default_template
from services.documents_facts import MAKERS, Wishes
from services.documents_parts import Words


def be_documented(stage: Stage) -> None:
    """Make a winners' list twice, the second in place of the first, and upload a template."""
    folder, kind = current_app.config["SETTINGS"].files_dir, DocumentKind.WINNERS
    final = select(Event.contest_id).where(Event.state == EventState.FINAL).order_by(Event.id)
    contest_id = db.session.scalars(final).first()
    assert contest_id is not None
    sources = tuple(one.id for one in MAKERS[kind].sources(contest_id))
    by, replaces, words = stage.by("bureau", 0), None, Words(str, lambda level: f"{level}级")
    for number in ("1", "2"):
        wishes = Wishes(sources, stage.today, "获奖名单", f"慈人社〔2026〕{number}号",
                        issuers="慈溪市人力资源和社会保障局", replaces=replaces)  # fmt: skip
        replaces = documents_making.make(by, contest_id, kind, wishes, words, folder)
    documents_templates.upload(by, kind, None, default_template(kind), "换页眉", folder)
