"""The QR code of a statement is read from the printed page, whatever the layout and the facts."""

import pytest
import zxingcpp

from rules.certificate_designs import DESIGNS, Design
from rules.statements import MOST_BYTES, SIGNATURE, fitted, signable, statement_of, written
from services.certificates_codes import MOST_FIELDS, path
from services.certificates_rendering import Paper, Renderer
from tests.certificate_people import CODE, FULL_FACTS, NAMES
from tests.pdf_checks import picture_of

HOST = "https://zhengshu.rsj.cixi.ningbo.gov.cn"
# Nothing in it repeats, so that it must be shortened to the last byte.
RARE = "".join(chr(0x4E00 + n * n * 31 % 20_000) for n in range(160))
LONGEST = FULL_FACTS | {"name": NAMES[6]}
CUT = LONGEST | {"edition": RARE[:60], "event": RARE[60:90], "honours": [RARE[90:]]}


def _link(facts: dict[str, object]) -> str:
    said = fitted(statement_of(facts, "5a" * 32, "01020304", (1, 131_071)))
    assert said.shortened is (facts is CUT)
    return f"{HOST}/verify/{CODE}#{written(signable(said), bytes([165]) * SIGNATURE)}"


@pytest.mark.parametrize("facts", [LONGEST, CUT], ids=["longest", "cut"])
@pytest.mark.parametrize("design", list(Design))
def test_the_code_is_read_from_a_page_at_150_dots_an_inch(
    design: Design, facts: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "codes"
    folder.mkdir(exist_ok=True)
    link = _link(facts)
    made = Renderer(DESIGNS[design], folder).pdf(Paper(LONGEST, CODE, link))
    (found,) = zxingcpp.read_barcodes(picture_of(made))
    assert found.text == link


@pytest.mark.parametrize("design", list(Design))
def test_a_field_of_the_code_is_a_third_of_a_millimetre_at_least(design: Design) -> None:
    box = DESIGNS[design].code
    assert box is not None
    for size in (MOST_BYTES - 40, MOST_BYTES):
        fields, _ = path(f"{HOST}/verify/{CODE}#{int.from_bytes(bytes([255]) * size)}")
        assert fields <= MOST_FIELDS and box.width / fields >= 0.33
