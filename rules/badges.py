"""Open Badges 3.0: a certificate as a credential that other programs read and verify."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from rules.certificate_kinds import CertificateKind, given_by, kind_of, sentence_of
from rules.status_lists import Purpose

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
_CHINA = ZoneInfo("Asia/Shanghai")
_WON = (CertificateKind.HONOUR, CertificateKind.TEAM, CertificateKind.COACH)
_WON_BY = "成绩按竞赛规则评判，经审核签字、公示无异议后确认获奖。"
_CONFIRMED_BY = "由主办单位依据竞赛组织文件和竞赛记录确认。"


@dataclass(frozen=True)
class Site:
    """Where the issuer is found: everything that others may read stands under this address."""

    root: str

    @property
    def did(self) -> str:
        """Return the issuer's name as did:web."""
        parts = urlsplit(self.root)
        host = parts.netloc.replace(":", "%3A")
        return ":".join(["did:web", host, *(part for part in parts.path.split("/") if part)])

    def address(self, path: str) -> str:
        """Return the whole address of a path."""
        return f"{self.root.rstrip('/')}{path}"

    def status_list(self, number: int, purpose: Purpose) -> str:
        """Return the address of a status list."""
        return self.address(f"/status/{number}/{purpose.value}")

    def key(self, kid: str) -> str:
        """Return the address of a key in the issuer's document."""
        return f"{self.did}#{kid}"


@dataclass(frozen=True)
class Badge:
    """What a badge is made of: frozen facts, its place in a status list, how to name the winner."""

    facts: Mapping[str, Any]
    check_code: str
    status: tuple[int, int]
    salt: str
    with_name: bool
    issued_at: datetime


def instant(moment: datetime) -> str:
    """Write an instant as credentials do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def vc_header(site: Site, kid: str) -> dict[str, str]:
    """Return the header of a signed credential: by which key, and what it is."""
    return {"kid": site.key(kid), "typ": "vc+jwt", "cty": "vc"}


def issuer_document(site: Site, keys: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return the issuer's DID document: its keys, which others fetch to verify."""
    methods = [
        {
            "id": site.key(kid),
            "type": "JsonWebKey",
            "controller": site.did,
            "publicKeyJwk": {**jwk, "kid": kid, "alg": "ES256", "use": "sig"},
        }
        for kid, jwk in keys.items()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": site.did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def credential_of(badge: Badge, site: Site) -> dict[str, Any]:
    """Return the credential, with the claims that a JWT has beside it."""
    facts = badge.facts
    address = site.address(f"/verify/{badge.check_code}")
    said = (facts["edition"], facts.get("event"), facts.get("award") or given_by(facts))
    name = " ".join(word for word in said if word)
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": name,
        "issuer": _issuer(facts, site),
        "validFrom": instant(badge.issued_at),
        "awardedDate": instant(datetime.combine(_day(facts), time(), _CHINA)),
        "credentialSubject": _subject(badge, site, name),
        "evidence": [
            {
                "id": address,
                "type": ["Evidence"],
                "name": facts["number"],
                "narrative": f"证书编号 {facts['number']}，登记内容可在此地址核验。",
            }
        ],
        "credentialStatus": [_status(badge, site, purpose) for purpose in Purpose],
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "iss": site.did,
        "jti": address,
        "nbf": int(badge.issued_at.timestamp()),
    }


def _day(facts: Mapping[str, Any]) -> date:
    return date.fromisoformat(facts["date"])


def _issuer(facts: Mapping[str, Any], site: Site) -> dict[str, Any]:
    return {
        "id": site.did,
        "type": ["Profile"],
        "name": "、".join(facts["issuers"]) or site.did,
        "url": site.address("/"),
    }


def _subject(badge: Badge, site: Site, name: str) -> dict[str, Any]:
    """Name the winner as he wishes: in clear, or only so that who knows the name can compare."""
    said = badge.facts["name"]
    identity: dict[str, Any] = {
        "type": "IdentityObject",
        "hashed": not badge.with_name,
        "identityHash": said if badge.with_name else hashed(said, badge.salt),
        "identityType": "name",
    }
    if not badge.with_name:
        identity["salt"] = badge.salt
    return {
        "type": ["AchievementSubject"],
        "identifier": [identity],
        "achievement": _achievement(badge.facts, site, name),
    }


def hashed(text: str, salt: str) -> str:
    """Return a text as Open Badges hash it."""
    return f"sha256${hashlib.sha256((text + salt).encode()).hexdigest()}"


def _achievement(facts: Mapping[str, Any], site: Site, name: str) -> dict[str, Any]:
    # The same award of the same event is the same achievement, whoever wins it.
    kind, said = kind_of(facts), sentence_of(facts)
    key = hashlib.sha256("\n".join((name, said)).encode()).hexdigest()[:32]
    return {
        "id": f"urn:sha256:{key}",
        "type": ["Achievement"],
        "achievementType": "Award" if kind in _WON else "Certificate",
        "inLanguage": "zh-CN",
        "name": name,
        "description": said,
        "criteria": {"narrative": _WON_BY if kind in _WON else _CONFIRMED_BY},
    }


def _status(badge: Badge, site: Site, purpose: Purpose) -> dict[str, Any]:
    number, index = badge.status
    address = site.status_list(number, purpose)
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose.value,
        "statusListIndex": str(index),
        "statusListCredential": address,
    }
