"""The rules of an award plan in words: choices of its form, and what its page says of it."""

from rules.texts import N_

AT_CUT = {
    "extend": N_("all of them get it; the next tier keeps its full number"),
    "skip_next": N_("all of them get it; the next tier has as many places fewer"),
    "split": N_("they share the money of the places they fill"),
    "decide": N_("a recorded decision parts them"),
}
ROUNDING = {
    "floor": N_("down"),
    "half_up": N_("half up"),
    "ceiling": N_("up"),
}
BASIS = {
    "gross": N_("before tax: the winner receives less"),
    "net": N_("after tax: the winner receives this amount"),
}
IF_HELD = {
    "none": N_("nothing"),
    "plus_one": N_("one level higher"),
    "plus_one_capped": N_("one level higher, but not above a limit"),
}
SCALES = {
    "": N_("the totals themselves"),
    "500": N_("the 500 scale: mean and standard deviation"),
    "700": N_("the 700 scale: median and its deviation"),
}
OVER_BUDGET = {
    "refuse": N_("refuse to compute until the plan is amended"),
    "reduce": N_("reduce all amounts alike"),
}
EQUAL = {
    "share": N_("share the place"),
    "decide": N_("need a recorded decision"),
}
UNPLACED = {
    "none": N_("have no place"),
    "last": N_("share the last place"),
}
PREFER = {
    "usual": N_("as named"),
    "higher": N_("the higher value"),
    "lower": N_("the lower value"),
}
PAID_TO = {
    "split": N_("one amount, split among the members"),
    "each": N_("the amount for each member in full"),
    "team": N_("one amount, paid to the team as a whole"),
}
GIVEN_TO = {
    "members": N_("contestants"),
    "coaches": N_("coaches"),
}
SEXES = {
    "": N_("anybody"),
    "F": N_("women"),
    "M": N_("men"),
}
MEASURES = {
    "entrants": N_("the most contestants who started"),
    "awards": N_("the most awards"),
    "points": N_("the most points for awards"),
}
EMPLOYER_TIES = {
    "share": N_("all who are equal at the last place win"),
    "decide": N_("a recorded decision parts them"),
}

NOTICE_POSTED = {
    "here": N_("Posted here"),
    "outside": N_("Posted elsewhere, proven by a document"),
}
NOTICE_PROOFS = {
    "employer": N_("One of each employer with somebody on the list"),
    "district": N_("One of each district"),
    "whole": N_("One for the whole list"),
}
