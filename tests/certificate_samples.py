"""Sample papers of every kind, as they are looked at before a design is called fit to frame.

`python -m tests.certificate_samples FOLDER` writes each as PDF and as PNG, and all on one sheet.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from rules.certificate_designs import Design, layout_of
from rules.certificate_kinds import CertificateKind
from services.certificates_rendering import Paper, Renderer
from tests.certificate_people import CODE, FACTS, NAMES, URL

_K, _D = CertificateKind, Design
_EDITION = FACTS["edition"]
_BARE = {key: FACTS[key] for key in ("name", "edition", "issuers", "date", "number")}
_PLACED = _BARE | {"event": "数控车工", "division": "职工组"}


class Sample(NamedTuple):
    """A paper to look at: how it is called, its kind and design, what it says."""

    title: str
    kind: CertificateKind
    design: Design
    facts: dict[str, Any]


def _honour(title: str, design: Design, **more: Any) -> Sample:
    return Sample(title, _K.HONOUR, design, FACTS | more)


SAMPLES = (
    _honour("long_name", _D.A4_LANDSCAPE, name=NAMES[6]),
    _honour("rare_characters", _D.A4_LANDSCAPE, name="𬍛㛃䶮", honours=[]),
    _honour("middle_dot", _D.A4_PORTRAIT, name=NAMES[4], division="学生组"),
    _honour("pair", _D.A4_LANDSCAPE, name="张三、李四", event="互联网营销（双人）", award="二等奖"),
    _honour("triple", _D.A4_LANDSCAPE, name=NAMES[8], event="建筑信息模型（三人）", honours=[]),
    Sample(
        "team",
        _K.TEAM,
        _D.A4_LANDSCAPE,
        _PLACED
        | {
            "name": "慈溪市公牛电器股份有限公司代表队",
            "award": "一等奖",
            "members": ["张三", "李四", "王五"],
        },
    ),
    _honour("bilingual", _D.A4_BILINGUAL, name="欧阳震华", name_latin="Ouyang Zhenhua"),
    _honour(
        "english",
        _D.A4_BILINGUAL,
        name=NAMES[9],
        name_latin=NAMES[9],
        place_english="CNC Turning (Staff) at the 12th Cixi Skills Stars Contest",
    ),
    _honour("a3_portrait", _D.A3_PORTRAIT),
    Sample(
        "appointment",
        _K.APPOINTMENT,
        _D.A4_LANDSCAPE,
        _BARE
        | {
            "name": "王建平",
            "event": "数控车工",
            "role": "裁判长",
            "term": "2026年9月1日至2026年9月15日",
        },
    ),
    Sample("participation", _K.PARTICIPATION, _D.A4_LANDSCAPE, _PLACED),
    Sample("judge", _K.JUDGE, _D.A4_PORTRAIT, _BARE | {"event": "数控车工", "role": "裁判员"}),
    Sample(
        "coach",
        _K.COACH,
        _D.A4_LANDSCAPE,
        _PLACED
        | {
            "honours": ["优秀指导教师"],
            "trainees": ["张三", "李四"],
            "trainees_award": "一等奖",
        },
    ),
    Sample(
        "plaque",
        _K.PLAQUE,
        _D.A3_LANDSCAPE,
        _BARE | {"name": "慈溪市公牛电器股份有限公司", "award": "优秀组织奖"},
    ),
    Sample(
        "plaque_upright",
        _K.PLAQUE,
        _D.A4_PORTRAIT,
        _BARE | {"name": "慈溪技师学院", "award": "突出贡献奖"},
    ),
    Sample(
        "level",
        _K.LEVEL,
        _D.A4_PORTRAIT,
        _PLACED | {"occupation": "车工", "level": "三级/高级工"},
    ),
    Sample(
        "appointment_upright",
        _K.APPOINTMENT,
        _D.A4_PORTRAIT,
        _BARE
        | {
            "name": "阿卜杜热西提·买买提江",
            "role": "技术专家",
            "term": "2026年8月1日至2027年7月31日",
        },
    ),
    Sample(
        "team_upright",
        _K.TEAM,
        _D.A4_PORTRAIT,
        _PLACED
        | {
            "name": "宁波市慈溪市公牛电器股份有限公司代表队",
            "award": "一等奖",
            "members": ["张三", "李四", "王五"],
        },
    ),
)


def draw(sample: Sample, folder: Path) -> bytes:
    """Return a sample as PDF."""
    layout = layout_of(sample.kind, sample.design)
    facts = sample.facts | {"kind": sample.kind.value}
    return Renderer(layout, folder).pdf(Paper(facts, CODE, URL))


def main(folder: Path) -> None:
    """Write all samples."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = []
    for number, sample in enumerate(SAMPLES, start=1):
        file = folder / f"{number:02d}_{sample.title}.pdf"
        file.write_bytes(draw(sample, folder / "layouts"))
        command = ["pdftoppm", "-r", "60", "-png", "-singlefile", file, file.with_suffix("")]
        subprocess.run(command, check=True)
        pictures.append(Image.open(file.with_suffix(".png")).convert("RGB"))
    across = [one for one in pictures if one.width > one.height]
    upright = [one for one in pictures if one.width < one.height]
    rows = [_row(across[at : at + 4]) for at in range(0, len(across), 4)] + [_row(upright)]
    _stacked(rows).save(folder / "sheet.png", optimize=True)


WIDTH, GAP = 1600, 12  # pixels


def _row(pictures: Sequence[Image.Image]) -> Image.Image:
    """Put papers beside each other, all as high, over the whole width of the sheet."""
    shapes = sum(one.width / one.height for one in pictures)
    height = round((WIDTH - GAP * (len(pictures) - 1)) / shapes)
    row, left = Image.new("RGB", (WIDTH, height), "white"), 0
    for one in pictures:
        small = one.resize(
            (round(one.width * height / one.height), height), Image.Resampling.LANCZOS
        )
        row.paste(small, (left, 0))
        left += small.width + GAP
    return row


def _stacked(rows: Sequence[Image.Image]) -> Image.Image:
    sheet = Image.new("RGB", (WIDTH, sum(one.height + GAP for one in rows) - GAP), "white")
    top = 0
    for one in rows:
        sheet.paste(one, (0, top))
        top += one.height + GAP
    return sheet


if __name__ == "__main__":
    main(Path(sys.argv[1]))
