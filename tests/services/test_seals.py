"""Seals: two people, days, kept encrypted, drawn on what is issued, never shown as they are."""

import io
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from models.certificates import Certificate, LayoutVersion
from models.database import db
from models.seals import SealPicture
from rules.certificate_designs import A4_LANDSCAPE
from rules.certificate_layouts import CertificateLayout, Sealing
from rules.refusals import Missing, Refused
from rules.states import SealState
from services import certificates, certificates_layouts, seals, seals_pictures
from services.certificates_issuing import NotPrintable
from services.seals import Validity
from tests.builders import Builder
from tests.pdf_checks import check_archive, picture_of
from tests.results_story import AFTER, Story

BODY = "慈溪市人力资源和社会保障局"
PRINTED = A4_LANDSCAPE.model_copy(update={"sealing": Sealing.PRINTED})


def stamp(colour: tuple[int, int, int] = (200, 0, 0), ground: int = 0) -> bytes:
    picture = Image.new("RGBA", (300, 300), (255, 255, 255, ground))
    ImageDraw.Draw(picture).ellipse((5, 5, 295, 295), outline=(*colour, 255), width=20)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def added(build: Builder, folder: Path, data: bytes | None = None, **days: date) -> int:
    by = build.actor(build.account("bureau_staff"))
    validity = Validity(BODY, **({"valid_from": date(2026, 1, 1)} | days))
    return seals.upload(by, validity, data or stamp(), folder)


def approved(build: Builder, folder: Path, data: bytes | None = None, **days: date) -> int:
    made = added(build, folder, data, **days)
    seals.approve_seal(build.actor(build.account("bureau_staff")), made)
    return made


def test_a_seal_is_approved_by_a_second_person_and_kept_encrypted(
    build: Builder, tmp_path: Path
) -> None:
    by = build.actor(build.account("bureau_staff"))
    made = seals.upload(by, Validity(BODY, date(2026, 1, 1)), stamp(), tmp_path)
    found = seals.get_seal(made)
    assert (found.width, found.transparent, found.state) == (300, True, SealState.DRAFT)
    with pytest.raises(Refused, match="uploaded it"):
        seals.approve_seal(by, made)
    assert seals.valid_seal(BODY, date(2026, 5, 1)) is None
    seals.approve_seal(build.actor(build.account("bureau_staff")), made)
    assert seals.bytes_of(seals.get_seal(made), tmp_path) == stamp()
    (path,) = (one for one in (tmp_path / "kept").rglob("*") if one.is_file())
    assert b"PNG" not in path.read_bytes()
    assert seals.list_keys() == {found.file_key}


def test_what_is_no_seal_leaves_nothing_behind(build: Builder, tmp_path: Path) -> None:
    by = build.actor(build.account("bureau_staff"))
    for data in (b"GIF89a", stamp()[:200], b"x" * (seals.LARGEST + 1)):
        with pytest.raises(Refused):
            seals.upload(by, Validity(BODY, date(2026, 1, 1)), data, tmp_path)
    with pytest.raises(Refused, match="last day"):
        seals.upload(by, Validity(BODY, date(2026, 2, 1), date(2026, 1, 1)), stamp(), tmp_path)
    assert not list(tmp_path.rglob("*")) and not db.session.query(SealPicture).count()
    assert not seals.get_seal(added(build, tmp_path, stamp(ground=255))).transparent


def test_the_seal_of_the_day_is_found_and_the_last_approved_wins(
    build: Builder, tmp_path: Path
) -> None:
    old = approved(build, tmp_path, stamp((1, 1, 1)), valid_until=date(2026, 6, 30))
    new = approved(build, tmp_path, valid_from=date(2026, 6, 1))

    def on(day: date) -> int | None:
        found = seals.valid_seal(BODY, day)
        return found and found.id

    assert on(date(2025, 12, 31)) is None
    assert (on(date(2026, 1, 1)), on(date(2026, 6, 15)), on(date(2026, 7, 1))) == (old, new, new)
    assert seals.valid_seal("别的单位", date(2026, 7, 1)) is None
    by = build.actor()
    with pytest.raises(Refused):
        seals.withdraw_seal(by, new, " ")
    seals.withdraw_seal(by, new, "更换印章")
    assert (on(date(2026, 6, 15)), on(date(2026, 7, 1))) == (old, None)


def test_a_layout_says_whose_seal_it_prints() -> None:
    assert seals.body_for(A4_LANDSCAPE, [BODY]) == ""  # stamped by hand
    assert seals.body_for(PRINTED, [BODY, "总工会"]) == BODY
    assert seals.body_for(PRINTED.model_copy(update={"seal_body": "总工会"}), [BODY]) == "总工会"
    assert seals.sealed(PRINTED, [], date(2026, 1, 1)).missing is not None


def _printed(monkeypatch: pytest.MonkeyPatch) -> None:
    def layout(*_: object) -> CertificateLayout:
        return PRINTED

    monkeypatch.setattr(certificates_layouts, "layout_for", layout)


def test_certificates_freeze_their_seal_and_a_missing_one_is_told(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _printed(monkeypatch)
    story = Story(build)
    story.field(["90"])
    story.final()
    by = story.actor("bureau_staff", AFTER)
    with pytest.raises(NotPrintable) as caught:
        certificates.issue(by, story.contest.id)
    assert [BODY in str(one) for one in caught.value.problems] == [True]
    made = approved(build, tmp_path)
    certificates.issue(by, story.contest.id)
    one = db.session.query(Certificate).one()
    assert one.facts["seal"] == seals.get_seal(made).file_sha256
    seals.withdraw_seal(build.actor(), made, "更换印章")
    approved(build, tmp_path, stamp((0, 0, 200)))
    again = db.session.query(Certificate).one()
    pdf = certificates_layouts.pdf_of(again, "https://x.example/1", tmp_path)
    check_archive(pdf)
    assert PRINTED.seal
    place = PRINTED.seal
    at = tuple(int(one * 150 / 25.4) for one in (place.x + 1.9, place.y + place.height / 2))
    assert picture_of(pdf).getpixel(at) == (200, 0, 0)  # the one of its day
    again.facts = again.facts | {"seal": "0" * 64}
    with pytest.raises(Missing):
        certificates_layouts.pdf_of(again, "https://x.example/1", tmp_path)
    db.session.rollback()
    assert db.session.query(LayoutVersion).one().content["sealing"] == "printed"


def test_what_is_shown_of_a_seal_cannot_be_used_as_one() -> None:
    shown = Image.open(io.BytesIO(seals_pictures.masked(stamp()))).convert("RGB")
    plain = Image.open(io.BytesIO(stamp())).convert("RGBA")
    plain.thumbnail(shown.size)
    white = Image.new("RGBA", shown.size, "white")
    white.alpha_composite(plain)
    different = ImageChops.difference(shown, white.convert("RGB")).convert("L")
    assert shown.width <= 240
    assert sum(different.histogram()[40:]) > 0.15 * 240 * 240
