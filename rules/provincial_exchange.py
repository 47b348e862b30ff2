"""The files by which a province takes entries from its cities and gives results back.

Both are JSON with a version, a digest over everything else in them, and the signature of the
installation that made them; docs/exchange.md says what each field means, docs/exchange.schema.json
is made from the models here. The same as a spreadsheet: services/provincial_exchange_tables.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic.json_schema import models_json_schema

from rules.data import RuleData
from rules.provincial import EntrantStatus, EventFormat, Medal
from rules.refusals import Refused
from rules.texts import N_

VERSION = 1
REFERENCE = r"^[0-9A-Za-z._-]{6,40}$"
BASE64 = r"^[0-9A-Za-z_-]{43}$"
NO_EXCHANGE = N_("This is no exchange file.")
LARGEST = 20 * 2**20
DIGEST, SIGNATURE = "digest", "signature"


class ExchangePerson(RuleData):
    """A person as identity documents say; whoever has the file must guard it."""

    name: str = Field(min_length=1, max_length=60)
    id_kind: str = Field(max_length=24)
    id_number: str = Field(min_length=4, max_length=40)
    phone: str = Field(default="", max_length=30)
    birth_date: date | None = None
    sex: Literal["M", "F"] | None = None


class ExchangeEntry(RuleData):
    """One entry: a person or team in an event; ``reference`` names it in both directions."""

    reference: str = Field(pattern=REFERENCE)
    event_code: str = Field(max_length=20)
    event: str = Field(min_length=1, max_length=60)
    format: EventFormat
    status: EntrantStatus
    employer: str = Field(default="", max_length=120)
    members: tuple[ExchangePerson, ...] = Field(min_length=1, max_length=3)
    coaches: tuple[ExchangePerson, ...] = Field(default=(), max_length=10)


class EntriesFile(RuleData):
    """All entries of one delegation, as the form of that number was sent."""

    format: Literal["skillstar-entries"] = "skillstar-entries"
    version: Literal[1] = 1
    contest_code: str = Field(max_length=20)
    contest: str = Field(max_length=120)
    delegation: str = Field(min_length=1, max_length=80)
    form: int = Field(ge=1)
    form_digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    entries: tuple[ExchangeEntry, ...] = Field(min_length=1, max_length=2000)


class ExchangeResult(RuleData):
    """The result of one entry; ``absent`` did not start."""

    reference: str = Field(pattern=REFERENCE)
    name: str = Field(default="", max_length=200)
    rank: int | None = Field(default=None, ge=1, le=9999)
    total: Decimal | None = Field(default=None, max_digits=16, decimal_places=6)
    medal: Medal | None = None
    prize: str = Field(default="", max_length=40)
    absent: bool = False


class ResultsFile(RuleData):
    """The final results of one delegation's entries."""

    format: Literal["skillstar-results"] = "skillstar-results"
    version: Literal[1] = 1
    contest_code: str = Field(max_length=20)
    contest: str = Field(max_length=120)
    delegation: str = Field(min_length=1, max_length=80)
    document: str = Field(default="", max_length=160)
    results: tuple[ExchangeResult, ...] = Field(min_length=1, max_length=2000)


class KeyOfSigner(RuleData):
    """A public key on P-256 as JWK (RFC 7517)."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str = Field(pattern=BASE64)
    y: str = Field(pattern=BASE64)


class Signature(RuleData):
    """ES256 over the file without this field, as JSON with sorted keys and no spaces."""

    key: KeyOfSigner
    value: str = Field(pattern=r"^[0-9A-Za-z_-]{86}$")


Exchange = TypeVar("Exchange", EntriesFile, ResultsFile)


@dataclass(frozen=True, slots=True)
class Opened(Generic[Exchange]):
    """A file as read: what it says, what was signed of it, and by whom, if by anybody."""

    content: Exchange
    text: bytes
    signature: Signature | None


def facts_of(content: EntriesFile | ResultsFile) -> dict[str, Any]:
    """Return what a file says, with the digest over it."""
    facts = content.model_dump(mode="json")
    facts[DIGEST] = _digest(facts)
    return facts


def signed_text(facts: dict[str, Any]) -> bytes:
    """Return the bytes that are signed: everything but the signature, the digest too."""
    return _plain({key: value for key, value in facts.items() if key != SIGNATURE})


def written(content: EntriesFile | ResultsFile, signature: Signature | None = None) -> bytes:
    """Return a file: its content, the digest over it, and a signature over both."""
    facts = facts_of(content)
    if signature is not None:
        facts[SIGNATURE] = signature.model_dump(mode="json")
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()


def read(data: bytes, kind: type[Exchange]) -> Exchange:
    """Read a file; refuse what was changed on the way, what is older or newer, or no such file."""
    return opened(parsed(data), kind).content


def parsed(data: bytes) -> dict[str, Any]:
    """Return the fields of a file of JSON; refuse all else."""
    if len(data) > LARGEST:
        raise Refused(N_("The file is too large."), "file")
    try:
        facts = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(NO_EXCHANGE, "file") from error
    if not isinstance(facts, dict):
        raise Refused(NO_EXCHANGE, "file")
    return facts


def opened(facts: dict[str, Any], kind: type[Exchange]) -> Opened[Exchange]:
    """Check the fields of a file, from wherever they come; the signature is still to be checked."""
    if facts.get("format") != kind.model_fields["format"].default:
        raise Refused(NO_EXCHANGE, "file")
    if facts.get("version") != VERSION:
        raise Refused(N_("This file has another version than the one that is read here."), "file")
    text = signed_text(facts)
    rest = {key: value for key, value in facts.items() if key not in (DIGEST, SIGNATURE)}
    if facts.get(DIGEST) != _digest(rest):
        changed = N_("The file was changed after it was made: its digest does not fit.")
        raise Refused(changed, "file")
    try:
        given = facts.get(SIGNATURE)
        signature = None if given is None else Signature.model_validate(given)
        return Opened(kind.model_validate(rest), text, signature)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        wrong = N_("The file does not follow the format at %(place)s.")
        raise Refused(wrong, "file", place=place) from error


def signer_problem(signer: str, known: Collection[str]) -> Refused | None:
    """Say why a file cannot be taken over by who signed it; ``known`` are keys of its sender.

    Whoever has a known key signs with it; a new key counts once somebody has compared it.
    """
    if signer in known:
        return None
    if known and not signer:
        return Refused(N_("Files of this sender are signed; this one is not."))
    if known:
        return Refused(N_("This file is signed with another key than the one known of its sender."))
    if signer:
        return Refused(N_("Compare the key of this file with its sender first."))
    return None


def shown_key(thumbprint: str) -> str:
    """Return the name of a key so that two people can compare it by telephone."""
    return " ".join(thumbprint[place : place + 4] for place in range(0, 32, 4))


def _digest(facts: dict[str, Any]) -> str:
    return hashlib.sha256(_plain(facts)).hexdigest()


def _plain(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def schema() -> dict[str, Any]:
    """Return the JSON schema of both files."""
    files = (EntriesFile, ResultsFile)
    models = [(one, "validation") for one in (*files, Signature)]
    _, made = models_json_schema(models, ref_template="#/$defs/{model}")  # type: ignore[arg-type]
    defs = made["$defs"]
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    for one in files:
        model = defs[one.__name__]
        model["properties"] |= {DIGEST: digest, SIGNATURE: {"$ref": "#/$defs/Signature"}}
        model["required"] = ["format", "version", *model["required"], DIGEST]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Skillstar exchange files, version 1",
        "oneOf": [{"$ref": f"#/$defs/{one.__name__}"} for one in files],
        "$defs": defs,
    }
