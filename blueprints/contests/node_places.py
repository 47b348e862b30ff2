"""Beside which field of a node a problem of the rules is shown; without one it stands at the top.

The texts are those of rules.scheme_problems and rules.aspect_problems; a test holds them together.
"""

BESIDE: dict[str, tuple[str, ...]] = {
    "The weight of %(part)s must be above 0.": ("weight",),
    "The pass mark of %(part)s must lie between 0 and %(highest)s.": ("pass_mark",),
    "%(part)s belongs to a stage %(stage)s that is not there.": ("stage",),
    "%(part)s names a stage, but the scheme has no stages.": ("stage",),
    "%(node)s declares %(declared)s marks, but carries %(carried)s.": ("declared_maximum",),
    "%(node)s cannot drop fewer than 0 values.": ("drop_high",),
    "%(node)s drops so many values that none is left.": ("drop_high",),
    "%(node)s cannot drop values that have weights.": ("combine",),
    "%(node)s cannot keep the best %(best)s of %(count)s.": ("best",),
    "%(node)s lies inside one judge's sheet and cannot keep the best only.": ("best",),
    "The factor of %(node)s must be above 0.": ("factor",),
    "The lowest value of %(node)s is above its highest.": ("floor",),
    "The panel of %(part)s needs at least 1 and at most %(judges)s judges.": ("panel", "minimum"),
    "The panel of %(part)s cannot drop fewer than 0 marks.": ("panel", "drop_high"),
    "The panel of %(part)s drops so many marks that none may be left.": ("panel", "drop_high"),
    "The judges of %(part)s cannot be combined as a whole: panels stand below it.": (
        "panel",
        "combine_at",
    ),
    "The largest spread of %(part)s must be above 0.": ("panel", "max_spread"),
    "The highest mark of %(aspect)s must be above 0.": ("maximum",),
    "The lowest mark of %(aspect)s must lie below its highest.": ("minimum",),
    "The highest mark of %(aspect)s (%(maximum)s) is not a multiple of %(step)s.": ("step",),
    "%(aspect)s needs a difference above 0, and no tolerance or deduction below 0.": (
        "difference",
    ),
    "The step of the readings of %(aspect)s must be above 0.": ("reading_step",),
}
