"""The welding event of the demonstration: gauges, a rating, a time, and breaches on record.

What is measured is one fact, so one judge enters it; what is judged all five judge, and the
highest and the lowest mark of each aspect are dropped.
"""

from decimal import Decimal

from rules.plans import DEFAULT_PANEL, PASS_MARK, PRACTICAL
from rules.schemes import Aspect, AspectKind, Band, Deduction, Option, Panel, Part, Section

LADDER = ("不符合要求", "基本符合要求", "符合要求", "优于要求")
_PANEL = DEFAULT_PANEL.model_copy(update={"combine_at": "aspect", "max_spread": Decimal(3)})


def welding_part() -> Part:
    """Return the practical part of the welding event."""
    return Part(
        key=PRACTICAL,
        title="操作技能",
        weight=Decimal(70),
        sections=(_preparation(), _measured(), _looks()),
        panel=_PANEL,
        pass_mark=PASS_MARK,
        deductions=(
            Deduction(
                key="breach",
                title="违反安全操作规程",
                each=Decimal(5),
                limit=Decimal(10),
                disqualifies_at=Decimal(3),
            ),
        ),
        floor=Decimal(0),
    )


def _preparation() -> Section:
    aspects = (
        Aspect(key="a1", title="坡口清理与装配", maximum=Decimal(10)),
        Aspect(key="a2", title="劳动防护", kind=AspectKind.MEASUREMENT, maximum=Decimal(5)),
    )
    return Section(key="c1", title="焊前准备", aspects=aspects)


def _measured() -> Section:
    reinforcement = Aspect(
        key="a3",
        title="焊缝余高（毫米）",
        kind=AspectKind.DEVIATION,
        maximum=Decimal(10),
        target=Decimal("1.5"),
        tolerance=Decimal("1.5"),
        difference=Decimal("0.5"),
        deduction=Decimal(2),
        counted="started",
        reading_step=Decimal("0.1"),
    )
    width = _banded("a4", "焊缝宽度差（毫米）", "0.1", ("1.5", 10), ("2", 6), ("3", 3), (None, 0))
    rating = Aspect(
        key="a5",
        title="射线探伤评定",
        kind=AspectKind.CHOICE,
        maximum=Decimal(20),
        options=tuple(
            Option(label=label, award=Decimal(award))
            for label, award in (("Ⅰ级", 20), ("Ⅱ级", 14), ("Ⅲ级", 8), ("Ⅳ级", 0))
        ),
    )
    time = _banded("a6", "焊接用时（秒）", "1", ("2400", 10), ("2700", 8), ("3000", 5), (None, 0))
    aspects = (reinforcement, width, rating, time)
    return Section(key="c2", title="焊缝测量", aspects=aspects, panel=Panel(combine_at="aspect"))


def _banded(key: str, title: str, step: str, *edges: tuple[str | None, int]) -> Aspect:
    """Make an aspect whose reading falls into bands; the first one gives all marks."""
    return Aspect(
        key=key,
        title=title,
        kind=AspectKind.BANDS,
        maximum=Decimal(edges[0][1]),
        bands=_bands(*edges),
        reading_step=Decimal(step),
    )


def _bands(*edges: tuple[str | None, int]) -> tuple[Band, ...]:
    """Return bands from their upper ends, each beginning where the one before ends."""
    ends = [None if end is None else Decimal(end) for end, _ in edges]
    return tuple(
        Band(above=above, up_to=up_to, award=Decimal(award))
        for above, up_to, (_, award) in zip([None, *ends], ends, edges, strict=False)
    )


def _looks() -> Section:
    shape = Aspect(
        key="a7",
        title="焊缝成形",
        kind=AspectKind.JUDGEMENT,
        maximum=Decimal(15),
        ladder=LADDER,
    )
    aspects = (
        shape,
        Aspect(key="a8", title="咬边与未焊透", maximum=Decimal(15)),
        Aspect(key="a9", title="试件无裂纹", kind=AspectKind.MEASUREMENT, maximum=Decimal(5)),
    )
    return Section(key="c3", title="焊缝外观", aspects=aspects)
