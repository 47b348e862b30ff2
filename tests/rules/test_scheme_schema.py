"""The published JSON Schema is the one that the models make."""

import json
from pathlib import Path

from rules.scheme_schema import scheme_schema

FILE = Path(__file__).parents[2] / "docs/scheme.schema.json"


def test_the_published_schema_is_up_to_date():
    assert json.loads(FILE.read_text(encoding="utf-8")) == scheme_schema()
