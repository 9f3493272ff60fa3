"""A small made-up organization with every unusual case at once.

Each case is a function that adds a few people, files or bill lines, and the values expected for
them in the public tables. Expected values come from definitions and simple sums, never from models.
"""

from . import bills, contradictions, deliveries, months, people, rosters, rows, totals
from .organization import Organization


def awkward_organization() -> Organization:
    """Return the organization with all cases; nothing is written yet."""
    organization = Organization()
    # Totals come last, because they add up what the other cases billed.
    for module in (people, months, bills, deliveries, rows, rosters, contradictions, totals):
        module.case.add_to(organization)
    return organization
