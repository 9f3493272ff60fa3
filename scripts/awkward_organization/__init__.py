"""A small made-up organization that has every unusual case at once.

Each case is a function that adds a few people, files or bill lines and says what the public tables
must say about them. The expected values come from the definitions and simple sums, never from the
models.
"""

from . import bills, contradictions, deliveries, months, people, rosters, rows, totals
from .organization import Organization


def awkward_organization() -> Organization:
    """The whole organization: rows, lines, lists and truths, before anything is written."""
    organization = Organization()
    # Totals come last: they count what the other cases billed.
    for module in (people, months, bills, deliveries, rows, rosters, contradictions, totals):
        module.case.add_to(organization)
    return organization
