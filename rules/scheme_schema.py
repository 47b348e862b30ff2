"""The JSON Schema of a scheme file, made from the models."""

from typing import Any

from rules.regulations import Regulations


def scheme_schema() -> dict[str, Any]:
    """Return the JSON Schema of scheme files, as written out."""
    schema = Regulations.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Skillstar scheme file"
    cleaned: dict[str, Any] = _cleaned(schema)
    return cleaned


def _cleaned(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_cleaned(item) for item in schema]
    if isinstance(schema, dict):
        return {k: _cleaned(v) for k, v in schema.items() if k != "added_later"}
    return schema
