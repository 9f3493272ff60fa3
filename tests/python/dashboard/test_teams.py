"""The dashboard's Teams tab."""

from datetime import date

import pytest
from dashboard.formats import trend
from dashboard_page import AS_OF, EXPECTED, THIS_MONTH, cells, change_of, scope, value


def test_team_shows_its_budget_and_remaining_budget(sample, opened):
    expected = float(value(sample, f"select {EXPECTED.replace('{team}', 'Platform')}"))
    shown = cells(opened, "team_list", "Platform")
    assert shown["Budget"] == "$900"
    assert shown["This month, expected"] == f"${expected:,.0f}"
    # Deliberately too low, to show a negative remainder.
    assert shown["Left"] == f"-${expected - 900:,.0f}"
    assert cells(opened, "team_list", "Mobile")["Budget"] == "–"
    alert = f"Team Platform is expected to cost ${expected:,.2f} this month; the budget is $900.00"
    assert any(alert in row[1] for row in opened.rows("alerts"))
    opened.choose(team="Platform")
    assert opened.numbers()["team_budget_usd"] == "$900"
    assert opened.numbers()["team_budget_left_usd"] == shown["Left"]
    opened.choose(team="Mobile")
    assert opened.numbers()["team_budget_usd"] == "none set"
    opened.choose(account=value(sample, "select min(account_id) from license_utilization"))
    assert scope(opened, "team_budget_usd") == "Not filtered by account"


def test_team_costs_exclude_tax(sample, opened):
    tax = value(
        sample,
        f"select sum(other_cost_usd) from team_utilization_monthly where {THIS_MONTH}",
    )
    assert tax > 0
    assert cells(opened, "team_list", "(unassigned)")["Tax and other"] == f"${tax:,.2f}"
    for team in ("(unassigned)", "Platform"):
        cost = value(
            sample,
            "select subscription_cost_usd + overage_cost_usd from team_utilization_monthly"
            f" where team = '{team}' and {THIS_MONTH}",
        )
        assert cells(opened, "team_list", team)["Charged so far"] == f"${cost:,.2f}"


def test_last_month_and_expected_cost_of_a_team_have_the_same_basis(sample, opened):
    """The tab, the list of changes, and the card all use list prices plus overage."""
    last_month = "date_trunc('month', date_trunc('month', {as_of}) - interval 1 day)"
    cost = value(
        sample,
        f"""
        select sum(price) + (
            select sum(overage_cost_usd) from overage_monthly
            where user_id in (select user_id from user_teams where team = 'Platform')
                and usage_month = {last_month}
        )
        from seat_state_history
        inner join (
            select subscription_tier, max(monthly_price_usd) as price from license_utilization
            group by subscription_tier
        ) using (subscription_tier)
        where user_id in (select user_id from user_teams where team = 'Platform')
            and usage_month = {last_month}
        """,
    )
    assert cells(opened, "team_list", "Platform")["Last month"] == f"${cost:,.0f}"
    opened.choose(team="Platform")
    shown = opened.numbers()
    assert shown["month_teams"] == f"from ${cost:,.0f} to {shown['month_cost_usd']}"
    expected = value(sample, f"select {EXPECTED.replace('{team}', 'Platform')}")
    assert f"${abs(expected - cost):,.0f} " in change_of(opened, "month_cost_usd")


def test_team_has_trends_for_cost_seats_and_use(sample, opened):
    months = sample.query(
        "select usage_month, subscription_cost_usd + overage_cost_usd, seats, seat_utilization"
        " from team_utilization_monthly where team = 'Platform' order by usage_month"
    )
    costs = [cost for _, cost, _, _ in months[:-1]]
    use = cells(opened, "team_use", "Platform")
    assert len(months) > 2
    for shown, texts in (
        (cells(opened, "team_list", "Platform")["Charged by month"], [f"${c:,.0f}" for c in costs]),
        (use["Seats by month"], [f"{seats}" for _, _, seats, _ in months]),
        (use["Seats active by month"], [f"{100 * share:.1f} %" for *_, share in months]),
    ):
        assert shown == ", ".join(
            f"{month:%b %Y}: {text}" for (month, *_), text in zip(months, texts, strict=False)
        )
    heights = opened.script(
        "const row = [...document.querySelectorAll('#team_list tbody tr')]"
        ".find((row) => row.cells[0].textContent === 'Platform');"
        "return [...row.querySelectorAll('rect')].map((bar) => bar.height.baseVal.value)"
    )
    assert heights == pytest.approx([24 * float(cost / max(costs)) for cost in costs], abs=0.2)


def test_trends_are_sorted_by_their_last_month(opened):
    opened.script(
        "[...document.querySelectorAll('#team_use th button')]"
        ".find((button) => button.textContent === 'Seats by month').click()"
    )
    seats = [int(row[2]) for row in opened.rows("team_use")]
    assert seats == sorted(seats, reverse=True)


def test_past_months_follow_the_team_and_period_filters(sample, opened):
    def shown() -> list[list[str]]:
        return [[row[0], row[2], row[-1]] for row in opened.rows("team_months")]

    opened.choose(team="Platform")
    sql = (
        "select usage_month, seats, total_cost_usd from team_utilization_monthly"
        " where team = 'Platform' and usage_month >= {} order by 1 desc"
    )
    for period, first in (("", "date '1900-01-01'"), ("28", f"date_trunc('month', {AS_OF} - 27)")):
        opened.choose(period=period)
        rows = sample.query(sql.format(first))
        assert shown() == [
            [f"{month:%b %Y}", f"{seats}", f"${cost:,.2f}"] for month, seats, cost in rows
        ]


@pytest.mark.parametrize(
    ("months", "kind", "text", "sort", "bars"),
    [
        (None, "usd", "–", "", []),
        ([None, None], "usd", "–", "", []),
        ([None, 50, 100], "usd", "Feb 2026: $50, Mar 2026: $100", "100", [0, 50, 100]),
        # A refund may exceed the cost, and shares are scaled to 100 %.
        ([-5, 0], "usd", "Jan 2026: -$5, Feb 2026: $0", "0", [0, 0]),
        ([0.25, None], "share", "Jan 2026: 25.0 %", "0.25", [25, 0]),
    ],
)
def test_trend_has_a_bar_per_month(months, kind, text, sort, bars):
    values = months and [
        {"month": date(2026, number, 1), "value": one} for number, one in enumerate(months, 1)
    ]
    assert trend(values, kind) == {"text": text, "sort": sort, "bars": bars}
