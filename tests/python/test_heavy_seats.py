"""The heaviest seats pass through every model without overflow, and sums stay exact."""

import datetime
from decimal import Decimal

import pytest
from projects import HEADER, Project, report_row

DAYS = [datetime.date(2026, 4, 1) + datetime.timedelta(days) for days in range(81)]
CAP = "1000000000"


def credit_row(day: str, user: str, credits: str, overage: str, cap: str = CAP) -> str:
    return f"{day},{user},KIRO_IDE,1,{credits},{cap},{overage},true,P,POWER,3\n"


@pytest.fixture(scope="module")
def heavy(module_project) -> Project:
    """Ordinary seats, and seats with ten million credits a day or a hundred million in a row."""
    for date in DAYS:
        day = date.isoformat()
        rows = "".join(
            [
                credit_row(day, "every_day", "10000000.000001", "9999000.5"),
                credit_row(day, "no_cap", "10000000", "0", cap=""),
                *(report_row(day, f"u{user}", credits=f"{10 + user}.5") for user in range(3)),
            ]
        )
        if date.day <= 10:
            rows += credit_row(day, "ten_days", "100000", "90000")
        if date.day == 5:
            rows += credit_row(day, "one_row", "1e8", "99990000")
        module_project.write_report(day, f"{HEADER}\n{rows}")
    module_project.build()
    return module_project


def test_credits_and_costs_are_exact_sums(heavy):
    months = heavy.query(
        "select user_id, credits_used, overage_credits_used, overage_cost_usd"
        " from overage_monthly where usage_month = '2026-05-01' and subscription_tier = 'POWER'"
        " order by user_id"
    )
    assert months == [
        ("every_day", Decimal("310000000.000031"), Decimal("309969015.5"), Decimal("12398760.62")),
        ("no_cap", Decimal("310000000"), Decimal("0"), Decimal("0")),
        ("one_row", Decimal("100000000"), Decimal("99990000"), Decimal("3999600")),
        ("ten_days", Decimal("1000000"), Decimal("900000"), Decimal("36000")),
    ]
    assert heavy.query(
        "select credits_used, overage_cost_usd from license_utilization_monthly"
        " where usage_month = '2026-05-01' and subscription_tier = 'POWER'"
    ) == [(Decimal("721000000.000031"), Decimal("16434360.62"))]
    assert heavy.query("select count(*) from rejected_rows") == [(0,)]


def test_outlook_of_heavy_seats_is_defined(heavy):
    assert heavy.query(
        "select overage_to_date_usd, expected_overage_usd > overage_to_date_usd,"
        " overage_p80_usd >= expected_overage_usd, worst_case_overage_usd"
        " from overage_outlook where account_id = '(all)'"
    ) == [(Decimal("12034800.40"), True, True, None)]
    assert heavy.query(
        "select count(*), min(overage_p10_usd) >= 12034800.40 from overage_outlook_daily"
        " where account_id = '(all)' and activity_date > '2026-06-20'"
    ) == [(10, True)]
    assert heavy.query("select overage_cap from overage_risk where user_id = 'every_day'") == [
        (Decimal(CAP),)
    ]


@pytest.mark.long
def test_total_of_many_heavy_seats_does_not_overflow(project):
    rows = "".join(credit_row("2026-06-01", f"u{user}", "1e8", "1e8") for user in range(12_000))
    project.write_report("2026-06-01", f"{HEADER}\n{rows}")
    project.build()
    assert project.query(
        "select credits_used, overage_cost_usd from license_utilization_monthly"
    ) == [(Decimal("1200000000000"), Decimal("48000000000"))]
    assert project.query("select sum(credits_used) from team_utilization_monthly") == [
        (Decimal("1200000000000"),)
    ]
