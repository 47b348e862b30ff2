"""Scheme files as they go out of the browser and come back into it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.plans import EventPlan, default_event_plan, default_scheme
from rules.refusals import Refused
from rules.schemes import Aspect
from services.score_files import BadFile, read_regulations
from services.score_schemes import LARGEST, read_upload, write_json, write_yaml

SCHEMES = sorted((Path(__file__).parents[2] / "docs/schemes").glob("*.yaml"))


@pytest.mark.parametrize("file", SCHEMES, ids=lambda file: file.stem)
def test_every_ready_scheme_is_the_same_after_download_and_upload(
    file: Path, tmp_path: Path
) -> None:
    before = read_regulations(file)
    for written, name in (
        (write_yaml(before.scheme, before.plan), "scheme.yaml"),
        (write_json(before.scheme, before.plan), "scheme.json"),
    ):
        after = read_upload(written, name)
        assert after == before
        kept = tmp_path / name
        kept.write_bytes(written)
        assert read_regulations(kept) == before  # as the command reads it
        assert after.digest() == before.digest()


def test_the_usual_rules_make_a_short_file() -> None:
    text = write_yaml(default_scheme(), default_event_plan()).decode()
    assert "weight: 20\n" in text and "max_spread: 10\n" in text
    assert "drop_from" not in text and "missing" not in text


@given(
    st.text(min_size=1, max_size=40),
    st.decimals(min_value="0.0000000001", max_value="999999999", places=10),
)
def test_no_text_and_no_number_is_changed_on_the_way(title: str, maximum: object) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in title):
        return
    scheme = default_scheme(title=title)
    part = scheme.parts[0]
    aspect = Aspect.model_validate(
        {"key": "x", "title": title, "maximum": maximum, "step": maximum}
    )
    section = part.sections[0].model_copy(update={"aspects": (aspect,)})
    parts = (part.model_copy(update={"sections": (section,)}), *scheme.parts[1:])
    scheme = scheme.model_copy(update={"parts": parts})
    for write, name in ((write_yaml, "s.yaml"), (write_json, "s.json")):
        assert read_upload(write(scheme, EventPlan()), name).scheme == scheme


def said(raw: bytes, name: str = "s.yaml") -> list[str]:
    with pytest.raises(BadFile) as bad:
        read_upload(raw, name)
    return [str(problem) for problem in bad.value.problems]


def test_all_problems_are_said_with_line_and_column() -> None:
    raw = write_yaml(default_scheme(), default_event_plan())
    wrong = raw.replace(b"weight: 20", b"weight: 25").replace(b"step:", b"stop:")
    wrong = wrong.replace(b"places: 1", b"places: many")
    found = said(wrong, r"C:\Users\me\my scheme.yaml")
    assert len(found) >= 2
    assert all(line.startswith("my scheme.yaml:") for line in found)
    assert any("105" in line for line in found) and any("places" in line for line in found)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"a: &x [1]\nb: *x\n", "references"),
        (b"\x00\x01\x02", "YAML"),
        (b"scheme: [", "YAML"),
        (b"- 1\n- 2\n", "no marking scheme"),
    ],
)
def test_what_is_no_scheme_is_refused(raw: bytes, text: str) -> None:
    assert text in said(raw)[0]


def test_nothing_in_a_file_is_run(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    said(f"scheme: !!python/object/apply:pathlib.Path.touch ['{trace}']".encode())
    assert not trace.exists()


def test_a_bomb_of_references_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert "references" in said("\n".join(lines).encode())[0]


def test_a_file_that_is_too_large_is_not_read() -> None:
    assert "512" in said(b"x" * (LARGEST + 1))[0]
    with pytest.raises(Refused):
        read_upload(b"x" * (LARGEST + 1), "x.json")
