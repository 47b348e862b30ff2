"""The spelling of a passport: proposed, confirmed, and on certificates from then on."""

import pytest
from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from rules.certificate_designs import Design
from rules.plans import EditionRules
from rules.refusals import Missing, Refused
from services import people_english
from tests.builders import Builder
from tests.results_story import Story


def test_a_confirmed_spelling_stands_on_certificates(build: Builder) -> None:
    story = Story(build, edition=EditionRules(certificate_design=Design.A4_BILINGUAL))
    known, other = build.person(name="吕小明"), build.person(name="单雄信")
    assert people_english.proposed(other) == ("Shan", "Xiongxin")
    people_english.confirm_spelling(build.actor(), known.id, "LYU", "XIAOMING")
    assert people_english.proposed(known) == ("Lyu", "Xiaoming")
    story.entry("90", "90", person=known)
    story.entry("80", "80", person=other)
    story.issued()
    facts = db.session.scalars(select(Certificate.facts).order_by(Certificate.id)).all()
    assert [one["name_latin"] for one in facts] == ["Lyu Xiaoming", "Shan Xiongxin"]
    assert [one["award_english"] for one in facts] == ["First prize", "Second prize"]


def test_only_letters_of_somebody_known_are_kept(build: Builder) -> None:
    person = build.person()
    with pytest.raises(Refused):
        people_english.confirm_spelling(build.actor(), person.id, "吕", "")
    with pytest.raises(Missing):
        people_english.confirm_spelling(build.actor(), 999_999, "LYU", "X")
    assert person.name_latin == ""
