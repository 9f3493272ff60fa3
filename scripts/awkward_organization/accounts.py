"""The accounts, and the payers' exports of the bill."""

from .organization import Export

# People work every day for five months; the bill is complete up to the current month.
HUB = "100000000001"
# Each month's bill has a different format; people work on the month's first five weekdays.
FORMS = "100000000002"
ODD_FORMS = "100000000003"
# The last bill is for August.
LATE = "100000000004"
# September's bill has only one line so far, and July's is missing.
PARTIAL = "100000000005"
# Reports arrive in parts.
PARTS = "100000000006"
# Seats with very high or very low use; no bill.
HEAVY = "100000000007"
# At most two people work per day; a roster, no bill.
SMALL = "100000000008"
# Report rows with every possible error; no bill, no roster.
ROWS = "100000000009"
# Reports start, pause and end; no bill, no roster.
PAUSING = "100000000010"
# Seats that are billed but never reported: billed by another payer, in the legacy format, or in
# truncated files.
FOREIGN = "100000000011"
LEGACY_BILL = "100000000012"
CUT = "100000000013"
# A roster from August and reports for every weekday; no bill.
DISPUTED = "100000000014"

HUB_BILL = Export("hub", "900000000001")
FORMS_BILL = Export("forms", "900000000002")
FORMS_COPY = Export("forms-copy", "900000000002")
LATE_BILL = Export("late", "900000000003")
PARTIAL_BILL = Export("partial", "900000000004")
FOREIGN_BILL = Export("foreign", "900000000005")
LEGACY_EXPORT = Export("legacy", "900000000006")
CUT_BILL = Export("cut", "900000000007")
