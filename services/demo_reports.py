"""Figures of the demonstration: some of the library taken over, one frozen and in a reply."""

from datetime import timedelta

from sqlalchemy import select

from models.database import db
from models.reports import Figure
from services import reports_figures, reports_freezing, reports_replies
from services.demo_stages import Stage
from services.reports_figures import Note
from services.reports_replies import Facts

TAKEN = ("cixi_workshops", "cixi_mentorships", "cixi_entrants", "cixi_levels_earned", "cixi_expert")
TEXT = (
    "近年来，我市持续推进技能大师工作室建设。截至{{ 工作室.截止日期 }}，"
    "全市共有技能大师工作室{{ 工作室.数量 }}，其中{{ 工作室.其中 }}。"
)


def add_figures(stage: Stage, days: int = -1) -> None:
    """Take figures of the library over, share them, freeze one, and begin a reply with it."""
    by = stage.by("bureau", days)
    keys = [reports_figures.take_ready(by, key) for key in TAKEN]
    for key in keys:
        row = db.session.scalars(select(Figure).where(Figure.id == key)).one()
        asked = reports_figures.asked_of(row)
        reports_figures.edit_figure(by, key, row.version, asked, Note(row.note, shared=True))
    as_of = by.today - timedelta(days=1)
    frozen = reports_freezing.freeze(by, keys[0], as_of, "答复市政协第12号提案（演示）")
    reports_freezing.sign(stage.by("bureau2", days), frozen)
    facts = Facts(
        title="关于加强高技能人才队伍建设的答复",
        addressee="市政协提案委员会",
        reference="市政协第12号提案（演示）",
        text=TEXT,
        shared=True,
    )
    kit = reports_replies.create_reply(by, facts)
    reports_replies.put_figure(by, kit, "工作室", frozen_id=frozen)
