"""The page on assumptions lists only existing findings, and every finding about external values."""

import csv
import re

from projects import ROOT

PAGE = (ROOT / "docs/evidence.md").read_text()
FINDINGS = {row["finding"] for row in csv.DictReader((ROOT / "seeds/finding_advice.csv").open())}


def test_every_finding_has_advice():
    models = (ROOT / "models/intermediate/findings").glob("*.sql")
    found = {
        name for path in models for name in re.findall(r"'(\w+)' as finding", path.read_text())
    }
    assert found == FINDINGS


def test_every_finding_on_the_page_exists():
    models = "".join(
        path.read_text() for path in (ROOT / "models/intermediate/findings").glob("*.sql")
    )
    named = {
        word
        for row in PAGE.splitlines()
        if row.startswith("|")
        for word in re.findall(r"`([a-z_]+)`", row.rsplit("|", 2)[1])
        if re.search(r"_(is|are|has|have|do|costs|exceeds|differs)_", f"{word}_")
    }
    assert named
    assert named <= FINDINGS
    assert {name for name in named if f"'{name}'" not in models} == set()


def test_every_finding_about_the_bill_supports_an_assumption():
    of_bill = {
        finding
        for model in ("int_charge_findings", "int_bill_findings")
        for finding in re.findall(
            r"'(\w+)' as finding",
            (ROOT / f"models/intermediate/findings/{model}.sql").read_text(),
        )
    }
    # This finding is about the roster, where the seat is pending.
    assert {name for name in of_bill if name not in PAGE} == {"pending_seat_is_billed"}
