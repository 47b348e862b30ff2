"""Certificates on sheets for the printer: what many share stands in the file once."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from rules.certificate_prints import Plan, PrintSheet, crop_marks, plan_for, sheets


class Imposer:
    """Collects printed certificates of one event into one file."""

    def __init__(self, sheet: PrintSheet, backs: bool = False) -> None:
        self._pdf = pikepdf.new()
        self._sheet, self._backs = sheet, backs
        self._shared: dict[str, Any] = {}

    def add_papers(self, papers: Sequence[bytes]) -> None:
        """Lay certificates of one size on sheets."""
        opened = [pikepdf.open(io.BytesIO(paper)) for paper in papers]
        boxes = [tuple(float(side) for side in one.pages[0].mediabox) for one in opened]
        for size in dict.fromkeys(boxes):
            same = [one for one, box in zip(opened, boxes, strict=True) if box == size]
            self._add_same(same, size[2], size[3])

    def add_pages(self, data: bytes) -> None:
        """Add pages as they are: a separator, a check list."""
        for page in pikepdf.open(io.BytesIO(data)).pages:
            self._pdf.pages.append(page)
            self._add_back(page.mediabox)

    def save(self) -> bytes:
        """Return the file."""
        target = io.BytesIO()
        mode = pikepdf.ObjectStreamMode.generate
        self._pdf.save(target, object_stream_mode=mode, deterministic_id=True)
        return target.getvalue()

    def _add_same(self, opened: Sequence[pikepdf.Pdf], width: float, height: float) -> None:
        plan = plan_for(self._sheet, width, height)
        marks = b"" if self._sheet is PrintSheet.SINGLE else _marks(plan, width, height)
        forms = [self._forms(one, width, height) for one in opened]
        for numbers in sheets(len(forms), len(plan.spots)):
            drawn, named = [marks], {}
            for place, (number, spot) in enumerate(zip(numbers, plan.spots, strict=True)):
                for part, form in enumerate(() if number is None else forms[number]):
                    name = f"/P{place}{part}"
                    named[name] = form
                    drawn.append(b"q 1 0 0 1 %.4f %.4f cm %b Do Q" % (*spot, name.encode()))
            self._add_sheet(plan.width, plan.height, b"\n".join(drawn), named)

    def _add_sheet(self, width: float, height: float, drawn: bytes, named: dict[str, Any]) -> None:
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, round(width, 4), round(height, 4)]),
            Resources=Dictionary(XObject=Dictionary(named)),
            Contents=Stream(self._pdf, drawn),
        )
        self._pdf.pages.append(pikepdf.Page(self._pdf.make_indirect(page)))
        self._add_back(page.MediaBox)

    def _add_back(self, box: Any) -> None:
        """Add an empty back, so that a duplex printer begins each sheet on its front."""
        if self._backs:
            self._pdf.add_blank_page(page_size=(float(box[2]), float(box[3])))

    def _forms(self, source: pikepdf.Pdf, width: float, height: float) -> list[Any]:
        """Return the drawings of a paper: what is below its texts is the same for many."""
        page: Any = source.pages[0].obj
        resources, made = self._resources(source, page.Resources), []
        streams = list(page.Contents) if isinstance(page.Contents, Array) else [page.Contents]
        for stream in streams:
            key = hashlib.sha256(stream.read_raw_bytes()).hexdigest()
            if key not in self._shared:
                form = self._pdf.copy_foreign(stream)
                form.Type, form.Subtype = Name.XObject, Name.Form
                form.BBox, form.Resources = Array([0, 0, width, height]), resources
                self._shared[key] = form
            made.append(self._shared[key])
        return made

    def _resources(self, source: pikepdf.Pdf, resources: Any) -> Any:
        """Copy fonts, pictures and the like; what was copied before is taken again."""
        made = Dictionary()
        for kind, group in resources.items():
            if isinstance(group, Dictionary):
                found = {name: self._taken(source, one) for name, one in group.items()}
                made[kind] = Dictionary(found)
        return made

    def _taken(self, source: pikepdf.Pdf, one: Any) -> Any:
        key = _digest(one)
        if key not in self._shared:
            whole = one if one.is_indirect else source.make_indirect(one)
            self._shared[key] = self._pdf.copy_foreign(whole)
        return self._shared[key]


def _digest(one: Any) -> str:
    """Name an object by all that it holds."""
    found = hashlib.sha256()
    for piece in _pieces(one, 0):
        found.update(piece)
    return found.hexdigest()


def _pieces(one: Any, depth: int) -> Iterator[bytes]:
    if depth > 8:
        return
    if isinstance(one, Stream):
        yield one.read_raw_bytes()
    if isinstance(one, Stream | Dictionary):
        for key, value in sorted(one.items()):
            if key != "/Parent":
                yield key.encode()
                yield from _pieces(value, depth + 1)
    elif isinstance(one, Array):
        for value in one:
            yield from _pieces(value, depth + 1)
    else:
        yield repr(one).encode()


def _marks(plan: Plan, width: float, height: float) -> bytes:
    """Draw the crop marks, as hair lines."""
    lines = sorted(crop_marks(plan, width, height))
    drawn = [b"%.3f %.3f m %.3f %.3f l S" % line for line in lines]
    return b"\n".join([b"q 0.25 w 0 G", *drawn, b"Q"])
