"""The objects that a certificate's file consists of, written as fast as pydyf lets them be."""

import pydyf


class Written(pydyf.Object):  # type: ignore[misc]
    """An object that is written already: most of a certificate is the same as the one before."""

    def __init__(self, data: str | bytes) -> None:
        super().__init__()
        self.fill(data)

    def fill(self, data: str | bytes) -> None:
        """Write it: what others refer to may be written after them."""
        self._data = data if isinstance(data, bytes) else data.encode()

    @property
    def data(self) -> bytes:
        """Return what stands between the object's number and its end."""
        return self._data


def add(pdf: pydyf.PDF, data: str | bytes) -> str:
    """Add an object; return the reference to it."""
    written = Written(data)
    pdf.add_object(written)
    return f"{written.number} 0 R"


def packed(data: bytes, extra: str = "") -> bytes:
    """Write a stream of packed bytes."""
    head = f"<</Length {len(data)} /Filter /FlateDecode {extra}>>\nstream\n"
    return head.encode() + data + b"\nendstream"


def string(text: str) -> str:
    """Write a text as PDF files do."""
    written: bytes = pydyf.String(text).data
    return written.decode()


def plain(value: float) -> str:
    """Write a number as PDF files do."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
