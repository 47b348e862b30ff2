"""The files by which a province takes entries from its cities and gives results back.

Both are JSON with a version and a digest over everything else in them; docs/exchange.md says what
each field means, docs/exchange.schema.json is made from the models here.
"""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError

from rules.data import RuleData
from rules.provincial import EntrantStatus, EventFormat, Medal
from rules.refusals import Refused
from rules.texts import N_

VERSION = 1
REFERENCE = r"^[0-9A-Za-z._-]{6,40}$"
LARGEST = 20 * 2**20
DIGEST = "digest"


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


Exchange = TypeVar("Exchange", EntriesFile, ResultsFile)


def written(content: EntriesFile | ResultsFile) -> bytes:
    """Return a file: its content, and the digest over it."""
    facts = content.model_dump(mode="json")
    facts[DIGEST] = _digest(facts)
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()


def read(data: bytes, kind: type[Exchange]) -> Exchange:
    """Read a file; refuse what was changed on the way, what is older or newer, or no such file."""
    if len(data) > LARGEST:
        raise Refused(N_("The file is too large."), "file")
    try:
        facts = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(N_("This is no exchange file."), "file") from error
    if not isinstance(facts, dict) or facts.get("format") != kind.model_fields["format"].default:
        raise Refused(N_("This is no exchange file."), "file")
    return _checked(facts, kind)


def _checked(facts: dict[str, Any], kind: type[Exchange]) -> Exchange:
    if facts.get("version") != VERSION:
        raise Refused(N_("This file has another version than the one that is read here."), "file")
    given = facts.pop(DIGEST, None)
    if given != _digest(facts):
        text = N_("The file was changed after it was made: its digest does not fit.")
        raise Refused(text, "file")
    try:
        return kind.model_validate(facts)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        text = N_("The file does not follow the format at %(place)s.")
        raise Refused(text, "file", place=place) from error


def _digest(facts: dict[str, Any]) -> str:
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def schema() -> dict[str, Any]:
    """Return the JSON schema of both files."""
    defs = {"entries": EntriesFile.model_json_schema(), "results": ResultsFile.model_json_schema()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Skillstar exchange files, version 1",
        "$defs": defs,
    }
