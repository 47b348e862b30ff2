"""Read a marking scheme in the workbook layout of CIS, the competition system of WorldSkills.

Columns are found by their headings, sums are our own. The control figures typed into such workbooks
are often wrong: they give warnings. A missing maximum or an incomplete ladder is an error.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rules.data import plain
from rules.refusals import Refused
from rules.schemes import LADDER_STEPS, Aspect, AspectKind, Panel, Part, Scheme, Section
from rules.texts import N_
from services.scheme_workbooks_calculations import SHEET_TITLE as CALCULATIONS
from services.scheme_workbooks_calculations import apply_calculations, read_calculations
from services.workbooks import read_grid
from services.workbooks_cells import heading, show, tidy
from services.workbooks_grids import Grid, Value, address

SHEET_TITLE = "CIS Marking Scheme Import"
MAX_ROWS = 5_000

NOT_CIS = N_("This is no CIS marking scheme: no row has the headings %(expected)s.")
NO_ASPECTS = N_("The marking scheme has no aspects.")
NO_MAXIMUM = N_("%(cell)s: the aspect “%(aspect)s” has no maximum mark.")
BAD_MAXIMUM = N_("%(cell)s: the maximum mark of “%(aspect)s” must be a number above 0.")
NO_DESCRIPTION = N_("%(cell)s: the aspect has no description.")
BAD_TYPE = N_("%(cell)s: the type %(value)s is neither M nor J.")
BAD_LADDER = N_("%(cell)s: “%(aspect)s” needs one description for each of 0, 1, 2 and 3.")
STRAY_LADDER = N_("%(cell)s: this description belongs to no judgement aspect.")
NO_SUB_CRITERION = N_("%(cell)s: the aspect stands above the first sub-criterion.")
DOUBLED_SUB = N_("%(cell)s: the sub-criterion %(key)s is there twice.")
WRONG_SECTION = N_(
    "%(cell)s: the workbook says %(declared)s marks for section %(key)s; the aspects give %(sum)s."
)
WRONG_CRITERION = N_(
    "%(cell)s: the workbook says %(declared)s marks for criterion %(key)s; "
    "the aspects give %(sum)s."
)
WRONG_TOTAL = N_("%(cell)s: the workbook says %(declared)s marks in all; the aspects give %(sum)s.")

_HEADINGS = {
    "subid": "subcriterionid",
    "subname": "subcriterionname",
    "type": "aspecttype",
    "title": "aspect-description",
    "score": "judgscore",
    "extra": "extraaspectdescription",
    "requirement": "requirement",
    "section": "wsossection",
    "maximum": "maxmark",
}
_NEEDED = ("subid", "type", "title", "score", "extra", "maximum")
_SUB_KEY = re.compile(r"([A-Z]{1,2})\s*([0-9]{1,3})")


@dataclass(frozen=True)
class CisReading:
    """The criteria of a CIS workbook; warnings may be accepted, problems may not."""

    title: str
    criteria: tuple[Section, ...] = ()
    warnings: tuple[Refused, ...] = ()
    problems: tuple[Refused, ...] = ()

    @property
    def total(self) -> Decimal:
        """Return our own sum of all maximum marks."""
        aspects = (aspect for criterion in self.criteria for aspect in criterion.flat())
        return sum((aspect.maximum for aspect in aspects), Decimal(0))


def read_cis(data: bytes) -> CisReading:
    """Read a CIS workbook; everything wrong with it is in ``problems``, nothing is raised."""
    try:
        grid = read_grid(data, MAX_ROWS, SHEET_TITLE)
        return _calculated(_Reader(grid).read(), data)
    except Refused as problem:
        return CisReading("", problems=(problem,))


def _calculated(reading: CisReading, data: bytes) -> CisReading:
    """Let aspects be worth what the tab "Calculations" says, where there is one."""
    grid = read_grid(data, MAX_ROWS, CALCULATIONS)
    if reading.problems or grid.title != CALCULATIONS:
        return reading
    aspects = {aspect.key: aspect for one in reading.criteria for aspect in one.flat()}
    changed, warnings = apply_calculations(read_calculations(grid), aspects)
    criteria = tuple(_changed(criterion, changed) for criterion in reading.criteria)
    return replace(reading, criteria=criteria, warnings=(*reading.warnings, *warnings))


def _changed(section: Section, changed: Mapping[str, Aspect]) -> Section:
    aspects = tuple(changed.get(aspect.key, aspect) for aspect in section.aspects)
    below = tuple(_changed(one, changed) for one in section.sections)
    return section.model_copy(update={"aspects": aspects, "sections": below})


def cis_part(
    reading: CisReading, key: str, title: str, weight: Decimal, panel: Panel | None = None
) -> Part:
    """Make a part of a scheme from a reading without problems."""
    if reading.problems:
        raise reading.problems[0]
    return Part(
        key=key, title=title, weight=weight, sections=reading.criteria, panel=panel or Panel()
    )


def cis_scheme(
    reading: CisReading,
    practical_title: str,
    theory: Part | None = None,
    panel: Panel | None = None,
    title: str = "",
) -> Scheme:
    """Make a scheme: the practical part alone, or beside a theory part that has its own weight."""
    weight = Decimal(100) - (theory.weight if theory else 0)
    practical = cis_part(reading, "practical", practical_title, weight, panel)
    parts = (theory, practical) if theory else (practical,)
    return Scheme(title=title or reading.title, parts=parts)


@dataclass
class _Sub:
    key: str
    title: str
    criterion: str
    aspects: list["_Draft"] = field(default_factory=list)


@dataclass
class _Draft:
    """An aspect while its ladder is still being read."""

    kind: AspectKind
    key: str
    title: str
    row: int
    group: str
    maximum: Decimal
    requirement: str
    detail: str
    section: str
    ladder: list[tuple[Value, str]] = field(default_factory=list)

    def whole(self) -> Aspect:
        texts = tuple(text for _, text in self.ladder)
        return Aspect(
            key=self.key,
            title=self.title,
            kind=self.kind,
            maximum=self.maximum,
            ladder=texts if self.kind is AspectKind.JUDGEMENT else (),
            requirement=self.requirement,
            detail=self.detail,
            section=self.section,
        )


class _Reader:
    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._columns: dict[str, int] = {}
        self._subs: list[_Sub] = []
        self._group = ""
        self._problems: list[Refused] = []

    def read(self) -> CisReading:
        """Read all blocks, then check ladders and control figures."""
        headers = [row for row in sorted(self._grid.rows) if self._is_header(row)]
        if not headers:
            raise Refused(NOT_CIS, expected=", ".join(("Aspect Type", "Max Mark")))
        for row in sorted(self._grid.rows):
            if row in headers:
                self._columns = self._header(row)
                self._group = ""
            elif row > headers[0]:
                self._row(row)
        drafts = [draft for sub in self._subs for draft in sub.aspects]
        if not drafts:
            self._problems.append(Refused(NO_ASPECTS))
        for draft in drafts:
            self._check_ladder(draft)
        control = _Control(self._grid, headers)
        title = self._text(min(self._grid.rows), 1)
        if self._problems:
            return CisReading(title, (), (), tuple(self._problems))
        criteria = tuple(self._criteria(control.names))
        return CisReading(title, criteria, tuple(control.warnings(criteria)))

    def _text(self, row: int, column: int | None) -> str:
        value = self._grid.rows[row].get(column) if column else None
        return tidy(show(value))

    def _get(self, row: int, name: str) -> str:
        return self._text(row, self._columns.get(name))

    def _cell(self, row: int, name: str) -> str:
        return address(row, self._columns[name])

    def _header(self, row: int) -> dict[str, int]:
        found: dict[str, int] = {}
        for column, value in sorted(self._grid.rows[row].items()):
            label = heading(show(value))
            for name, start in _HEADINGS.items():
                if label.startswith(start):
                    found.setdefault(name, column)
        return found

    def _is_header(self, row: int) -> bool:
        found = self._header(row)
        return all(name in found for name in _NEEDED)

    def _row(self, row: int) -> None:
        key = _SUB_KEY.fullmatch(self._get(row, "subid"))
        if key:
            self._open_sub(row, f"{key[1]}{key[2]}", key[1])
        kind = self._get(row, "type").upper()
        if kind:
            self._aspect(row, kind)
        elif self._get(row, "score"):
            self._ladder(row)
        elif self._get(row, "title") and not self._get(row, "maximum"):
            self._group = self._get(row, "title")
        elif self._get(row, "title"):
            self._problems.append(Refused(BAD_TYPE, cell=self._cell(row, "type"), value="–"))

    def _open_sub(self, row: int, key: str, criterion: str) -> None:
        if any(sub.key == key for sub in self._subs):
            self._problems.append(Refused(DOUBLED_SUB, cell=self._cell(row, "subid"), key=key))
        self._subs.append(_Sub(key, self._get(row, "subname") or key, criterion))
        self._group = ""

    def _aspect(self, row: int, letter: str) -> None:
        kinds = {"M": AspectKind.MEASUREMENT, "J": AspectKind.JUDGEMENT}
        if letter not in kinds:
            self._problems.append(Refused(BAD_TYPE, cell=self._cell(row, "type"), value=letter))
            return
        if not self._subs:
            self._problems.append(Refused(NO_SUB_CRITERION, cell=self._cell(row, "title")))
            return
        sub, title = self._subs[-1], self._get(row, "title")
        if not title:
            self._problems.append(Refused(NO_DESCRIPTION, cell=self._cell(row, "title")))
        draft = _Draft(
            kind=kinds[letter],
            key=f"{sub.key}.{letter}{len(sub.aspects) + 1}",
            title=title,
            row=row,
            group=self._group,
            maximum=self._maximum(row, title),
            requirement=self._get(row, "requirement"),
            detail=self._get(row, "extra"),
            section=self._get(row, "section"),
        )
        sub.aspects.append(draft)

    def _maximum(self, row: int, title: str) -> Decimal:
        value = self._grid.rows[row].get(self._columns["maximum"])
        if isinstance(value, Decimal) and value > 0:
            return value
        message = BAD_MAXIMUM if show(value).strip() else NO_MAXIMUM
        self._problems.append(Refused(message, cell=self._cell(row, "maximum"), aspect=title))
        return Decimal(0)

    def _ladder(self, row: int) -> None:
        drafts = self._subs[-1].aspects if self._subs else []
        if not drafts or drafts[-1].kind is not AspectKind.JUDGEMENT:
            self._problems.append(Refused(STRAY_LADDER, cell=self._cell(row, "score")))
            return
        score = self._grid.rows[row].get(self._columns["score"])
        drafts[-1].ladder.append((score, self._get(row, "extra")))

    def _check_ladder(self, draft: _Draft) -> None:
        if draft.kind is not AspectKind.JUDGEMENT:
            return
        scores = [show(score).strip() for score, text in draft.ladder if text]
        if sorted(scores) != [str(score) for score in range(LADDER_STEPS)]:
            cell = self._cell(draft.row, "type")
            self._problems.append(Refused(BAD_LADDER, cell=cell, aspect=draft.title))
            return
        draft.ladder.sort(key=lambda step: show(step[0]).strip())

    def _criteria(self, names: dict[str, str]) -> Iterator[Section]:
        for letter in dict.fromkeys(sub.criterion for sub in self._subs):
            subs = [sub for sub in self._subs if sub.criterion == letter and sub.aspects]
            if subs:
                below = tuple(_sub_section(sub) for sub in subs)
                yield Section(key=letter, title=names.get(letter, letter), sections=below)


def _sub_section(sub: _Sub) -> Section:
    groups: dict[str, list[Aspect]] = {}
    for draft in sub.aspects:
        groups.setdefault(draft.group, []).append(draft.whole())
    own = tuple(groups.pop("", ()))
    below = tuple(
        Section(key=f"{sub.key}-{number}", title=title, aspects=tuple(aspects))
        for number, (title, aspects) in enumerate(groups.items(), start=1)
    )
    return Section(key=sub.key, title=sub.title, sections=below, aspects=own)


class _Control:
    """The figures that the workbook gives about itself, to be compared with our own sums."""

    def __init__(self, grid: Grid, headers: list[int]) -> None:
        self._grid = grid
        self._headers = headers
        self.names: dict[str, str] = {}
        self._sections: dict[str, tuple[str, Decimal]] = {}
        self._criteria: list[tuple[str, str, Decimal]] = []
        table = ""
        columns: dict[str, int] = {}
        for row in sorted(row for row in grid.rows if row < headers[0]):
            labels = {heading(show(v)): c for c, v in sorted(grid.rows[row].items())}
            if "aspectmarks" in labels and "section" in labels:
                table, columns = "sections", labels
            elif {"id", "name", "mark"} <= labels.keys():
                table, columns = "criteria", labels
            elif table == "sections":
                self._read_section(row, columns)
            elif table == "criteria":
                self._read_criterion(row, columns)

    def warnings(self, criteria: tuple[Section, ...]) -> Iterator[Refused]:
        """Yield a warning for every figure that our own sums contradict."""
        sums = {c.key: _total(c) for c in criteria}
        yield from self._section_warnings(criteria)
        for cell, key, declared in [*self._criteria, *self._block_totals()]:
            if declared != sums.get(key, 0):
                own = sums.get(key, Decimal(0))
                params = {"declared": plain(declared), "sum": plain(own)}
                yield Refused(WRONG_CRITERION, cell=cell, key=key, **params)
        total = sum(sums.values(), Decimal(0))
        for cell, declared in self._grand_totals():
            if declared != total:
                yield Refused(WRONG_TOTAL, cell=cell, declared=plain(declared), sum=plain(total))

    def _section_warnings(self, criteria: tuple[Section, ...]) -> Iterator[Refused]:
        own: dict[str, Decimal] = {}
        for criterion in criteria:
            for aspect in criterion.flat():
                own[aspect.section] = own.get(aspect.section, Decimal(0)) + aspect.maximum
        for key, (cell, declared) in self._sections.items():
            total = own.get(key, Decimal(0))
            if total != declared:
                params = {"declared": plain(declared), "sum": plain(total)}
                yield Refused(WRONG_SECTION, cell=cell, key=key, **params)

    def _read_section(self, row: int, columns: dict[str, int]) -> None:
        cells = self._grid.rows[row]
        key, declared = cells.get(columns["section"]), cells.get(columns["aspectmarks"])
        if key is not None and isinstance(declared, Decimal):
            cell = address(row, columns["aspectmarks"])
            self._sections[tidy(show(key))] = (cell, declared)

    def _read_criterion(self, row: int, columns: dict[str, int]) -> None:
        cells = self._grid.rows[row]
        key = tidy(show(cells.get(columns["id"])))
        if key:
            self.names[key] = tidy(show(cells.get(columns["name"]))) or key
            declared = cells.get(columns["mark"])
            if isinstance(declared, Decimal):
                self._criteria.append((address(row, columns["mark"]), key, declared))

    def _block_totals(self) -> Iterator[tuple[str, str, Decimal]]:
        for row in self._headers:
            for column, value in self._grid.rows[row].items():
                label = tidy(show(value))
                if label.casefold().startswith("criterion "):
                    for cell, declared in self._right_of(row, column):
                        yield cell, label.split()[-1], declared

    def _grand_totals(self) -> Iterator[tuple[str, Decimal]]:
        for row in self._grid.rows:
            for column, value in self._grid.rows[row].items():
                if isinstance(value, str) and heading(value) == "competition":
                    yield from self._right_of(row, column)

    def _right_of(self, row: int, column: int) -> Iterator[tuple[str, Decimal]]:
        for place, value in sorted(self._grid.rows[row].items()):
            if place > column and isinstance(value, Decimal):
                yield address(row, place), value


def _total(section: Section) -> Decimal:
    return sum((aspect.maximum for aspect in section.flat()), Decimal(0))
