"""Open an uploaded .docx without trusting one byte of it: a closed zip of plain WordprocessingML.

Nothing that runs, links or hides goes in: no macros, no objects, no addresses outside the file, no
document types, no changes or comments with the names of those who wrote them.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from rules.refusals import Refused
from rules.texts import N_

MEGABYTE = 2**20
LARGEST = 2 * MEGABYTE
MOST_ENTRIES = 300
MOST_UNPACKED = 20 * MEGABYTE
LARGEST_TEXT = 3 * MEGABYTE

NOT_WORD = N_("This is not a Word document (.docx). Save it in Word or WPS as .docx.")
TOO_LARGE = N_("The file is larger than %(limit)s MB. Remove pictures from it.")
TOO_LARGE_INSIDE = N_("The document is far too large once unpacked.")
MACROS = N_("The document holds macros. Save it as .docx without macros.")
OBJECTS = N_("The document holds an embedded object or an unusual part (%(part)s). Remove it.")
OUTSIDE = N_("The document links to something outside itself (%(target)s). Remove the link.")
DAMAGED = N_("The document is damaged. Open it in Word or WPS and save it again.")
CHANGES = N_("The document holds tracked changes. Accept all changes first.")
COMMENTS = N_("The document holds comments. Delete them first.")
FIELD_CODE = N_("The document holds a Word field that is not allowed: %(code)s.")

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SUFFIXES = (".xml", ".rels", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".odttf")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHANGED = {
    f"{_W}{name}"
    for name in (
        *("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel"),
        *("pPrChange", "rPrChange", "sectPrChange", "tblPrChange", "tcPrChange", "trPrChange"),
    )
}
_OBJECTS = {f"{_W}{name}" for name in ("object", "control", "altChunk", "subDoc", "mailMerge")}
_RELATIONS = {"oleObject", "package", "control", "vbaProject", "aFChunk", "subDocument", "frame",
              "attachedTemplate", "mailMergeSource", "externalLinkPath"}  # fmt: skip
_CODES = {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "SEQ", "TOC", "REF", "PAGEREF"}


def check_archive(data: bytes) -> None:
    """Refuse what is no plain .docx, with the reason."""
    if len(data) > LARGEST:
        raise Refused(TOO_LARGE, "file", limit=LARGEST // MEGABYTE)
    if not data.startswith(b"PK"):
        raise Refused(NOT_WORD, "file")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive.infolist())
            _check_types(archive)
            for info in archive.infolist():
                _check_part(info.filename, archive.read(info))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise Refused(DAMAGED, "file") from error


def _check_entries(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in infos]
    if len(names) > MOST_ENTRIES or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise Refused(TOO_LARGE_INSIDE, "file")
    lowered = {name.lower() for name in names}
    if len(lowered) != len(names) or any(info.flag_bits & 1 for info in infos):
        raise Refused(DAMAGED, "file")
    if any(info.compress_type not in _METHODS for info in infos):
        raise Refused(DAMAGED, "file")
    for info in infos:
        _check_name(info)


def _check_name(info: zipfile.ZipInfo) -> None:
    name = info.filename
    if name.startswith("/") or "\\" in name or ".." in name.split("/"):
        raise Refused(DAMAGED, "file")
    if "vba" in name.lower():
        raise Refused(MACROS, "file")
    if not info.is_dir() and not name.lower().endswith(_SUFFIXES):
        raise Refused(OBJECTS, "file", part=posixpath.basename(name)[:60])
    if name.endswith((".xml", ".rels")) and info.file_size > LARGEST_TEXT:
        raise Refused(TOO_LARGE_INSIDE, "file")


def _check_types(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if "[Content_Types].xml" not in names or "word/document.xml" not in names:
        raise Refused(NOT_WORD, "file")
    types = archive.read("[Content_Types].xml")
    if b"macroEnabled" in types:
        raise Refused(MACROS, "file")
    if _MAIN.encode() not in types:
        raise Refused(NOT_WORD, "file")


def _check_part(name: str, data: bytes) -> None:
    if not name.lower().endswith((".xml", ".rels")):
        return
    root = parse(data)
    if name.lower().endswith(".rels"):
        _check_relations(root)
    elif name.startswith("word/"):
        _check_elements(root)


def parse(data: bytes) -> etree._Element:
    """Return the root of an XML part; one with a document type is refused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(DAMAGED, "file") from error
    if root.getroottree().docinfo.doctype:
        raise Refused(DAMAGED, "file")
    return root


def _check_relations(root: etree._Element) -> None:
    for relation in root:
        kind = str(relation.get("Type", "")).rpartition("/")[2]
        target = str(relation.get("Target", ""))
        if relation.get("TargetMode", "Internal").lower() != "internal":
            raise Refused(OUTSIDE, "file", target=target[:80])
        if kind == "vbaProject":
            raise Refused(MACROS, "file")
        if kind in _RELATIONS:
            raise Refused(OBJECTS, "file", part=target[:60])


def _check_elements(root: etree._Element) -> None:
    for element in root.iter(tag=etree.Element):
        tag = element.tag
        if tag in _CHANGED:
            raise Refused(CHANGES, "file")
        if tag == f"{_W}comment":
            raise Refused(COMMENTS, "file")
        if tag in _OBJECTS or str(tag).endswith("}OLEObject"):
            raise Refused(OBJECTS, "file", part=str(tag).rpartition("}")[2])
    for code in _codes(root):
        if code.split()[0].upper() not in _CODES:
            raise Refused(FIELD_CODE, "file", code=code[:60])


def _codes(root: etree._Element) -> Iterator[str]:
    """Yield the codes of Word fields; one may lie in several runs of its paragraph."""
    for element in root.iter(f"{_W}fldSimple"):
        yield str(element.get(f"{_W}instr", "")).strip() or "?"
    for paragraph in root.iter(f"{_W}p"):
        inside: list[str] = []
        for element in paragraph.iter(f"{_W}fldChar", f"{_W}instrText"):
            if element.tag == f"{_W}instrText":
                inside.append(element.text or "")
            elif inside:
                yield "".join(inside).strip() or "?"
                inside = []
        if inside:
            yield "".join(inside).strip() or "?"
