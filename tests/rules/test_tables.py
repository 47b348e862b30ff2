"""Team and delegation tables."""

from decimal import Decimal as D

from rules.tables import (
    DelegationRule,
    Finish,
    Member,
    TeamRule,
    best_of_all,
    delegation_table,
    team_table,
)


def test_teams_rank_by_the_sum_of_their_members_and_equal_ones_by_time():
    members = [
        Member("Cixi", 1, D(80), D(60)),
        Member("Cixi", 2, D(70), D(50)),
        Member("Yuyao", 3, D(75), D(40)),
        Member("Yuyao", 4, D(75), D(40)),
        Member("Fenghua", 5, D(99), D(1)),
        Member("Fenghua", 6, None),
    ]
    found = team_table(TeamRule(members=2), members)
    assert [(t.team, t.total, t.time, t.rank) for t in found] == [
        ("Yuyao", 150, 80, 1),
        ("Cixi", 150, 110, 2),
        ("Fenghua", 99, 1, None),
    ]
    shared = team_table(TeamRule(members=2, by_time=False), members)
    assert [t.rank for t in shared] == [1, 1, None]


def test_only_the_best_members_count_where_the_rule_says_so():
    members = [Member("A", n, D(total)) for n, total in enumerate((10, 30, 20))]
    (team,) = team_table(TeamRule(best=2), members)
    assert (team.total, team.counted) == (50, (1, 2))


def test_delegations_are_ranked_in_four_reports():
    rule = DelegationRule(tier_points={"gold": D(4), "silver": D(3), "medallion": D(1)})
    finishes = [
        Finish("Nantong", "welding", 1, tier="gold", scale=560),
        Finish("Nantong", "baking", 2, tier=None, scale=480),
        Finish("Cixi", "welding", 3, tier="silver", scale=540),
    ]
    cixi, nantong = delegation_table(rule, finishes)
    assert (cixi.name, cixi.points, cixi.average_points, cixi.tiers) == (
        "Cixi",
        3,
        3,
        {"silver": 1},
    )
    assert (nantong.points, nantong.average_points, nantong.scale) == (4, 2, 1040)
    assert nantong.average_scale == 520
    assert nantong.best_scale == 560
    assert cixi.ranks == {"points": 2, "average_points": 1, "scale": 2, "average_scale": 1}


def test_places_give_the_points_of_the_table_and_none_below_it():
    rule = DelegationRule(points=(D(8), D(5), D(3)))
    finishes = [Finish("A", "x", n, rank=rank) for n, rank in enumerate((1, 2, 2, 4, None))]
    (row,) = delegation_table(rule, finishes)
    assert row.points == 18


def test_the_highest_scale_score_of_all_may_be_shared():
    finishes = [Finish("A", "x", 1, scale=560), Finish("B", "y", 2, scale=560), Finish("C", "z", 3)]
    assert [one.entry_id for one in best_of_all(finishes)] == [1, 2]
