"""A key that never leaves its token: signing through PKCS#11."""

import hashlib
import threading
from collections.abc import Callable
from typing import Any

from pkcs11 import Attribute, Mechanism, ObjectClass, PKCS11Error
from pkcs11 import lib as load
from pkcs11.types import Session
from pkcs11.util.ec import encode_ecdsa_signature

from rules.texts import N_
from services.certificates_cms import Unsuitable

Sign = Callable[[bytes], bytes]
_LOCK = threading.Lock()  # many tokens do one thing at a time


def open_token(module: str, token: str, label: str, pin: str) -> tuple[Sign, bytes, list[bytes]]:
    """Return what signs with a token's key, its certificate, and the others that lie there."""
    try:
        session = load(module).get_token(token_label=token).open(user_pin=pin)
        key: Any = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)
        named = _certificates(session, {Attribute.LABEL: label})
        all_of_them = _certificates(session, {})
    except PKCS11Error as error:
        raise Unsuitable(type(error).__name__) from None
    if not named:
        raise Unsuitable(N_("There is no certificate with the label of the key in the token."))
    return _signing(key), named[0], [one for one in all_of_them if one != named[0]]


def _certificates(session: Session, wanted: dict[Attribute, Any]) -> list[bytes]:
    query = {Attribute.CLASS: ObjectClass.CERTIFICATE} | wanted
    return [bytes(one[Attribute.VALUE]) for one in session.get_objects(query)]


def _signing(key: Any) -> Sign:
    curve = key.key_type.name == "EC"

    def sign(said: bytes) -> bytes:
        with _LOCK:
            if curve:
                value = key.sign(hashlib.sha256(said).digest(), mechanism=Mechanism.ECDSA)
                return bytes(encode_ecdsa_signature(value))
            return bytes(key.sign(said, mechanism=Mechanism.SHA256_RSA_PKCS))

    return sign
