"""Open an uploaded .xlsx (a zip archive of XML files) without trusting one byte of it.

No member is unpacked beyond its limit, no document type is allowed (so no entities), no token may
grow without end, and a closed list of compression methods is read.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from rules.refusals import Refused
from rules.texts import N_
from services.workbooks_grids import MAX_FILE, MEGABYTE, damaged

MAX_MEMBERS = 2_000
MAX_UNPACKED = 512 * MEGABYTE
CHUNK = 64 * 1024
MAX_TOKEN = MEGABYTE

TOO_BIG = N_("The file is larger than %(limit)s MB. Split it or remove pictures from it.")
TOO_BIG_INSIDE = N_(
    "The workbook is far too large once unpacked. Copy the rows into a new workbook."
)
NOT_A_TABLE = N_("This is not a spreadsheet. Upload an .xlsx or .csv file.")
OLD_EXCEL = N_("This is an old Excel file (.xls). Open it in Excel or WPS and save it as .xlsx.")
BINARY_EXCEL = N_("This is a binary Excel file (.xlsb). Open it in Excel and save it as .xlsx.")
OPEN_DOCUMENT = N_("This is an OpenDocument file. Open it and save it as .xlsx.")
ENCRYPTED = N_(
    "The file is protected with a password. Save it without a password and upload it again."
)
EMPTY = N_("The file is empty.")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<body", b"<style", b"<script")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def refuse_wrong_kind(data: bytes) -> None:
    """Refuse what is plainly no table, by its first bytes and never by its name."""
    if not data.strip():
        raise Refused(EMPTY)
    if len(data) > MAX_FILE:
        raise Refused(TOO_BIG, limit=MAX_FILE // MEGABYTE)
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise Refused(ENCRYPTED if locked else OLD_EXCEL)
    opening = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(_NOT_TABLES) or opening.startswith(_MARKUP):
        raise Refused(NOT_A_TABLE)


class Archive:
    """An .xlsx opened for reading, with a budget of bytes for all that is unpacked from it."""

    def __init__(self, data: bytes) -> None:
        """Open the archive and refuse one that is no workbook or declares absurd sizes."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise damaged() from error
        self._budget = MAX_UNPACKED
        self._members = {info.filename.lstrip("/").lower(): info for info in self._zip.infolist()}
        self._refuse_absurd()
        self._refuse_other_kinds()

    def has(self, name: str) -> bool:
        """Tell whether the archive holds a member of this name."""
        return name.lower() in self._members

    def parse(self, name: str, parser: Any, limit: int = 16 * MEGABYTE) -> None:
        """Feed one XML member to an expat parser, in pieces."""
        parser.StartDoctypeDeclHandler = _refuse_doctype
        fed = 0
        try:
            for chunk in self._chunks(name, limit):
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > MAX_TOKEN:
                    raise damaged()
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise damaged() from error

    def _chunks(self, name: str, limit: int) -> Iterator[bytes]:
        info = self._members.get(name.lower())
        if info is None:
            raise damaged()
        left = min(limit, self._budget)
        try:
            with self._zip.open(info) as member:
                while chunk := member.read(CHUNK):
                    left -= len(chunk)
                    self._budget -= len(chunk)
                    if left < 0:
                        raise Refused(TOO_BIG_INSIDE)
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            raise damaged() from error

    def _refuse_absurd(self) -> None:
        infos = self._zip.infolist()
        if any(info.flag_bits & 0x1 for info in infos):
            raise Refused(ENCRYPTED)
        if len(infos) > MAX_MEMBERS or sum(info.file_size for info in infos) > MAX_UNPACKED:
            raise Refused(TOO_BIG_INSIDE)
        if any(info.compress_type not in _METHODS for info in infos):
            raise damaged()

    def _refuse_other_kinds(self) -> None:
        if self.has("xl/workbook.bin"):
            raise Refused(BINARY_EXCEL)
        if self.has("mimetype") and self.has("content.xml"):
            raise Refused(OPEN_DOCUMENT)
        if not self.has("[Content_Types].xml") or not self.has("_rels/.rels"):
            raise Refused(NOT_A_TABLE)


def _refuse_doctype(*_: object) -> None:
    # Excel never writes one; its only use here is an attack with entities.
    raise damaged()
