"""A list of bits as the recommendation writes it."""

import base64
import gzip

from rules.status_lists import FULL, SIZE, encoded


def _bits(text: str) -> bytes:
    assert text.startswith("u")
    body = text[1:]
    return gzip.decompress(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def test_a_list_has_a_place_for_everybody_and_the_first_bit_on_the_left() -> None:
    assert (SIZE, FULL) == (131_072, 98_304)
    assert _bits(encoded([])) == bytes(16_384)
    bits = _bits(encoded([0, 9, SIZE - 1]))
    assert len(bits) == 16_384 and bits[:2] == b"\x80\x40" and bits[-1] == 1
    assert sum(bits[2:-1]) == 0


def test_the_same_places_give_the_same_text() -> None:
    assert encoded([5, 7]) == encoded(iter((7, 5))) != encoded([5])
