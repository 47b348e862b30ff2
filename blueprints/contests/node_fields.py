"""Fields that several kinds of nodes have: how values become one, what is done with them."""

from blueprints.contests.node_specs import Box, Choices, Group, Rows, Spec, Special
from rules.scheme_nodes import Deduction, Given, Panel, PointsTable
from rules.texts import N_

MODES: Choices = (
    ("half_up", N_("half up")),
    ("half_even", N_("half to even")),
    ("down", N_("all down")),
    ("up", N_("all up")),
)
STEPS: Choices = (
    ("judge", N_("each judge's value")),
    ("combined", N_("after combining")),
    ("multiplied", N_("after the factors")),
    ("result", N_("at the end")),
)
KEY = Spec(
    "key",
    N_("Code"),
    "text",
    help=N_("Marks and tie-breaks refer to it. Empty: it is made by itself."),
)
TITLE = Spec("title", N_("Title"), "text")
WEIGHT = Spec(
    "weight",
    N_("Weight in percent"),
    help=N_("Counts where the values are combined by weight; the weights add up to 100."),
)
GIVEN = (
    TITLE,
    Spec("minimum", N_("Lowest")),
    Spec("maximum", N_("Highest")),
    Spec("step", N_("Smallest step")),
    Spec("key", N_("Code"), "text"),
)
_DEDUCTIONS = Rows(
    "deductions",
    N_("Deduction"),
    N_("Add a deduction"),
    Deduction,
    (
        TITLE,
        Spec("each", N_("Marks for each one")),
        Spec("limit", N_("At most together")),
        Spec("step", N_("Counted in steps of")),
        Spec(
            "effect",
            N_("Effect"),
            "choice",
            (
                ("minus", N_("takes marks off")),
                ("cap", N_("lowers to at most this")),
                ("zero", N_("makes it 0")),
            ),
        ),
        Spec(
            "on",
            N_("Acts on"),
            "choice",
            (("result", N_("the result")), ("mark", N_("each judge's mark, before the trim"))),
        ),
        Spec("disqualifies_at", N_("Out of the contest from")),
        Spec("key", N_("Code"), "text"),
    ),
)
_POINTS = Group(
    "points",
    N_("Points for the place"),
    PointsTable,
    (
        Spec("points", N_("Points from the first place down"), "numbers", help=N_("12, 10, 8, 7")),
        Spec(
            "best",
            N_("First is"),
            "choice",
            (("highest", N_("the highest value")), ("lowest", N_("the lowest value"))),
        ),
        Spec(
            "ties",
            N_("Equal values"),
            "choice",
            (
                ("share", N_("all get the better points")),
                ("mean", N_("get the mean of the points")),
                ("decide", N_("need a decision")),
            ),
        ),
    ),
    help=N_("The value is replaced by the points for its place among all entries."),
)
_MISSING = Spec(
    "missing",
    N_("When nobody marked it"),
    "choice",
    (
        ("block", N_("no result until it is marked")),
        ("zero", N_("it counts 0")),
        ("skip", N_("it is left out")),
    ),
)
WORTH = (
    Box(
        N_("Factor and agreed values"),
        (
            Spec("factor", N_("Times a fixed factor")),
            Spec("offset", N_("Plus a fixed value")),
            Group("times", N_("Times an agreed value, such as a difficulty"), Given, GIVEN),
            Group("plus", N_("Plus an agreed value, such as a base value"), Given, GIVEN),
        ),
        help=N_("An agreed value is recorded once for each entry."),
    ),
    Box(N_("Deductions"), (_DEDUCTIONS,)),
    Box(
        N_("Limits and rounding"),
        (
            Spec("floor", N_("At least")),
            Spec("cap", N_("At most")),
            Special("rounds"),
        ),
    ),
    Box(N_("Points for the place, and what is not marked"), (_POINTS, _MISSING)),
)
_COMBINE = Spec(
    "combine",
    N_("The values below are combined as"),
    "choice",
    (
        ("sum", N_("sum")),
        ("mean", N_("mean")),
        ("median", N_("median")),
        ("weighted", N_("sum of value times weight")),
        ("percent", N_("sum of percentages times weight")),
    ),
)
BRANCH = Box(
    N_("How the values below become one"),
    (
        _COMBINE,
        Spec("drop_high", N_("Highest values dropped"), "whole"),
        Spec("drop_low", N_("Lowest values dropped"), "whole"),
        Spec("best", N_("Only the best so many count"), "whole"),
        Spec(
            "declared_maximum",
            N_("Declared highest value"),
            help=N_("The scheme is refused when it adds up to something else."),
        ),
    ),
    folded=False,
)
PANEL = (
    Spec("judges", N_("Judges"), "whole"),
    Spec("minimum", N_("of whom must mark"), "whole"),
    Spec("drop_high", N_("Highest marks dropped"), "whole"),
    Spec("drop_low", N_("Lowest marks dropped"), "whole"),
    Spec(
        "drop_from",
        N_("Dropped only from so many judges"),
        "whole",
        help=N_("0: always."),
    ),
    Spec(
        "combine",
        N_("Judges' marks become one as"),
        "choice",
        (("mean", N_("mean")), ("sum", N_("sum")), ("median", N_("median"))),
    ),
    Spec(
        "combine_at",
        N_("Judges' marks are combined"),
        "choice",
        (("part", N_("once, over all of it")), ("aspect", N_("for each aspect"))),
    ),
    Spec("max_spread", N_("Flag judges who differ by")),
    Spec(
        "spread_of",
        N_("compared are"),
        "choice",
        (("all", N_("all judges")), ("counted", N_("the judges who count"))),
    ),
    Spec(
        "on_spread",
        N_("Judges who differ"),
        "choice",
        (("flag", N_("are only flagged")), ("remark", N_("must mark again"))),
    ),
    Spec("zero_is_absent", N_("A judge with zeros only was absent"), "tick"),
)
OWN_PANEL = Box(
    N_("Panel of its own"),
    (
        Group(
            "panel",
            N_("Other judges mark this than the rest of the part"),
            Panel,
            PANEL,
            ticked=True,
        ),
    ),
)
