"""Read and write a marking scheme as a plain workbook: one row for each aspect."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from rules.data import InvalidRules
from rules.refusals import Refused
from rules.scheme_trees import bare
from rules.schemes import LADDER_STEPS, Aspect, AspectKind, Part, Scheme, Section
from rules.texts import N_
from services.workbooks import Column, Row, read_table
from services.workbooks_writing import write_table

MAX_ASPECTS = 1_000
SHEET_TITLE = "评分标准"

UNKNOWN_KIND = N_("Row %(row)s: %(value)s is no kind of aspect. Use one of: %(expected)s.")
TWO_WEIGHTS = N_("Row %(row)s: %(part)s has the weight %(weight)s here and %(other)s above.")
ONLY_KEPT = N_(
    "Row %(row)s: %(aspect)s is measured by rules that a workbook cannot hold. "
    "Make it on the page or in a scheme file; here it can only be kept."
)
TOO_DEEP = N_("A workbook holds three levels of criteria only. Use a scheme file.")
NO_WEIGHT = N_("Row %(row)s: give the weight of %(part)s in its first row.")

KINDS = {
    AspectKind.POINTS: ("打分", "points", "p"),
    AspectKind.MEASUREMENT: ("测量", "measurement", "meas", "m"),
    AspectKind.JUDGEMENT: ("评判", "judgement", "judgment", "judg", "j"),
    AspectKind.DEVIATION: ("测量值", "deviation", "measured value"),
    AspectKind.CHOICE: ("选项", "choice"),
    AspectKind.BANDS: ("分段", "bands"),
}
# What a row says completely; the rules of the other kinds come from the scheme that is there.
WHOLE_KINDS = (AspectKind.POINTS, AspectKind.MEASUREMENT, AspectKind.JUDGEMENT)

COLUMNS = (
    Column("part", ("模块", "Part"), required=True),
    Column("weight", ("权重%", "Weight %", "权重"), kind="decimal"),
    Column("criterion", ("评分项", "Criterion"), required=True),
    Column("sub_criterion", ("评分子项", "Sub-criterion", "Sub criterion")),
    Column("group", ("小标题", "Group")),
    Column("aspect", ("评分点", "Aspect"), required=True),
    Column(
        "kind",
        ("评分方式", "Kind", "Type"),
        required=True,
        choices=tuple(words[0] for words in KINDS.values()),
    ),
    Column("maximum", ("满分", "Maximum", "Max mark"), required=True, kind="decimal"),
    Column("step", ("最小分值", "Step"), kind="decimal"),
    *(Column(f"ladder_{n}", (f"{n}档描述", f"Description {n}")) for n in range(LADDER_STEPS)),
    Column("requirement", ("要求", "Requirement")),
    Column("detail", ("说明", "Detail")),
    Column("section", ("职业标准模块", "Standard section", "WSOS section")),
    Column("part_code", ("模块编号", "Part code")),
    Column("criterion_code", ("评分项编号", "Criterion code")),
    Column("sub_criterion_code", ("评分子项编号", "Sub-criterion code")),
    Column("group_code", ("小标题编号", "Group code")),
    Column("aspect_code", ("评分点编号", "Aspect code")),
)
_LEVELS = ("criterion", "sub_criterion", "group")


@dataclass(frozen=True)
class SchemeReading:
    """A scheme read from a workbook, or what is wrong with it."""

    scheme: Scheme | None
    problems: tuple[Refused, ...] = ()


def write_scheme(scheme: Scheme, notes: tuple[str, ...] = ()) -> bytes:
    """Write a scheme as a workbook that ``read_scheme`` gets back with the same keys."""
    rows = [row for part in scheme.parts for row in _part_rows(part)]
    return write_table(COLUMNS, rows, SHEET_TITLE, notes)


def scheme_template(notes: tuple[str, ...] = ()) -> bytes:
    """Write the empty workbook in which a scheme is typed."""
    return write_table(COLUMNS, [], SHEET_TITLE, notes)


def read_scheme(
    data: bytes, filename: str, title: str, base: Scheme | None = None
) -> SchemeReading:
    """Read a scheme; what no column holds comes from the nodes of ``base`` with the same code."""
    table = read_table(data, filename, COLUMNS, MAX_ASPECTS)
    problems = [*table.problems, *(problem for row in table.rows for problem in row.problems)]
    if problems:
        return SchemeReading(None, tuple(problems))
    tree = _Tree(base)
    for row in table.rows:
        tree.add(row)
    if tree.problems:
        return SchemeReading(None, tuple(tree.problems))
    return _validated(title, [_based(part, base) for part in tree.parts()], base)


def _validated(title: str, parts: list[Part], base: Scheme | None) -> SchemeReading:
    try:
        if base is None:
            return SchemeReading(Scheme(title=title, parts=tuple(parts)))
        values = {**bare(base), "title": title, "parts": bare(parts)}
        return SchemeReading(Scheme.model_validate(values))
    except InvalidRules as invalid:
        return SchemeReading(None, tuple(invalid.problems))


def _based(part: Part, base: Scheme | None) -> Part:
    known = next((p for p in base.parts if p.key == part.key), None) if base else None
    if known is None:
        return part
    read = {name: getattr(part, name) for name in ("title", "weight", "sections")}
    return known.model_copy(update=read)


def _part_rows(part: Part) -> Iterator[dict[str, object]]:
    for section in part.sections:
        for path, aspect in _paths(section, ()):
            row: dict[str, object] = {
                "part": part.title,
                "weight": part.weight,
                "part_code": part.key,
                **_aspect_row(aspect),
            }
            for level, node in zip(_LEVELS, path, strict=False):
                row |= {level: node.title, f"{level}_code": node.key}
            yield row


def _paths(
    section: Section, above: tuple[Section, ...]
) -> Iterator[tuple[tuple[Section, ...], Aspect]]:
    path = (*above, section)
    if len(path) > len(_LEVELS):
        raise Refused(TOO_DEEP)
    for aspect in section.aspects:
        yield path, aspect
    for below in section.sections:
        yield from _paths(below, path)


def _aspect_row(aspect: Aspect) -> dict[str, object]:
    texts = enumerate(aspect.ladder[:LADDER_STEPS])
    ladder = {f"ladder_{number}": text for number, text in texts}
    return ladder | {
        "aspect": aspect.title,
        "aspect_code": aspect.key,
        "kind": KINDS[aspect.kind][0],
        "maximum": aspect.maximum,
        "step": aspect.step,
        "requirement": aspect.requirement,
        "detail": aspect.detail,
        "section": aspect.section,
    }


@dataclass
class _Node:
    key: str
    title: str
    nodes: dict[tuple[str, str], "_Node"] = field(default_factory=dict)
    aspects: list[Aspect] = field(default_factory=list)
    weight: Decimal | None = None
    old: Section | None = None

    def below(self, title: str, code: str, key: str) -> "_Node":
        return self.nodes.setdefault((title, code), _Node(code or key, title))

    def section(self) -> Section:
        nodes = self.nodes.values()
        below = tuple(node.section() for node in nodes)
        here = {"title": self.title, "sections": below, "aspects": tuple(self.aspects)}
        if self.old is not None:
            return self.old.model_copy(update=here)
        return Section.model_validate({"key": self.key, **here})


class _Tree:
    """Gather rows under their part, criterion, sub-criterion and group, in order of appearance."""

    def __init__(self, base: Scheme | None) -> None:
        self.problems: list[Refused] = []
        self._root = _Node("", "")
        parts = base.parts if base else ()
        nodes = [node for part in parts for node in part.nodes]
        self._sections = {node.key: node for node in nodes if isinstance(node, Section)}
        self._known = {node.key: node for node in nodes if isinstance(node, Aspect)}
        self._aspects = 0

    def add(self, row: Row) -> None:
        """Put one row into its place."""
        self._aspects += 1
        nodes = self._root.nodes
        part = self._root.below(
            _text(row, "part"), _text(row, "part_code"), f"part{len(nodes) + 1}"
        )
        self._weigh(part, row)
        node = part
        for level in _LEVELS:
            title = _text(row, level)
            if title:
                above = "" if node is self._root else f"{node.key}."
                code = _text(row, f"{level}_code")
                node = node.below(title, code, f"{above}{len(node.nodes) + 1}")
                node.old = self._sections.get(node.key)
        kind = self._kind(row)
        if kind is not None:
            self._add_aspect(row, node, kind)

    def _add_aspect(self, row: Row, node: _Node, kind: AspectKind) -> None:
        old = self._known.get(_text(row, "aspect_code"))
        same = old if old is not None and old.kind is kind else None
        if kind not in WHOLE_KINDS and same is None:
            params = {"row": row.number, "aspect": _text(row, "aspect")}
            self.problems.append(Refused(ONLY_KEPT, "kind", **params))
            return
        node.aspects.append(_aspect(row, kind, f"aspect{self._aspects}", same))

    def parts(self) -> Iterator[Part]:
        """Yield the parts that the rows make."""
        for node in self._root.nodes.values():
            sections = tuple(below.section() for below in node.nodes.values())
            weight = node.weight or Decimal(0)
            yield Part(key=node.key, title=node.title, weight=weight, sections=sections)

    def _weigh(self, part: _Node, row: Row) -> None:
        weight = row.values["weight"]
        if not isinstance(weight, Decimal):
            if part.weight is None:
                part.weight = Decimal(0)
                self.problems.append(Refused(NO_WEIGHT, "weight", row=row.number, part=part.title))
        elif part.weight is None:
            part.weight = weight
        elif part.weight != weight:
            params = {"part": part.title, "weight": weight, "other": part.weight}
            self.problems.append(Refused(TWO_WEIGHTS, "weight", row=row.number, **params))

    def _kind(self, row: Row) -> AspectKind | None:
        typed = _text(row, "kind")
        for kind, words in KINDS.items():
            if typed.casefold() in words:
                return kind
        expected = ", ".join(words[0] for words in KINDS.values())
        self.problems.append(
            Refused(UNKNOWN_KIND, "kind", row=row.number, value=typed, expected=expected)
        )
        return None


def _aspect(row: Row, kind: AspectKind, key: str, old: Aspect | None) -> Aspect:
    values: dict[str, object] = bare(old) if old else {}
    if isinstance(row.values["step"], Decimal):
        values["step"] = row.values["step"]
    # A ladder with a hole comes out too short, and the scheme's own check says so. One of more
    # levels than there are columns stays as it was.
    if old is None or len(old.ladder) <= LADDER_STEPS:
        ladder = [_text(row, f"ladder_{number}") for number in range(LADDER_STEPS)]
        values["ladder"] = tuple(text for text in ladder if text)
    return Aspect.model_validate(
        values
        | {
            "key": _text(row, "aspect_code") or key,
            "title": _text(row, "aspect"),
            "kind": kind,
            "maximum": row.values["maximum"],
            "requirement": _text(row, "requirement"),
            "detail": _text(row, "detail"),
            "section": _text(row, "section"),
        }
    )


def _text(row: Row, key: str) -> str:
    value = row.values[key]
    return value if isinstance(value, str) else ""
