"""Who may be nominated, in which order, what a pack lacks, what is due, the ladder: pure rules."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.data import InvalidRules
from rules.honours import HonourKind, HonourLevel, HonourVia
from rules.nomination_checks import (
    Candidate,
    Pack,
    Ranked,
    central_word,
    is_preferred,
    judge,
    pack_problems,
    ranking_problems,
    reason_problems,
)
from rules.nomination_dues import NominationDue, OpenCall, UnderWay, dues_of, next_due
from rules.nomination_ladder import Aim, Rung, Title, highest, ladder
from rules.nomination_programmes import EXPERT, GRAND, TITLES, starting_rules
from rules.nomination_rules import CallRules
from rules.nominations import (
    NOMINATION_MOVES,
    UNDER_WAY,
    NominationState,
    Nominee,
)
from rules.selection_eligibility import Borne, Facts, Placing, Proof
from rules.selections import EvidenceKind, Post

DAY = date(2026, 9, 1)
RULES = starting_rules("national", DAY)
FIT = Facts(
    post=Post.FRONT_LINE,
    trade_since=date(2005, 7, 1),
    levels=(1,),
    evidence=(Proof(EvidenceKind.PATENT, date(2023, 5, 4)),),
)


def blocking(rules: CallRules, key: str, candidate: Candidate) -> set[str]:
    return {one.key for one in judge(rules, rules.find(key), candidate).blocking}


def test_the_lists_that_come_with_the_program_hold_together() -> None:
    for key in TITLES:
        assert starting_rules(key, DAY).digest()
    lists = {one.title: (one.places, one.of) for one in RULES.lists}
    assert lists[GRAND] == (1, Nominee.PERSON) and lists[EXPERT] == (3, Nominee.PERSON)
    assert [one.places for one in RULES.lists] == [1, 3, 1, 1]  # R8.01


def test_a_fit_candidate_has_nothing_in_the_way() -> None:
    assert blocking(RULES, "expert", Candidate("甲", FIT, central=False)) == set()
    # 大奖 asks for ten years and the national title, unless the highest level is held (R8.02)
    assert blocking(RULES, "grand", Candidate("甲", FIT, central=False)) == set()


@pytest.mark.parametrize(
    ("candidate", "keys"),
    [
        (Candidate("甲", FIT, central=True), {"central"}),
        (Candidate("甲", FIT, central=None), {"central"}),
        (Candidate("甲", FIT, central=False, routes=("另一通知",)), {"route"}),
    ],
)
def test_what_every_call_bars(candidate: Candidate, keys: set[str]) -> None:
    assert blocking(RULES, "expert", candidate) == keys


def test_an_earlier_winner_is_barred_unless_the_call_says_otherwise() -> None:
    bearer = Facts(
        post=FIT.post,
        trade_since=FIT.trade_since,
        levels=(1,),
        evidence=FIT.evidence,
        honours=(Borne(EXPERT, HonourLevel.NATIONAL, date(2020, 1, 1)),),
    )
    candidate = Candidate("甲", bearer, central=False)
    assert blocking(RULES, "expert", candidate) == {"winner"}
    assert blocking(RULES, "grand", candidate) == set()
    open_rules = RULES.model_copy(update={"bars_winners": False})
    assert blocking(open_rules, "expert", candidate) == set()


def test_every_reason_names_its_clause() -> None:
    candidate = Candidate("甲", Facts(post=Post.MANAGER, levels=(4,)), central=True)
    said = [str(one) for one in reason_problems(judge(RULES, RULES.find("expert"), candidate))]
    assert len(said) >= 5 and any("从事本职业" in one for one in said)


def test_words_in_a_name_mark_central_enterprises() -> None:
    assert central_word(RULES.central_names, "国网浙江慈溪市供电有限公司") == "国网"
    assert central_word(RULES.central_names, "慈溪市第一机械有限公司") == ""


def test_places_in_contests_prefer_and_decide_nothing() -> None:
    facts = Facts(placings=(Placing(HonourLevel.CITY, 3, DAY),))
    assert is_preferred(RULES, facts)
    assert not is_preferred(RULES, Facts(placings=(Placing(HonourLevel.CITY, 4, DAY),)))
    assert blocking(RULES, "expert", Candidate("甲", facts, central=False)) != set()


@given(st.lists(st.one_of(st.none(), st.integers(1, 6)), max_size=6), st.integers(1, 6))
def test_an_order_is_right_exactly_when_it_is_one_to_n_within_the_places(
    ranks: list[int | None], places: int
) -> None:
    rows = [Ranked(key, f"人{key}", rank) for key, rank in enumerate(ranks)]
    given_ranks = sorted(rank for rank in ranks if rank is not None)
    is_right = given_ranks == list(range(1, len(given_ranks) + 1)) and len(given_ranks) <= places
    assert (not list(ranking_problems(places, rows))) is is_right


def test_who_is_fixed_keeps_a_rank() -> None:
    rows = [Ranked(1, "甲", None, fixed=True), Ranked(2, "乙", 1)]
    assert len(list(ranking_problems(3, rows))) == 1


def test_a_pack_tells_all_that_it_lacks() -> None:
    one = RULES.find("expert")
    empty = Pack("甲", "", " ", {}, 51, ())
    # two texts, three needed materials, one form, one page too many
    assert len(list(pack_problems(one, empty))) == 7
    counts = {"certificates": 1, "honours": 1, "unit_notice": 4}
    told = list(pack_problems(one, Pack("甲", "理由", "事迹", counts, 50, {"form"})))
    assert [str(one) for one in told] == ["甲: of “所在单位公示证明” at most 3 files are taken."]


def test_rules_that_contradict_themselves_are_refused() -> None:
    data = RULES.model_dump(mode="json")
    data["lists"].append(data["lists"][0])
    with pytest.raises(InvalidRules):
        CallRules.model_validate(data)


def test_every_state_has_moves_and_ended_ones_are_not_under_way() -> None:
    assert set(NOMINATION_MOVES) == set(NominationState)
    ended = set(NominationState) - set(UNDER_WAY)
    assert {one.value for one in ended} == {"granted", "not_granted", "declined", "withdrawn"}


def test_what_is_due_follows_from_state_and_dates() -> None:
    call = OpenCall(1, date(2026, 9, 30), date(2026, 10, 31))
    states = {
        NominationState.DRAFT: (NominationDue.COMPLETE, date(2026, 9, 30)),
        NominationState.PROPOSED: (NominationDue.CHECK, date(2026, 10, 31)),
        NominationState.SENT: (NominationDue.OUTCOME, date(2027, 4, 29)),
    }
    for state, (kind, day) in states.items():
        due = next_due(UnderWay(7, call, state))
        assert due is not None and (due.kind, due.due_on) == (kind, day)
    returned = UnderWay(7, call, NominationState.RETURNED, complete_until=date(2026, 10, 9))
    due = next_due(returned)
    assert due is not None and due.due_on == date(2026, 10, 9)
    noticed = UnderWay(7, call, NominationState.NOTICE, notice_ends_on=date(2026, 9, 11))
    due = next_due(noticed)
    assert due is not None and (due.kind, due.due_on) == (NominationDue.APPROVE, date(2026, 9, 12))
    assert due.is_overdue(date(2026, 9, 13)) and due.days_left(date(2026, 9, 10)) == 2
    assert next_due(UnderWay(7, call, NominationState.RANKED)) is None
    kinds = [one.kind for one in dues_of([call], [])]
    assert kinds == [NominationDue.PROPOSE]
    kinds = [one.kind for one in dues_of([call], [UnderWay(7, call, NominationState.CHECKED)])]
    assert kinds == [NominationDue.SEND]
    sent = [UnderWay(7, call, NominationState.SENT)]
    assert [one.kind for one in dues_of([call], sent)] == [NominationDue.OUTCOME]


def title(name: str, level: HonourLevel, kind: HonourKind = HonourKind.TITLE) -> Title:
    return Title(1, name, kind, level, DAY, "", HonourVia.SELECTION)


def test_the_ladder_puts_titles_on_their_rungs() -> None:
    steps = ladder(
        [
            title("慈溪市技术能手", HonourLevel.CITY),
            title("浙江工匠", HonourLevel.PROVINCE),
            title(EXPERT, HonourLevel.NATIONAL),
            title(GRAND, HonourLevel.NATIONAL),
            title("一等奖", HonourLevel.CITY, HonourKind.PRIZE),
            title("厂级标兵", HonourLevel.EMPLOYER),
        ],
        [Aim(3, "享受国务院政府特殊津贴", HonourLevel.NATIONAL, 2026, NominationState.SENT)],
    )
    found = {one.rung: ([each.title for each in one.titles], len(one.aims)) for one in steps}
    assert found[Rung.CITY] == (["慈溪市技术能手"], 0)
    assert found[Rung.NATION] == ([EXPERT], 0) and found[Rung.GRAND] == ([GRAND], 0)
    assert found[Rung.ALLOWANCE] == ([], 1)
    assert highest(steps) is Rung.GRAND
    assert [one.rung for one in steps] == list(Rung)
