"""A badge says of every kind of paper what it is for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from rules.badges import Badge, Site, credential_of
from rules.certificate_kinds import CertificateKind
from tests.certificate_people import CODE, FACTS

_MORE: dict[str, dict[str, Any]] = {
    "coach": {"trainees": ["张三"], "award": "优秀指导教师"},
    "level": {"occupation": "电工", "level": "三级/高级工"},
    "judge": {"role": "裁判员"},
    "appointment": {"role": "技术专家", "term": "2026年10月"},
}


def _facts(kind: CertificateKind) -> dict[str, Any]:
    if kind is CertificateKind.HONOUR:
        return dict(FACTS)
    kept = {key: FACTS[key] for key in ("name", "edition", "issuers", "date", "number")}
    return kept | {"kind": kind.value, "event": "电工"} | _MORE.get(kind.value, {})


@pytest.mark.parametrize("kind", list(CertificateKind))
def test_every_kind_of_paper_makes_a_badge(kind: CertificateKind) -> None:
    issued = datetime(2026, 11, 22, 4, tzinfo=UTC)
    badge = Badge(_facts(kind), CODE, (1, 5), "salt", True, issued)
    made = credential_of(badge, Site("https://skills.example"))
    achievement = made["credentialSubject"]["achievement"]
    assert achievement["description"].endswith("。") and FACTS["edition"] in achievement["name"]
    won = kind in {CertificateKind.HONOUR, CertificateKind.TEAM, CertificateKind.COACH}
    assert (achievement["achievementType"] == "Award") is won
    assert ("获奖" in achievement["criteria"]["narrative"]) is won
    assert made["nbf"] == int(issued.timestamp()) and made["iss"] == made["issuer"]["id"]
    assert [one["statusListIndex"] for one in made["credentialStatus"]] == ["5", "5"]
