"""A draft travels in the form: rules that are not saved yet, packed into one signed field."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, Signer
from werkzeug.exceptions import BadRequest


def pack(data: Any) -> str:
    """Return plain data as one short line that only this program can make."""
    text = json.dumps(data, ensure_ascii=False, default=lambda number: format(number, "f"))
    return str(_signer().sign(urlsafe_b64encode(zlib.compress(text.encode(), 6))).decode())


def unpack(line: str) -> Any:
    """Return packed data; what this program didn't make is no request of ours."""
    try:
        packed = _signer().unsign(line.encode())
    except BadSignature:
        raise BadRequest from None
    return json.loads(zlib.decompress(urlsafe_b64decode(packed)))


def _signer() -> Signer:
    return Signer(current_app.secret_key or "", salt="draft of rules")
