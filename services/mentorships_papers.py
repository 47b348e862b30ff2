"""The agreement on paper: A4, in Chinese, with the record of its signatures (R7.02)."""

from collections.abc import Sequence

from models.mentorships import MentorshipAmendment, MentorshipSignature
from rules.mentorships import AmendmentState, MentorshipState, Party
from services import documents
from services.acting import ZONE
from services.mentorships_amendments import list_amendments
from services.mentorships_lists import list_signatures
from services.mentorships_parts import get_pair, text_of

PARTIES = {
    Party.MENTOR: "甲方（师傅）",
    Party.APPRENTICE: "乙方（徒弟）",
    Party.EMPLOYER: "丙方（单位）",
}
LEVELS = {
    1: "一级/高级技师",
    2: "二级/技师",
    3: "三级/高级工",
    4: "四级/中级工",
    5: "五级/初级工",
}
_FIELDS = {
    "skill": "传授技能",
    "target": "培养目标",
    "plan": "教学计划",
    "assessment": "考核方式",
    "safeguards": "保障措施",
    "ends_on": "结束日期",
}
_STATES = {
    AmendmentState.PROPOSED: "待签署",
    AmendmentState.IN_FORCE: "已生效",
    AmendmentState.WITHDRAWN: "已撤回",
}


def agreement_pdf(mentorship_id: int) -> bytes:
    """Return the agreement as it stands, with its amendments and all signatures that stand."""
    row = get_pair(mentorship_id)
    signatures = [one for one in list_signatures(row.id) if one.dropped_at is None]
    text = text_of(row)
    return documents.paper_pdf(
        "mentorship",
        text=text,
        term=(documents.chinese_date(text.starts_on), documents.chinese_date(text.ends_on)),
        level=LEVELS,
        signed=_signed(signatures, 0),
        digest=next((one.digest for one in signatures if one.amendment == 0), row.digest),
        amendments=[_amendment(one, signatures) for one in list_amendments(row.id)],
        draft=row.state in (MentorshipState.DRAFT, MentorshipState.SIGNING),
        imported=row.imported,
    )


def _signed(signatures: Sequence[MentorshipSignature], amendment: int) -> list[dict[str, str]]:
    """Return one line for each party, signed or not."""
    found = {one.party: one for one in signatures if one.amendment == amendment}
    return [_line(title, found.get(party)) for party, title in PARTIES.items()]


def _line(title: str, signature: MentorshipSignature | None) -> dict[str, str]:
    if signature is None:
        return {"party": title, "name": "", "at": "", "account": ""}
    account = "" if signature.account is None else signature.account.username
    at = f"{signature.signed_at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"
    return {"party": title, "name": signature.name, "at": at, "account": account}


def _amendment(
    one: MentorshipAmendment, signatures: Sequence[MentorshipSignature]
) -> dict[str, object]:
    changes = [(_FIELDS[name], _said(old), _said(new)) for name, (old, new) in one.changes.items()]
    return {
        "number": one.number,
        "reason": one.reason,
        "state": _STATES[one.state],
        "changes": changes,
        "digest": one.digest,
        "signed": _signed(signatures, one.number),
    }


def _said(value: object) -> str:
    if isinstance(value, list):
        return "；".join(f"{item['until']}前：{item['what']}（{item['degree']}）" for item in value)
    return str(value)
