"""The tags of a certificate's page: what is heading, paragraph or figure, and the signature."""

from collections.abc import Sequence
from dataclasses import dataclass

import pydyf

from rules.certificate_layouts import Box, DraftLayout
from services.certificates_objects import Written, add, plain, string
from services.certificates_signing import Signing

POINT = 72 / 25.4
_FIELD_NAME = "颁证单位的电子签名"


@dataclass(frozen=True)
class Tag:
    """A marked part of the page: heading, paragraph or figure; what is said in its place."""

    role: str
    language: str = ""
    instead: str = ""
    box: Box | None = None


@dataclass(frozen=True)
class Field:
    """The field of a signature, and its value, which is filled in when the file is written."""

    widget: str
    signature: Written


def add_field(pdf: pydyf.PDF, page: Written, signing: Signing) -> Field:
    """Add a field that shows nothing, and what certifies that nothing may be changed."""
    signature = Written(signing.dictionary())
    pdf.add_object(signature)
    value = f"{signature.number} 0 R"
    widget = add(
        pdf,
        "<</Type /Annot /Subtype /Widget /FT /Sig /T (signature) /Rect [0 0 0 0] /F 132"
        f" /TU {string(_FIELD_NAME)} /V {value} /P {page.number} 0 R /StructParent 1>>",
    )
    pdf.catalog["AcroForm"] = f"<</Fields [{widget}] /SigFlags 3>>"
    pdf.catalog["Perms"] = f"<</DocMDP {value}>>"
    return Field(widget, signature)


def add_tags(
    pdf: pydyf.PDF,
    page: Written,
    layout: DraftLayout,
    tags: Sequence[Tag],
    field: Field | None,
) -> None:
    """Add the tree of tags; its numbers are known before, so each is written once."""
    root = len(pdf.objects)
    whole, first = root + 1, root + 2
    references = [f"{first + at} 0 R" for at in range(len(tags))]
    elements, signed = " ".join(references), f"{first + len(tags)} 0 R"
    more = f" 1 {signed}" if field else ""
    add(
        pdf,
        f"<</Type /StructTreeRoot /K [{whole} 0 R] /ParentTreeNextKey {2 if field else 1}"
        f" /ParentTree <</Nums [0 [{elements}]{more}]>>>>",
    )
    kids = f"{elements} {signed}" if field else elements
    add(pdf, f"<</Type /StructElem /S /Document /P {root} 0 R /K [{kids}]>>")
    for number, tag in enumerate(tags):
        add(pdf, _element(layout, tag, f"/P {whole} 0 R /Pg {page.number} 0 R /K {number}"))
    if field:
        add(
            pdf,
            f"<</Type /StructElem /S /Form /P {whole} 0 R /Alt {string(_FIELD_NAME)}"
            f" /K <</Type /OBJR /Obj {field.widget} /Pg {page.number} 0 R>>>>",
        )
    pdf.catalog["StructTreeRoot"] = f"{root} 0 R"


def _element(layout: DraftLayout, tag: Tag, place: str) -> str:
    more = f" /Lang ({tag.language})" if tag.language else ""
    if tag.box:
        more += f" /Alt {string(tag.instead)} /A {_figure(layout, tag.box)}"
    return f"<</Type /StructElem /S /{tag.role} {place}{more}>>"


def _figure(layout: DraftLayout, box: Box) -> str:
    low, high = layout.height - box.y - box.height, layout.height - box.y
    corners = (box.x, low, box.x + box.width, high)
    place = " ".join(plain(one * POINT) for one in corners)
    return f"<</O /Layout /Placement /Block /BBox [{place}]>>"
