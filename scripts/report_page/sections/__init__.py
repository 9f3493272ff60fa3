"""The sections of the page, in the order in which they are shown."""

from . import adoption, data_quality, legacy, licenses, models, overage, overview, teams

SECTIONS = [overview, licenses, overage, models, adoption, teams, legacy, data_quality]
