"""Pages of statements: the administrator's keys, and what everybody reads."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from flask.testing import FlaskClient
from openbadgeslib.ob3 import OB3Verifier
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from models.statements import StatementKey
from rules.statements import read, signable, written
from rules.states import StatementKeyState
from services import certificates, statements
from tests.builders import Builder, sign_in
from tests.results_story import AFTER, NOW, Story

SCRIPT = Path(__file__).parents[2] / "static" / "check_certificate.py"


def _story(build: Builder) -> Story:
    statements.make_key(build.actor(now=NOW))
    story = Story(build)
    story.field(["80"])
    story.issued()
    return story


def _one() -> Certificate:
    return db.session.scalars(select(Certificate)).one()


def _keys() -> list[StatementKey]:
    return list(db.session.scalars(select(StatementKey).order_by(StatementKey.id)))


def test_an_administrator_makes_rotates_and_reports_keys(
    client: FlaskClient, build: Builder
) -> None:
    sign_in(client, build.account("administrator"))
    assert "尚无启用的密钥" in client.get("/statement-keys").text
    assert client.post("/statement-keys").status_code == 303
    assert client.post("/statement-keys").status_code == 303
    old, new = _keys()
    assert (old.state, new.state) == (StatementKeyState.RETIRED, StatementKeyState.ACTIVE)
    page = client.get("/statement-keys").text
    assert old.kid in page and new.kid in page and "PRIVATE" not in page
    address = f"/statement-keys/{old.id}/compromise"
    refused = client.post(address, data={"since": "2020-01-01", "reason": ""})
    assert refused.status_code == 422 and 'value="2020-01-01"' in refused.text
    future = client.post(address, data={"since": "2999-01-01", "reason": "U盘遗失"})
    assert future.status_code == 422 and "该日期尚未到来" in future.text
    done = client.post(address, data={"since": "2020-01-01", "reason": "U盘遗失"})
    assert done.status_code == 303 and old.state is StatementKeyState.COMPROMISED
    assert "U盘遗失" in client.get("/statement-keys").text


def test_the_list_of_keys_takes_the_same_statements_for_one_and_many(
    client: FlaskClient,
    build: Builder,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    sign_in(client, build.account("administrator"))
    counts = []
    for presses in (1, 2):
        for _ in range(presses):
            client.post("/statement-keys")
        with statements() as seen:
            assert client.get("/statement-keys").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20


def test_everybody_reads_the_public_keys(client: FlaskClient, build: Builder) -> None:
    _story(build)
    (key,) = _keys()
    reply = client.get("/.well-known/jwks.json")
    assert reply.mimetype == "application/jwk-set+json"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert [one["kid"] for one in json.loads(reply.data)["keys"]] == [key.kid]
    document = json.loads(client.get("/.well-known/did.json").data)
    assert document["id"] == "did:web:localhost"
    assert document["assertionMethod"] == [f"did:web:localhost#{key.kid}"]
    assert '"d"' not in reply.text


def test_a_status_list_that_has_not_changed_is_not_sent_again(
    client: FlaskClient, build: Builder
) -> None:
    story = _story(build)
    first = client.get("/status/1/revocation")
    assert first.mimetype == "application/vc+jwt" and first.text.count(".") == 2
    same = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/status/1/revocation", headers=same)
    assert again.status_code == 304 and not again.data
    certificates.revoke(story.actor("bureau_staff", AFTER), _one().id, reason="冒名")
    changed = client.get("/status/1/revocation", headers=same)
    assert changed.status_code == 200 and changed.text != first.text
    for nothing in ("/status/2/revocation", "/status/1/other", "/status/99999999/revocation"):
        assert client.get(nothing).status_code == 404


def test_winner_and_official_download_the_badge(client: FlaskClient, build: Builder) -> None:
    statements.make_key(build.actor(now=NOW))
    story = Story(build)
    person = build.person()
    story.entry("80", "80", person=person)
    story.issued()
    (key,), address = _keys(), f"/certificates/{_one().id}/badge"
    reader = OB3Verifier(pubkey_pem=key.public)
    sign_in(client, build.account("contestant", person_id=person.id))
    page = client.get("/certificates").text
    assert f'href="{address}"' in page and f'href="{address}?name=1"' in page
    own = client.get(f"{address}?name=1")
    assert f"{_one().number}.jwt" in own.headers["Content-Disposition"]
    assert person.name in str(reader.verify(own.text).raw)
    client.post("/sign-out")
    sign_in(client, story.account("bureau_staff"))
    assert "name=1" not in client.get("/certificates").text
    official = client.get(f"{address}?name=1")
    assert person.name not in str(reader.verify(official.text).raw)
    certificates.revoke(story.actor("bureau_staff", AFTER), _one().id, reason="冒名")
    assert client.get(address).status_code == 404
    client.post("/sign-out")
    sign_in(client, build.account("contestant", person_id=build.person().id))
    assert client.get(address).status_code == 404


def test_officials_are_warned_while_there_is_no_key(client: FlaskClient, build: Builder) -> None:
    story = Story(build)
    story.field(["80"])
    story.final()
    sign_in(client, story.account("bureau_staff"))
    address = f"/contests/{story.contest.id}/certificates/preflight"
    assert "尚无声明密钥" in client.get(address).text
    statements.make_key(build.actor(now=NOW))
    assert "尚无声明密钥" not in client.get(address).text


def test_the_files_to_keep_hold_keys_lists_and_both_languages(
    client: FlaskClient, build: Builder
) -> None:
    empty = client.get("/verify/checker")
    assert empty.status_code == 200
    _story(build)
    (key,) = _keys()
    page = client.get("/verify/checker").text
    assert key.kid in page and "http://localhost/status/1/revocation" in page
    file = client.get("/verify/checker.html")
    assert "attachment" in file.headers["Content-Disposition"]
    assert key.kid in file.text and "离线核验证书" in file.text
    assert "Check a certificate without the internet" in file.text
    for away in ("src=", "href=", "http://localhost/static"):
        assert away not in file.text
    kept = json.loads(client.get("/verify/keys.json").data)
    assert [one["kid"] for one in kept["keys"]] == [key.kid] and "PRIVATE" not in str(kept)


def _run(*arguments: object) -> tuple[int, str]:
    """Run the script as somebody would who has nothing but Python and its library."""
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    return done.returncode, done.stdout


def test_the_script_says_the_same_without_us(
    client: FlaskClient, build: Builder, tmp_path: Path
) -> None:
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 100
    story = _story(build)
    one, keys, lists = _one(), tmp_path / "keys.json", tmp_path / "list.jwt"
    keys.write_bytes(client.get("/verify/keys.json").data)
    lists.write_bytes(client.get("/status/1/revocation").data)
    code, said = _run(keys, f"https://skills.example/verify/X#{one.statement}", lists)
    assert code == 0 and "SIGNED" in said and "revocation: no" in said
    for value in ("name", "number", "edition", "event", "award"):
        assert one.facts[value] in said
    statement, signed, signature = read(one.statement or "")
    forged = written(signable(replace(statement, name="王不对")), signature)
    assert _run(keys, forged)[0] == 1
    assert _run(keys, written(signable(replace(statement, key="00000000")), signature))[0] == 2
    assert _run(keys, (one.statement or "")[:-9])[0] in (1, 3)
    assert _run(keys, "nothing")[0] == 3
    certificates.revoke(story.actor("bureau_staff", AFTER), one.id, reason="冒名")
    lists.write_bytes(client.get("/status/1/revocation").data)
    code, said = _run(keys, one.statement, lists)
    assert code == 4 and "revocation: YES" in said
    lists.write_text(lists.read_text()[:-8] + "AAAAAAAA")
    assert "IGNORED" in _run(keys, one.statement, lists)[1]
    assert written(signed, signature) == one.statement
