"""The choices of a round's rules in words."""

from rules.texts import N_

DATES = {
    "opens": N_("Applications begin"),
    "closes": N_("Applications end"),
    "checks": N_("Next check due"),
    "opinions": N_("Next opinion due"),
    "notice": N_("Public notice ends"),
}
SECTIONS = {
    "dates": N_("Dates and call"),
    "tiers": N_("Tiers and places"),
    "quotas": N_("Floors and caps"),
    "eligibility": N_("Who may apply"),
    "form": N_("Questions of the form"),
    "papers": N_("Achievements and attachments"),
    "chain": N_("Checks and letters"),
    "review": N_("Expert review"),
    "after": N_("After the award"),
    "money": N_("Money, notice, certificates"),
}
AGAIN = {
    "never": N_("Who holds a title of this programme does not apply again"),
    "higher": N_("Who holds a title of this programme applies for a better tier only"),
    "always": N_("Who holds a title of this programme may apply again"),
}
FIELD_KINDS = {
    "text": N_("a line of text"),
    "long": N_("a longer text"),
    "number": N_("a number"),
    "date": N_("a date"),
    "choice": N_("a choice"),
    "yes_no": N_("yes or no"),
}
METHODS = {
    "sheet": N_("Points on a sheet"),
    "pairs": N_("Comparison in pairs"),
    "ballot": N_("Secret ballot"),
    "sheet_and_ballot": N_("Points on a sheet, then a secret ballot"),
}
BASIS = {
    "gross": N_("before tax"),
    "net": N_("after tax"),
}
RESTARTS = {
    "never": N_("never"),
    "changed": N_("where the list has changed"),
    "always": N_("always"),
}
POSTED = {
    "here": N_("on this site"),
    "outside": N_("elsewhere, with a proof"),
}
PROOFS = {
    "whole": N_("one proof for the list"),
    "employer": N_("each employer"),
    "district": N_("each district"),
}
THINGS = {
    "basics": N_("Clause for everybody"),
    "routes": N_("Route, of which some are needed"),
    "exclusions": N_("Ground of exclusion"),
    "quotas": N_("Floor or cap"),
    "opinions": N_("About whom a body is asked"),
}
BODIES = {
    "employer": N_("Unit"),
    "association": N_("Association"),
    "district": N_("District"),
}
FUNNEL = {
    "begun": N_("Begun"),
    "submitted": N_("Handed in"),
    "qualified": N_("Qualified for review"),
    "chosen": N_("Chosen for a title"),
}
