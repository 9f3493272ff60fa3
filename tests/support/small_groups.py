"""Finds what sums and differences of published totals reveal about groups of people."""

from fractions import Fraction
from itertools import combinations


def derivable_groups(totals: list[frozenset], fewer_than: int) -> list[frozenset]:
    """Return small groups whose sum can be computed from totals over sets of people.

    This is possible if the group is a linear combination of the sets, whatever the numbers are.
    """
    sets = sorted(set(totals), key=sorted)
    people = frozenset().union(*sets)
    # Groups of people that no total distinguishes.
    atoms: dict[tuple, set] = {}
    for person in people:
        atoms.setdefault(tuple(person in one for one in sets), set()).add(person)
    signatures = list(atoms)
    basis = _echelon([[signature[row] for signature in signatures] for row in range(len(sets))])
    small = [number for number, key in enumerate(signatures) if len(atoms[key]) < fewer_than]
    return [
        frozenset().union(*(atoms[signatures[number]] for number in chosen))
        for count in range(1, fewer_than)
        for chosen in combinations(small, count)
        if sum(len(atoms[signatures[number]]) for number in chosen) < fewer_than
        and not any(_reduced([number in chosen for number in range(len(signatures))], basis))
    ]


def _reduced(row: list, basis: list[tuple[int, list]]) -> list[Fraction]:
    row = [Fraction(value) for value in row]
    for pivot, other in basis:
        if row[pivot]:
            factor = row[pivot]
            row = [value - factor * its for value, its in zip(row, other, strict=True)]
    return row


def _echelon(rows: list[list]) -> list[tuple[int, list]]:
    basis: list[tuple[int, list]] = []
    for row in rows:
        left = _reduced(row, basis)
        pivot = next((number for number, value in enumerate(left) if value), None)
        if pivot is not None:
            basis.append((pivot, [value / left[pivot] for value in left]))
    return basis
