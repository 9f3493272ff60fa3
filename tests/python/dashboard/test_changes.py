"""The list of changes, on the dashboard and in the digest."""

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from dashboard_page import AS_OF, HELD, NUMBERS, as_shown, change_of, scope, value
from projects import ROOT


def test_missing_comparison_gives_its_reason(changed, browser):
    """Covers the figures and the weekly lines, for all accounts and for a chosen account."""
    page = changed(
        "update headline_figures set previous_value = null where figure = 'messages'",
        f"""
            update report_delivery set status = case
                when activity_date = {AS_OF} - 9 and client_type = 'KIRO_CLI'
                    and account_id = (select min(account_id) from license_utilization)
                then 'missing' else 'delivered'
            end
        """,
    )
    browser.open(page)
    day = datetime.strptime(browser.text(".as-of strong"), "%d %b %Y") - timedelta(days=9)
    gap = f"a report file for {day.day} {day:%b %Y} (Kiro CLI) is missing"
    reason = f"not compared with the previous week: {gap}"
    assert change_of(browser, "messages") == browser.numbers()["week_compared"] == reason
    # Lines below the reason need not repeat it.
    for number in ("week_messages", "week_credits", "week_overage_credits"):
        assert change_of(browser, number) == "not compared with the previous week"
    for number in ("week_models", "week_teams"):
        assert browser.numbers()[number] == "not compared"
    accounts = browser.script(
        "return [...document.querySelectorAll('#account option')].map((option) => option.value)"
    )
    browser.choose(account=accounts[1])
    assert browser.numbers()["week_compared"].endswith(gap)
    browser.choose(account=accounts[2])
    assert browser.numbers()["week_compared"] == "compared with the previous week"
    assert change_of(browser, "week_credits").endswith("from the previous week")
    assert " from " in browser.numbers()["week_models"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            f"delete from report_delivery where activity_date < date_trunc('month', {AS_OF})",
            r"the reports begin on 1 \w+ \d+",
        ),
        (
            f"""
            update report_delivery set status = 'missing'
            where activity_date = date_trunc('month', {AS_OF}) - interval 3 day
                and client_type = 'KIRO_IDE'
            """,
            r"\d report files are missing, the latest for 2\d \w+ \d+",
        ),
        ("delete from report_delivery", "no report has been delivered"),
    ],
)
def test_unknown_previous_month_gives_its_reason(changed, browser, change, reason):
    browser.open(changed("update headline_figures set previous_value = null", change))
    for number in ("subscription_cost_usd", "month_seats", "month_overage_usd"):
        assert re.search(rf"not compared with \w+: {reason}$", change_of(browser, number)), number


def test_unknown_figure_gives_its_reason(changed, browser):
    browser.open(
        changed(
            "update headline_figures set value = null",
            "update license_utilization set activated_date = null",
            "update usage_daily set seats_with_unknown_credits = 1",
        )
    )
    lines = browser.script(
        "return [...document.querySelectorAll('.line')].map((line) => ["
        "line.querySelector('.value').textContent, line.querySelector('.change').textContent])"
    )
    unknown = [reason for text, reason in lines if text == "–"]
    assert len(unknown) == 7 + 2 + 2
    assert all(re.match(r"not known: \w[^{]{10,}$", reason) for reason in unknown), unknown


def test_changes_agree_with_the_tables(sample, opened):
    """Covers the week's counts, models and teams: in total, for a plan, and for a team."""

    def moved(unit: str, rows: list[tuple]) -> str:
        ranked = sorted(rows, key=lambda row: (-abs(row[2] - row[1]), row[0]))
        return "; ".join(f"{name} from {unit} to {unit}".format(*row) for name, *row in ranked[:3])

    plan = "subscription_tier = 'PRO'"
    for where, chosen in (("true", {}), (plan, {"plan": "Pro"})):
        opened.choose(**chosen)
        shown = opened.numbers()
        for days, name in ((28, "month_models"), (7, "week_models")):
            shares = sample.query(
                f"""
                select model, 100 * before / sum(before) over (), 100 * now / sum(now) over ()
                from (
                    select
                        model,
                        coalesce(sum(messages) filter (where day <= as_of - {days}), 0) as before,
                        coalesce(sum(messages) filter (where day > as_of - {days}), 0) as now
                    from (select *, activity_date as day, {AS_OF} as as_of from model_mix_daily)
                    where day > as_of - {2 * days} and {where}
                    group by model
                )
                """
            )
            shares = [row for row in shares if row[0] != "(unattributed)"]
            assert shown[name].replace("\xa0", " ") == moved("{:.1f} %", shares), (name, chosen)
        credits = value(
            sample,
            f"select sum(credits_used) from usage_daily where {where}"
            " and activity_date > {as_of} - 7",
        )
        assert as_shown(credits, shown["week_credits"])
    opened.clear()
    costs = sample.query(
        f"""
        select team, previous_value, value
        from headline_figures
        where figure = 'month_cost_usd' and account_id = '(all)' and subscription_tier = '(all)'
            and period_end_date = {AS_OF} and team not like '(%'
        """
    )
    assert opened.numbers()["month_teams"] == moved("${:,.0f}", costs)
    messages = sample.query(
        f"""
        select
            team,
            sum(messages) filter (where activity_date <= {AS_OF} - 7),
            sum(messages) filter (where activity_date > {AS_OF} - 7)
        from seat_usage_daily inner join user_teams using (user_id)
        where activity_date > {AS_OF} - 14 and team not like '(%'
        group by team
        """
    )
    assert opened.numbers()["week_teams"] == moved("{:,.0f}", messages)
    team, *row = messages[0]
    opened.choose(team=team)
    assert opened.numbers()["week_teams"] == "from {:,.0f} to {:,.0f}".format(*row)
    assert scope(opened, "week_models") == "Not filtered by team"
    for name, sql in (
        ("week_activated_seats", f"{HELD} and activated_date > {AS_OF} - 7"),
        ("week_unused_since_seats", NUMBERS["week_unused_since_seats"].partition("where ")[2]),
    ):
        of_team = f"user_id in (select user_id from user_teams where team = '{team}')"
        seats = value(sample, f"select count(*) from license_utilization where {of_team} and {sql}")
        assert opened.numbers()[name] == str(seats)


def test_the_digest_matches_the_page(sample, opened, tmp_path):
    subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/write_digest.py", "--quiet"),
            *("--database", sample.database, "--out", tmp_path),
        ],
        check=True,
    )
    lines = opened.script(
        "return [...document.querySelectorAll('.line')].map((line) => "
        "`${line.querySelector('dt').firstChild.textContent}: ` + [...line.querySelectorAll("
        "'.value, .change, .detail')].map((part) => part.textContent).filter(Boolean).join(', '))"
    )
    assert len(lines) == 19
    sections = json.loads((tmp_path / "digest.json").read_text())["sections"]
    assert [line["text"] for section in sections[1:3] for line in section["lines"]] == lines
    assert [section["title"] for section in sections[1:3]] == opened.script(
        "return [...document.querySelectorAll('.changes h3')].map((head) => head.textContent)"
    )
