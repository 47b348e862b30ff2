"""Keys, statements and places of certificates, and what others read of them."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from joserfc import jwk, jws, jwt
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier, decode_encoded_list, set_indices
from sqlalchemy import select, text

from models.audits import AuditRecord
from models.certificates import Certificate
from models.database import db
from models.statements import StatementKey, StatusList
from rules.badges import Site, hashed
from rules.refusals import Missing, Refused
from rules.statements import Statement, read
from rules.states import EventState, RevisionState, StatementKeyState
from rules.status_lists import Purpose
from services import (
    certificates,
    certificates_layouts,
    statements,
    statements_badges,
    statements_issuing,
    statements_keys,
    statements_status,
)
from tests.builders import Builder
from tests.pdf_checks import picture_of
from tests.results_story import AFTER, NOW, Story

SITE = Site("https://skills.example")
CHECK = "https://skills.example/verify/CODE"


def _issued(build: Builder, totals: tuple[str, ...] = ("80",), *, key: bool = True) -> Story:
    if key:
        statements.make_key(build.actor(now=NOW))
    story = Story(build)
    story.field(totals)
    story.issued()
    return story


def _all() -> list[Certificate]:
    return list(db.session.scalars(select(Certificate).order_by(Certificate.id)))


def _key() -> StatementKey:
    return db.session.scalars(select(StatementKey).order_by(StatementKey.id.desc())).first()  # type: ignore[return-value]


def _read(certificate: Certificate) -> Statement:
    assert certificate.statement
    said, signed, signature = read(certificate.statement)
    key = statements.find_key(said.key)
    assert key is not None and statements.is_signed(key, signed, signature)
    return said


def _wholly(token: str) -> dict[str, Any]:
    """Verify a VC-JWT by joserfc; return its claims."""
    keys = jwk.KeySet.import_key_set(statements_keys.key_set())  # type: ignore[arg-type]
    kid = jws.extract_compact(token.encode()).headers()["kid"].partition("#")[2]
    return jwt.decode(token, keys.get_by_kid(kid), algorithms=["ES256"]).claims


def test_a_new_key_retires_the_one_before(build: Builder) -> None:
    by = build.actor(now=NOW)
    first = db.session.get_one(StatementKey, statements.make_key(by))
    second = db.session.get_one(StatementKey, statements.make_key(by))
    assert (first.state, first.valid_until) == (StatementKeyState.RETIRED, NOW)
    assert statements.active_key() == second and first.kid != second.kid
    records = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "make_key")).all()
    assert [one.subject for one in records] == ["statement_key"] * 2
    assert "PRIVATE" not in str([one.after for one in records])
    kids = [key["kid"] for key in statements_keys.key_set()["keys"]]
    assert kids == [second.kid, first.kid]
    assert all(
        set(key) == {"crv", "kty", "x", "y", "kid", "alg", "use"}
        for key in statements_keys.key_set()["keys"]
    )


def test_a_key_is_named_by_its_thumbprint(build: Builder) -> None:
    statements.make_key(build.actor(now=NOW))
    ours = jwk.ECKey.import_key(_key().public)
    assert statements.thumbprint(statements.jwk_of(_key())).hex()[:8] == _key().kid
    assert ours.thumbprint() == statements._part(statements.thumbprint(statements.jwk_of(_key())))


def test_the_private_key_is_unreadable_in_the_database(build: Builder) -> None:
    statements.make_key(build.actor(now=NOW))
    stored = db.session.scalar(text("SELECT private FROM statement_key"))
    assert "PRIVATE KEY" in _key().private and "PRIVATE" not in stored


def test_a_compromised_key_signs_nothing_more_and_is_no_longer_given_out(build: Builder) -> None:
    _issued(build)
    by, key = build.actor(now=AFTER), _key()
    with pytest.raises(Refused, match="still to come"):
        statements.report_compromise(by, key.id, since=date(2030, 1, 1), reason="遗失")
    statements.report_compromise(by, key.id, since=date(2026, 10, 1), reason="遗失")
    assert key.state is StatementKeyState.COMPROMISED and key.valid_until == AFTER
    assert statements.active_key() is None
    assert statements_keys.key_set() == {"keys": []}
    assert statements_badges.issuer_of(SITE)["verificationMethod"] == []
    (known,) = statements_keys.checking_set()["keys"]
    assert (known["state"], known["compromised_at"]) == ("compromised", "2026-10-01")
    with pytest.raises(Missing):
        statements_badges.badge_of(_all()[0], SITE, with_name=False)
    with pytest.raises(Missing):
        statements.report_compromise(by, 999_999, since=date(2026, 1, 1), reason="x")
    with pytest.raises(Refused, match="not possible"):
        statements.report_compromise(by, key.id, since=date(2026, 10, 1), reason="again")


def test_every_certificate_gets_a_signed_statement_and_a_place(build: Builder) -> None:
    _issued(build, ("90", "80", "70"))
    for one in _all():
        said = _read(one)
        assert (said.name, said.number) == (one.facts["name"], one.number)
        assert said.digest == one.digest[:32] and said.issued_on.isoformat() == one.facts["date"]
        assert one.status_list is not None
        assert (said.status_list, said.status_index) == (one.status_list.number, one.status_index)
    assert len({one.status_index for one in _all()}) == 3


def test_the_same_facts_have_the_same_signature(build: Builder) -> None:
    statements.make_key(build.actor(now=NOW))
    assert statements.sign(_key(), b"facts") == statements.sign(_key(), b"facts")
    assert not statements.is_signed(_key(), b"facts", bytes(64))


def test_without_a_key_the_code_is_a_plain_link(build: Builder) -> None:
    _issued(build, key=False)
    (one,) = _all()
    assert one.statement is None and one.status_index is not None
    assert statements_issuing.link(one, CHECK) == CHECK
    with pytest.raises(Missing):
        statements_status.publish(SITE, 1, Purpose.REVOCATION, AFTER)


def test_the_code_on_the_paper_is_the_statement(build: Builder, tmp_path: Path) -> None:
    _issued(build)
    (one,) = _all()
    made = certificates_layouts.pdf_of(one, CHECK, tmp_path)
    (found,) = zxingcpp.read_barcodes(picture_of(made))
    assert found.text == f"{CHECK}#{one.statement}"
    assert made == certificates_layouts.pdf_of(one, CHECK, tmp_path)
    statements.make_key(build.actor(now=AFTER))  # a new key alters nothing that was issued
    assert made == certificates_layouts.pdf_of(one, CHECK, tmp_path)


def test_places_are_drawn_and_not_counted(build: Builder) -> None:
    _issued(build, tuple("9" * 8))
    places = [one.status_index for one in _all()]
    assert len(set(places)) == len(places) > 4
    assert places != sorted(places, key=lambda place: place or 0)  # type: ignore[type-var]
    assert max(place or 0 for place in places) > 1000


def test_a_new_list_begins_when_one_is_full(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements_issuing, "FULL", 2)
    monkeypatch.setattr(statements_issuing, "SIZE", 4)
    _issued(build, ("90", "80", "70"))
    numbers = [one.status_list and one.status_list.number for one in _all()]
    assert sorted(number or 0 for number in numbers) == [1, 1, 2]
    assert statements_status.list_fillings() == [(1, 2, 131_072), (2, 1, 131_072)]
    assert statements_status.list_numbers() == [1, 2]


def test_revoking_sets_the_bit_at_once(build: Builder) -> None:
    story = _issued(build, ("90", "80"))
    one, _ = _all()
    before = statements_status.publish(SITE, 1, Purpose.REVOCATION, AFTER)
    assert before == statements_status.publish(SITE, 1, Purpose.REVOCATION, AFTER)
    assert _set(before) == set()
    later = AFTER + timedelta(minutes=1)
    certificates.revoke(story.actor("bureau_staff", later), one.id, reason="冒名")
    after = statements_status.publish(SITE, 1, Purpose.REVOCATION, later)
    assert _set(after) == {one.status_index} and after.digest != before.digest
    assert _set(statements_status.publish(SITE, 1, Purpose.SUSPENSION, later)) == set()
    claims = _wholly(after.token)
    assert claims["validFrom"] == "2026-10-15T04:01:00Z" and claims["issuer"] == SITE.did
    with pytest.raises(Missing):
        statements_status.publish(SITE, 2, Purpose.REVOCATION, later)


def _set(made: statements_status.Published) -> set[int]:
    subject = _wholly(made.token)["credentialSubject"]
    assert subject["type"] == "BitstringStatusList"
    bits = decode_encoded_list(subject["encodedList"])
    assert len(bits) == 16_384
    return set(set_indices(bits))


def test_replaced_results_suspend_until_somebody_decides(build: Builder) -> None:
    _issued(build)
    (one,) = _all()
    one.award.revision.state = RevisionState.SUPERSEDED
    db.session.commit()
    assert _set(statements_status.publish(SITE, 1, Purpose.SUSPENSION, AFTER)) == {one.status_index}
    assert _set(statements_status.publish(SITE, 1, Purpose.REVOCATION, AFTER)) == set()


def _anchored() -> tuple[OB3Verifier, Any]:
    """Return an independent reader of badges that fetches everything from us."""
    document = json.dumps(statements_badges.issuer_of(SITE)).encode()

    def download(address: str, **_more: Any) -> bytes:
        if address == "https://skills.example/.well-known/did.json":
            return document
        number, purpose = address.removeprefix("https://skills.example/status/").split("/")
        return statements_status.publish(SITE, int(number), Purpose(purpose), AFTER).token.encode()

    return OB3Verifier.for_issuer_did(SITE.did, download=download), download


def test_a_badge_is_verified_by_an_independent_reader(build: Builder) -> None:
    story = _issued(build)
    (one,) = _all()
    verifier, download = _anchored()
    token = statements_badges.badge_of(one, SITE, with_name=False)
    assert token == statements_badges.badge_of(one, SITE, with_name=False)
    found = verifier.verify(token, check_status=True, download=download)
    assert found.issuer.id == "did:web:skills.example"
    assert one.facts["award"] in found.achievement.name
    assert one.facts["name"] not in str(_wholly(token))
    statements.make_key(build.actor(now=AFTER))  # a retired key still proves what it signed
    verifier, download = _anchored()
    assert verifier.verify(token, check_status=True, download=download)
    certificates.revoke(story.actor("bureau_staff", AFTER), one.id, reason="冒名")
    with pytest.raises(OB3VerificationError, match="revocation"):
        verifier.verify(token, check_status=True, download=download)
    head, body, signature = token.split(".")
    with pytest.raises(OB3VerificationError):
        verifier.verify(".".join((head, body[:-8] + "AAAAAAAA", signature)))


def test_the_name_stands_in_a_badge_only_as_its_holder_wishes(build: Builder) -> None:
    _issued(build)
    (one,) = _all()
    hidden = _wholly(statements_badges.badge_of(one, SITE, with_name=False))
    (identity,) = hidden["credentialSubject"]["identifier"]
    assert identity["hashed"] is True
    assert identity["identityHash"] == hashed(one.facts["name"], identity["salt"])
    shown = _wholly(statements_badges.badge_of(one, SITE, with_name=True))
    (identity,) = shown["credentialSubject"]["identifier"]
    assert (identity["hashed"], identity["identityHash"]) == (False, one.facts["name"])


def test_an_issuer_is_named_by_host_and_port() -> None:
    assert Site("http://127.0.0.1:8000").did == "did:web:127.0.0.1%3A8000"
    assert Site("https://a.example/city/").did == "did:web:a.example:city"
    assert Site("https://a.example").key("0102") == "did:web:a.example#0102"


def test_no_list_is_there_before_the_first_certificate(build: Builder) -> None:
    assert db.session.scalars(select(StatusList)).all() == []
    assert build.event().state is EventState.DRAFT
