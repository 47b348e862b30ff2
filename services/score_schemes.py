"""Scheme files that come and go through the browser: written out, uploaded, shipped with it."""

import json
from decimal import Decimal
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

import yaml

from rules.plans import EventPlan
from rules.refusals import Refused
from rules.regulations import Regulations
from rules.scheme_trees import bare
from rules.schemes import Scheme
from rules.texts import N_
from services.score_files import BadFile, FileProblem, decoded, regulations_of

# Far more than the largest scheme needs; reading more would keep the others waiting.
LARGEST = 512 * 1024
KINDS = (".yaml", ".yml", ".json")
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def write_yaml(scheme: Scheme, plan: EventPlan) -> bytes:
    """Write a scheme file in YAML; what holds its default is left out."""
    data = bare(Regulations(scheme=scheme, plan=plan))
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    return str(text).encode()


def write_json(scheme: Scheme, plan: EventPlan) -> bytes:
    """Write a scheme file in JSON; what holds its default is left out."""
    data = bare(Regulations(scheme=scheme, plan=plan))
    return (json.dumps(data, ensure_ascii=False, indent=2, default=_number) + "\n").encode()


def _number(value: Decimal) -> float | int | str:
    """Return a number that is written as it is; one that would be rounded is a text."""
    short = float(value)
    if Decimal(repr(short)) == value and "e" not in repr(short):
        return int(value) if value == value.to_integral_value() else short
    return format(value, "f")


if TYPE_CHECKING:
    from yaml import SafeDumper as _SafeDumper
else:  # the same in C, where it is there: a large scheme takes a quarter of the time
    _SafeDumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_SafeDumper):
    """Writes exact decimals plainly and never refers from one place to another."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    exact = value == value.to_integral_value()
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'int' if exact else 'float'}", f"{value:f}")


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    """Write a text; signs that YAML takes for an end of line need quotation marks."""
    style = '"' if any(sign in value for sign in "\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(str, _text)


def read_upload(raw: bytes, name: str) -> Regulations:
    """Read an uploaded scheme file; raise BadFile with all problems by line and column."""
    file = File(File(name.replace("\\", "/")).name or "scheme.yaml")
    if len(raw) > LARGEST:
        raise BadFile([_whole(file, N_("A scheme file has at most 512 KB."))])
    if not raw.strip():
        raise BadFile([_whole(file, N_("The file is empty."))])
    text = decoded(raw, file)
    if file.suffix.lower() != ".json":
        _refuse_aliases(text, file)
    return regulations_of(text, file)


def _refuse_aliases(text: str, file: File) -> None:
    """Refuse references inside a file: a few lines of them can stand for millions of values."""
    try:
        for token in yaml.scan(text, Loader=_FAST):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
                place = (token.start_mark.line + 1, token.start_mark.column + 1)
                refused = Refused(N_("Write this out: references (& and *) cannot be used."))
                raise BadFile([FileProblem(str(file), *place, "", refused)])
    except yaml.YAMLError:
        return  # what is no YAML is said by the reader, with its place


def _whole(file: File, text: str) -> FileProblem:
    return FileProblem(str(file), 1, 1, "", Refused(text))
