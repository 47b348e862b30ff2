"""Public keys of statements, as others read them."""

from typing import Any

from models.statements import StatementKey
from rules.statements import DICTIONARY
from services.acting import ZONE
from services.statements import jwk_of, list_keys, list_trusted


def key_set() -> dict[str, Any]:
    """Return the keys as a JWK set (RFC 7517), without those that others may have."""
    return {"keys": [{**jwk_of(key), **_about(key)} for key in list_trusted()]}


def checking_set() -> dict[str, Any]:
    """Return all keys for the checker, each with its state, and the dictionary of statements."""
    keys = [{**jwk_of(key), **_about(key), **_life(key)} for key in list_keys()]
    return {"keys": keys, "dictionary": DICTIONARY.decode("utf-16-be")}


def _about(key: StatementKey) -> dict[str, str]:
    return {"kid": key.kid, "alg": "ES256", "use": "sig"}


def _life(key: StatementKey) -> dict[str, str | None]:
    days = {
        "valid_from": key.valid_from,
        "valid_until": key.valid_until,
        "compromised_at": key.compromised_at,
    }
    said = {
        name: day.astimezone(ZONE).date().isoformat() if day is not None else None
        for name, day in days.items()
    }
    return {"state": key.state.value, **said}
