"""A small made-up organization in which everything that can be unusual is unusual.

Each case is a function that adds a few people, files or bill lines, and what the public tables must
say of them. What they must say comes from the definitions and simple sums, never from the models.
"""

from . import bills, contradictions, deliveries, months, people, rosters, rows, totals
from .organization import Organization


def awkward_organization() -> Organization:
    """The whole organization: rows, lines, lists and truths, nothing written yet."""
    organization = Organization()
    # Totals last: they count what the others have billed.
    for module in (people, months, bills, deliveries, rows, rosters, contradictions, totals):
        module.case.add_to(organization)
    return organization
