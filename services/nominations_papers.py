"""The notice of names as a paper to print, stamp and hang up."""

from rules.documents import day_text, days_text
from rules.nominations import Nominee
from services import documents
from services.nominations import rules_of
from services.nominations_notices import PublicNotice


def notice_pdf(found: PublicNotice) -> bytes:
    """Return a notice as PDF; it says names, units and lists, and nothing else."""
    notice, call = found.notice, found.call
    rules = rules_of(call)
    lists = [
        {
            "title": one.title,
            "of_person": one.of is Nominee.PERSON,
            "names": [name for name in found.names if name.list_title == one.title],
        }
        for one in rules.lists
    ]
    opening = (
        f"根据{call.superior}《{call.title}》（{call.document}）要求，经审核、研究，"
        "拟推荐下列人选（单位），现予公示，接受社会监督。"
    )
    return documents.paper_pdf(
        "nomination_notice",
        title=f"{call.title}拟推荐名单公示",
        paragraphs=[opening],
        period=days_text(notice.starts_on, notice.ends_on),
        days=notice.working_days,
        first_counts=notice.counts_first_day,
        contact=notice.contact,
        lists=[one for one in lists if one["names"]],
        sender=rules.sender,
        day=day_text(notice.starts_on),
    )
