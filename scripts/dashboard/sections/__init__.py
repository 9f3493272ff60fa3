"""The page's tabs, in display order."""

from . import adoption, data_health, legacy, models, overview, seats, spend, teams

SECTIONS = [overview, seats, spend, models, adoption, teams, data_health, legacy]
