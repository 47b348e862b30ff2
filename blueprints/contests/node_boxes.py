"""Every field of every kind of node: what readers call it, how it is typed, where it stands."""

from blueprints.contests.node_fields import (
    BRANCH,
    GIVEN,
    KEY,
    MODES,
    OWN_PANEL,
    PANEL,
    TITLE,
    WEIGHT,
    WORTH,
)
from blueprints.contests.node_specs import Box, Group, Rows, Spec, Special
from rules.data import RuleData
from rules.ranking import TieBreak
from rules.scheme_nodes import (
    Advance,
    Aspect,
    AspectKind,
    Band,
    Carry,
    Given,
    Option,
    Panel,
    Part,
    Section,
    Stage,
)
from rules.scheme_trees import Kind
from rules.schemes import Scheme
from rules.texts import N_

MODELS: dict[Kind, type[RuleData]] = {
    "scheme": Scheme,
    "stage": Stage,
    "part": Part,
    "section": Section,
    "aspect": Aspect,
}
KIND_TITLES: dict[Kind, str] = {
    "scheme": N_("Whole scheme"),
    "stage": N_("Stage"),
    "part": N_("Part"),
    "section": N_("Criterion"),
    "aspect": N_("Aspect"),
}
_SCHEME = (
    Box(
        N_("Scheme"),
        (
            TITLE,
            Spec("digits", N_("Decimal places of results"), "whole"),
            Spec("rounding", N_("Results are rounded"), "choice", MODES),
            Spec("round_parts", N_("Round each part before the parts are added"), "tick"),
        ),
        folded=False,
    ),
    BRANCH,
    Box(
        N_("Facts that count only for equal totals"),
        (Rows("facts", N_("Fact"), N_("Add a fact"), Given, GIVEN),),
        help=N_("Such as the time used: recorded once for each entry."),
    ),
    *WORTH,
)
_TIE_BREAKS = Rows(
    "tie_breaks",
    N_("Step at the line"),
    N_("Add a step"),
    TieBreak,
    (
        Spec(
            "kind",
            N_("Compares"),
            "choice",
            (
                ("part", N_("the score of a part")),
                ("node", N_("the value of a node")),
                ("best_single", N_("the best single value below")),
                ("time", N_("a time, lower first")),
                ("age", N_("an age, higher first")),
                ("fact", N_("a fact, higher first")),
            ),
        ),
        Spec("key", N_("of"), "choice", offer="nodes"),
        Spec(
            "prefer",
            N_("First is"),
            "choice",
            (("usual", N_("as usual")), ("higher", N_("the higher")), ("lower", N_("the lower"))),
        ),
    ),
    under="advance",
)
_STAGE = (
    Box(N_("Stage"), (TITLE,), folded=False),
    Box(
        N_("Who goes on to the next stage"),
        (
            Group(
                "advance",
                N_("There is a cut"),
                Advance,
                (
                    Spec("top", N_("At most so many"), "whole"),
                    Spec("share", N_("At most so many percent")),
                    Spec("minimum", N_("Lowest total needed")),
                    Spec(
                        "ties",
                        N_("Equal totals at the line"),
                        "choice",
                        (
                            ("all", N_("all go on")),
                            ("tie_break", N_("the steps part them")),
                            ("decide", N_("need a decision")),
                        ),
                    ),
                ),
                ticked=True,
            ),
            _TIE_BREAKS,
        ),
    ),
    Box(
        N_("What earlier stages bring in"),
        (
            Rows(
                "carry",
                N_("Earlier stage"),
                N_("Carry over a stage"),
                Carry,
                (
                    Spec("stage", N_("Stage"), "choice", offer="stages"),
                    Spec("factor", N_("Times")),
                ),
            ),
            Spec(
                "not_started",
                N_("Who does not start in this stage"),
                "choice",
                (("out", N_("has no place")), ("keep", N_("keeps the place of the stage before"))),
            ),
        ),
    ),
    BRANCH,
    *WORTH,
    Box(N_("Code"), (KEY,)),
)
_PART = (
    Box(
        N_("Part"),
        (
            TITLE,
            Spec("weight", N_("Weight in percent")),
            Spec("pass_mark", N_("Pass mark"), help=N_("Empty: nobody fails.")),
            Spec(
                "entered_by",
                N_("Marks are entered by"),
                "choice",
                (
                    ("judge", N_("judges, each on a sheet of his own")),
                    ("clerk", N_("an entry clerk, from the marked papers")),
                ),
            ),
            Spec("stage", N_("Stage"), "choice", offer="stages"),
        ),
        folded=False,
    ),
    Box(N_("Panel"), (Group("panel", "", Panel, PANEL),), folded=False),
    BRANCH,
    *WORTH,
    Box(N_("Code"), (KEY,)),
)
_SECTION = (
    Box(N_("Criterion"), (TITLE, WEIGHT), folded=False),
    BRANCH,
    OWN_PANEL,
    *WORTH,
    Box(N_("Code"), (KEY,)),
)
_ASPECT = (
    Box(
        N_("Aspect"),
        (
            TITLE,
            Spec(
                "kind",
                N_("Kind"),
                "choice",
                (
                    ("points", N_("Points")),
                    ("measurement", N_("Measurement")),
                    ("judgement", N_("Judgement")),
                    ("deviation", N_("Measured value")),
                    ("choice", N_("Choice")),
                    ("bands", N_("Bands")),
                ),
            ),
            Spec("maximum", N_("Maximum")),
        ),
        folded=False,
    ),
    Box(
        N_("Points"),
        (Spec("step", N_("Smallest step")),),
        folded=False,
        kinds=(AspectKind.POINTS,),
    ),
    Box(
        N_("Ladder"),
        (Special("ladder"),),
        folded=False,
        kinds=(AspectKind.JUDGEMENT,),
        help=N_(
            "One description for each level from 0 up. "
            "Without marks of their own the levels share the maximum evenly."
        ),
    ),
    Box(
        N_("Measured value"),
        (
            Spec("target", N_("Target")),
            Spec("tolerance", N_("Tolerance")),
            Spec("difference", N_("Each difference of")),
            Spec("deduction", N_("costs marks")),
            Spec(
                "side",
                N_("What differs"),
                "choice",
                (
                    ("both", N_("more or less")),
                    ("above", N_("only what is more")),
                    ("below", N_("only what is less")),
                ),
            ),
            Spec(
                "counted",
                N_("A difference counts"),
                "choice",
                (
                    ("proportional", N_("in proportion")),
                    ("started", N_("once it is begun")),
                    ("full", N_("once it is full")),
                ),
            ),
        ),
        folded=False,
        kinds=(AspectKind.DEVIATION,),
    ),
    Box(
        N_("Options"),
        (
            Rows(
                "options",
                N_("Option"),
                N_("Add an option"),
                Option,
                (Spec("label", N_("Name"), "text"), Spec("award", N_("Marks"))),
            ),
        ),
        folded=False,
        kinds=(AspectKind.CHOICE,),
    ),
    Box(
        N_("Bands"),
        (
            Rows(
                "bands",
                N_("Band"),
                N_("Add a band"),
                Band,
                (
                    Spec("above", N_("Above")),
                    Spec("up_to", N_("up to")),
                    Spec("award", N_("Marks")),
                ),
            ),
        ),
        folded=False,
        kinds=(AspectKind.BANDS,),
        help=N_(
            "The first band has no lower limit, the last no upper one; "
            "each begins where the one before ends."
        ),
    ),
    Box(
        N_("Lowest mark"),
        (Spec("minimum", N_("Lowest mark")),),
        help=N_("What the aspect is worth at least; below 0 where marks can be lost."),
    ),
    Box(
        N_("Readings"),
        (Spec("reading_step", N_("Readings in steps of")),),
        kinds=(AspectKind.DEVIATION, AspectKind.BANDS),
    ),
    Box(
        N_("Requirement and notes"),
        (
            Spec("requirement", N_("Requirement"), "text"),
            Spec("detail", N_("Notes for judges"), "long"),
            Spec("section", N_("Section of the occupational standard"), "text"),
        ),
    ),
    Box(N_("Weight"), (WEIGHT,)),
    OWN_PANEL,
    *WORTH,
    Box(N_("Code"), (KEY,)),
)
BOXES: dict[Kind, tuple[Box, ...]] = {
    "scheme": _SCHEME,
    "stage": _STAGE,
    "part": _PART,
    "section": _SECTION,
    "aspect": _ASPECT,
}
