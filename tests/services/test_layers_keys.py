"""Keys and passphrases: kept nowhere, counted when wrong, and useless to others."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models.audits import AuditRecord
from models.database import db
from models.layers import Keyholder
from rules.refusals import Missing, Refused
from services import layers_keys
from services.layers_keys import FREE_ATTEMPTS, LONGEST_WAIT
from services.transaction import Repeated
from tests.builders import NOW, Builder
from tests.sealed_rooms import PASSPHRASE, made_key

WRONG = "a wrong winter evening"


@pytest.fixture
def key(build: Builder) -> Keyholder:
    """The key of a sealer; it opens with PASSPHRASE."""
    account = build.account("sealer")
    layers_keys.store_key(build.actor(account), made_key(0))
    found = layers_keys.find_key(account.id)
    assert found is not None
    return found


def test_a_key_opens_with_its_passphrase_only(build: Builder, key: Keyholder) -> None:
    by = build.actor(key.account)
    assert layers_keys.check_own_key(by, key.id, PASSPHRASE) == key.id
    with pytest.raises(Refused, match="not the passphrase"):
        layers_keys.check_own_key(by, key.id, WRONG)


def test_full_width_letters_are_the_same_passphrase(build: Builder) -> None:
    account = build.account("sealer")
    by = build.actor(account)
    key_id = layers_keys.make_key(by, "ＡＢＣ甲乙丙丁戊己庚辛壬")
    assert layers_keys.check_own_key(by, key_id, "ABC甲乙丙丁戊己庚辛壬") == key_id


def test_what_is_encrypted_for_a_key_only_that_key_opens(build: Builder, key: Keyholder) -> None:
    secret = layers_keys.unlock(build.actor(key.account), key.id, PASSPHRASE)
    box = layers_keys.box_for(key, b"table")
    assert layers_keys.open_box(secret, box) == b"table"
    assert box != layers_keys.box_for(key, b"table")


@pytest.mark.parametrize(
    ("passphrase", "why"),
    [
        ("short one", "at least 12 characters"),
        ("aaaabbbbaaaabbbb", "too few characters"),
        ("my name is {username}, remember", "user name"),
    ],
)
def test_weak_passphrases_are_refused(build: Builder, passphrase: str, why: str) -> None:
    account = build.account("sealer")
    typed = passphrase.format(username=account.username.upper())
    with pytest.raises(Refused, match=why) as caught:
        layers_keys.make_key(build.actor(account), typed)
    assert caught.value.field == "passphrase"
    assert layers_keys.find_key(account.id) is None


def test_a_new_key_replaces_the_old_one_and_keeps_it(build: Builder, key: Keyholder) -> None:
    by = build.actor(key.account)
    new = layers_keys.store_key(by, made_key(1))
    held = layers_keys.list_keys(key.account_id)
    assert [(one.key.id, one.key.replaced_at is None) for one in held] == [
        (new, True),
        (key.id, False),
    ]
    assert layers_keys.check_own_key(by, key.id, PASSPHRASE) == key.id


def test_too_many_wrong_passphrases_make_the_owner_wait_longer_and_longer(
    build: Builder, key: Keyholder
) -> None:
    account, now, waits = key.account, NOW, []
    for _ in range(FREE_ATTEMPTS + 3):
        with pytest.raises(Refused, match="not the passphrase"):
            layers_keys.check_own_key(build.actor(account, now), key.id, WRONG)
        until = db.session.get_one(Keyholder, key.id, populate_existing=True).locked_until
        waits.append(int((until - now).total_seconds()) if until else 0)
        now = until or now
    assert waits == [0, 0, 0, 0, 15, 30, 60, 120]
    with pytest.raises(Refused, match="Try again in 1 seconds"):
        before = build.actor(account, now - timedelta(milliseconds=200))
        layers_keys.check_own_key(before, key.id, PASSPHRASE)
    layers_keys.check_own_key(build.actor(account, now), key.id, PASSPHRASE)
    kept = db.session.get_one(Keyholder, key.id, populate_existing=True)
    assert (kept.failures, kept.locked_until, kept.tested_at) == (0, None, now)


def test_the_wait_has_an_end(build: Builder, key: Keyholder) -> None:
    key.failures = 500
    db.session.commit()
    layers_keys.begin_attempt(build.actor(key.account), key.id)
    kept = db.session.get_one(Keyholder, key.id, populate_existing=True)
    assert kept.locked_until == NOW + LONGEST_WAIT


def test_attempts_are_counted_before_they_are_tried(build: Builder, key: Keyholder) -> None:
    """Many guesses sent at once do not slip past the count."""
    by = build.actor(key.account)
    for _ in range(FREE_ATTEMPTS):
        layers_keys.begin_attempt(by, key.id)
    with pytest.raises(Refused, match="Too many"):
        layers_keys.begin_attempt(by, key.id)


def test_somebody_elses_key_cannot_be_tried(build: Builder, key: Keyholder) -> None:
    with pytest.raises(Missing):
        layers_keys.check_own_key(build.actor(build.account("administrator")), key.id, PASSPHRASE)


def test_a_wrong_passphrase_is_recorded_and_leaves_the_request_key_free(
    build: Builder, key: Keyholder
) -> None:
    by = build.actor(key.account)
    sent = type(by)(by.account_id, by.now, "test", "one-form")
    for _ in range(2):  # the same form, corrected and sent again
        with pytest.raises(Refused):
            layers_keys.unlock(sent, key.id, WRONG)
    found = db.session.scalars(db.select(AuditRecord).where(AuditRecord.action == "mistype")).all()
    assert [(row.subject_id, row.after, row.request_key) for row in found] == [
        (key.id, {"count": 1}, None),
        (key.id, {"count": 2}, None),
    ]


def test_one_form_makes_one_key(build: Builder) -> None:
    account = build.account("sealer")
    by = build.actor(account)
    sent = type(by)(by.account_id, by.now, "test", "one-form")
    layers_keys.store_key(sent, made_key(0))
    with pytest.raises(Repeated):
        layers_keys.store_key(sent, made_key(1))


def test_the_passphrase_stands_nowhere_in_the_database(
    build: Builder, key: Keyholder, session: Session
) -> None:
    layers_keys.check_own_key(build.actor(key.account), key.id, PASSPHRASE)
    for table in db.metadata.tables.values():
        for row in session.connection().execute(db.select(table)):
            assert PASSPHRASE not in " ".join(str(value) for value in row), table.name
