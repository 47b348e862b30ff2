"""Two applications for one person: found, compared, merged."""

import pytest

from models.database import db
from models.selection_applications import SelectionEvidence
from rules.refusals import Missing, Refused
from rules.selections import ApplicationState, Channel, EvidenceKind, EvidenceSource
from services import selection_checks_doubles
from services.selection_checks_doubles import TakenOver, compare, list_pairs
from tests.builders import Builder
from tests.selection_checking import Checking

merge = selection_checks_doubles.merge_applications


def line(build: Builder, application: int, title: str) -> int:
    row = SelectionEvidence(
        application_id=application,
        kind=EvidenceKind.PATENT,
        source=EvidenceSource.TYPED,
        title=title,
    )
    return int(build._kept(row).id)


def test_two_for_one_person_are_merged_with_what_staff_choose(build: Builder) -> None:
    it = Checking(build)
    person = build.person()
    first = it.applied(person=person, answers={"skill": "车"}, occupation="车工")
    second = it.applied(
        Channel.ASSOCIATION, person=person, double=True, answers={"skill": "铣"}, occupation="铣工"
    )
    line(build, first, "专利甲")
    same, new = line(build, second, "专利甲"), line(build, second, "专利乙")
    ((pair),) = list_pairs(it.round_id)
    assert (pair.first.id, pair.second.id, pair.sure) == (first, second, True)
    found = compare(it.round_id, first, second)
    assert [one.key for one in found.lines if one.differs] == ["occupation"]
    taken = TakenOver(frozenset({"occupation", "answer-skill"}), frozenset({same, new}))
    merge(it.on(it.staff), first, second, taken)
    kept, gone = it.application(first), it.application(second)
    assert (kept.occupation, kept.answers, kept.double) == ("铣工", {"skill": "铣"}, False)
    assert (gone.state, gone.merged_into_id) == (ApplicationState.MERGED, first)
    assert [one.title for one in kept.evidence] == ["专利甲", "专利乙"]
    assert list_pairs(it.round_id) == []


def test_the_second_may_live_on_and_is_then_the_one_that_counts(build: Builder) -> None:
    it = Checking(build)
    person = build.person()
    first = it.applied(person=person)
    second = it.applied(Channel.EMPLOYER, person=person, double=True)
    merge(it.on(it.staff), second, first, TakenOver())
    assert it.application(second).double is False
    assert it.application(first).merged_into_id == second


def test_another_document_of_the_same_person_is_a_probable_double(build: Builder) -> None:
    it = Checking(build)
    known = {"name": "阿依古丽", "name_key": "ayiguli"}
    passport = build.person(**known, id_kind="passport", id_number="E12345678")
    card = build.person(**known)
    other = build.person(**known, birth_date=None)
    one, two = it.applied(person=passport), it.applied(person=card)
    it.applied(person=other)
    ((pair),) = list_pairs(it.round_id)
    assert (pair.first.id, pair.second.id, pair.sure) == (one, two, False)
    merge(it.on(it.staff), one, two, TakenOver())
    assert it.application(two).state is ApplicationState.MERGED


def test_what_is_no_pair_or_qualified_is_not_merged(build: Builder) -> None:
    it = Checking(build)
    person = build.person()
    one, stranger = it.applied(person=person), it.applied()
    with pytest.raises(Missing):
        merge(it.on(it.staff), one, stranger, TakenOver())
    with pytest.raises(Missing):
        compare(it.round_id, one, stranger)
    second = it.applied(person=person, double=True, state=ApplicationState.QUALIFIED)
    with pytest.raises(Refused, match="can no longer be merged"):
        merge(it.on(it.staff), one, second, TakenOver())
    db.session.expire_all()
    assert it.application(one).state is ApplicationState.CHECKING
