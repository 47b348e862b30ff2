"""Industries of employers: the sections of GB/T 4754-2017 (国民经济行业分类)."""

from rules.texts import N_

INDUSTRIES = {
    "A": N_("Agriculture, forestry, animal husbandry and fishery"),
    "B": N_("Mining"),
    "C": N_("Manufacturing"),
    "D": N_("Electricity, heat, gas and water supply"),
    "E": N_("Construction"),
    "F": N_("Wholesale and retail trade"),
    "G": N_("Transport, storage and post"),
    "H": N_("Accommodation and catering"),
    "I": N_("Information, software and IT services"),
    "J": N_("Finance"),
    "K": N_("Real estate"),
    "L": N_("Leasing and business services"),
    "M": N_("Research and technical services"),
    "N": N_("Water, environment and public facilities"),
    "O": N_("Household, repair and other services"),
    "P": N_("Schools and training"),
    "Q": N_("Health and social work"),
    "R": N_("Culture, sports and entertainment"),
    "S": N_("Public administration, social security and organisations"),
    "T": N_("International organisations"),
}
