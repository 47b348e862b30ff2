"""Open one uploaded PDF in a process of its own, and tell its pages and what it would do by itself.

The file comes on standard input; one line of JSON is the answer. A PDF is only looked at: nothing
of it is drawn, run or changed.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import pikepdf

from services import processes

MEMORY, SECONDS = 1024 * 1024 * 1024, 15
# What an action does by itself that a paper has no need of.
_ACTIONS = {
    "/JavaScript": "script",
    "/Launch": "launch",
    "/ImportData": "launch",
    "/SubmitForm": "launch",
    "/GoToE": "embedded",
    "/GoToR": "launch",
    "/RichMediaExecute": "script",
}
_PARTS = {
    "/FileAttachment": "embedded",
    "/RichMedia": "embedded",
    "/Movie": "embedded",
    "/Sound": "embedded",
    "/Screen": "embedded",
    "/3D": "embedded",
}
_KEYS = {"/JS": "script", "/EF": "embedded", "/XFA": "script"}
_CATALOG = {"/JavaScript": "script", "/EmbeddedFiles": "embedded"}


def main() -> None:
    """Answer for one file."""
    processes.limit(MEMORY, SECONDS)
    sys.stdout.write(json.dumps(_looked_at(sys.stdin.buffer.read())))


def _looked_at(data: bytes) -> dict[str, Any]:
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if document.is_encrypted:
                return {"problem": "locked"}
            return {"problem": next(_hostile(document), ""), "pages": len(document.pages)}
    except pikepdf.PasswordError:
        return {"problem": "locked"}
    except MemoryError:
        return {"problem": "huge"}
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError, OSError):
        return {"problem": "broken"}


def _hostile(document: pikepdf.Pdf) -> Iterator[str]:
    """Yield what a PDF carries that a paper does not."""
    names = document.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        yield from (told for key, told in _CATALOG.items() if key in names)
    for one in document.objects:
        yield from _in_object(one, 0)


_DEEPEST = 40


def _in_object(one: Any, depth: int) -> Iterator[str]:
    """Look through an object and what lies in it; what it refers to comes by itself."""
    if depth > _DEEPEST:
        yield "broken"
        return
    if isinstance(one, pikepdf.Stream):
        yield from _in_mapping(one.stream_dict, depth)
    elif isinstance(one, pikepdf.Dictionary):
        yield from _in_mapping(one, depth)
    elif isinstance(one, pikepdf.Array):
        for item in one:
            if not _is_reference(item):
                yield from _in_object(item, depth + 1)


def _in_mapping(one: Any, depth: int) -> Iterator[str]:
    for key, told in _KEYS.items():
        if key in one:
            yield told
    for key, words in (("/S", _ACTIONS), ("/Subtype", _PARTS)):
        value = one.get(key)
        if isinstance(value, pikepdf.Name) and str(value) in words:
            yield words[str(value)]
    for value in one.values():
        if not _is_reference(value):
            yield from _in_object(value, depth + 1)


def _is_reference(value: Any) -> bool:
    return isinstance(value, pikepdf.Object) and value.is_indirect


if __name__ == "__main__":
    main()
