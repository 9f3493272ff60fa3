"""Forecasts and advice for odd months, odd users and little history are defined, never NaN."""

import datetime

import pytest
from projects import HEADER, PUBLIC_TABLES, Project, report_row

pytestmark = pytest.mark.long

FIRST_DAY = datetime.date(2025, 11, 3)
LAST_DAY = datetime.date(2026, 3, 1)
ACCOUNT, GAPPY_ACCOUNT = "111111111111", "222222222222"
# The second account delivered nothing for half of January.
# Plans and a cap change on the day of the forecast.
CHANGE_DAY = datetime.date(2026, 2, 10)
GAP = (datetime.date(2026, 1, 6), datetime.date(2026, 1, 21))


def days(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    return [first + datetime.timedelta(days=day) for day in range((last - first).days + 1)]


def plan_on(day: datetime.date, before: str, after: str) -> str:
    return before if day < CHANGE_DAY else after


def capped_row(day: datetime.date) -> str:
    """200 credits a weekday; on the day of the change, the cap is set below the overage so far."""
    used = 200 * sum(d.weekday() < 5 for d in days(day.replace(day=1), day))
    cap = "10000.0" if day < CHANGE_DAY else "100.0"
    overage = min(max(used - 1000, 0), 200)
    row = report_row(str(day), "capped", credits="200")
    return row.replace("10000.0,0.0,false", f"{cap},{overage},true")


def write_odd_organization(project: Project) -> None:
    for day in days(FIRST_DAY, LAST_DAY):
        text = str(day)
        weekday = day.weekday() < 5
        rows = [
            report_row(text, f"steady{seat}", credits=str(10 + seat) if weekday else "1.5")
            for seat in range(8)
        ]
        # Overage is off from January on: the first day's use exhausts the month's allowance.
        whale = report_row(text, "whale", credits="2000")
        if day.year == 2025:
            rows.append(whale.replace(",false,", ",true,"))
        elif day.day == 1:
            rows.append(whale)
        rows.append(report_row(text, "unplanned", tier="ULTRA"))
        # The only seat on its plan, without any credits.
        rows.append(report_row(text, "idle", credits="0", messages="0", tier="POWER"))
        if weekday:
            rows += [
                report_row(text, "upgraded", credits="60", tier=plan_on(day, "PRO", "PRO_PLUS")),
                report_row(text, "downgraded", credits="60", tier=plan_on(day, "PRO_PLUS", "PRO")),
                capped_row(day),
            ]
        if day == datetime.date(2026, 2, 5):
            rows.append(report_row(text, "absurd", credits="99999999.5"))
            rows.append(report_row(text, "negative", credits="-5"))
        if day >= datetime.date(2026, 2, 26):
            rows.append(report_row(text, "newcomer"))
        project.write_report(text, f"{HEADER}\n{''.join(rows)}", account=ACCOUNT)
        if weekday and not GAP[0] <= day <= GAP[1]:
            rows = [report_row(text, f"gappy{seat}") for seat in range(6)]
            project.write_report(text, f"{HEADER}\n{''.join(rows)}", account=GAPPY_ACCOUNT)


@pytest.fixture(scope="module")
def as_of(tmp_path_factory):
    """The odd organization as of a day; rebuilt only if the previous test used another day."""
    project = Project(tmp_path_factory.mktemp("odd"))
    write_odd_organization(project)
    built = []

    def build(day: str) -> Project:
        if built[-1:] != [day]:
            project.run("--vars", f"{{as_of_date: '{day}'}}")
            built.append(day)
        return project

    return build


def unfinished_numbers(project: Project) -> list[tuple]:
    """Columns of public tables that contain NaN or infinity."""
    columns = project.query(
        "select table_name, column_name from duckdb_columns() where data_type = 'DOUBLE'"
        f" and table_name in {tuple(PUBLIC_TABLES)}"
    )
    assert len(columns) > 15
    return [
        (table, column)
        for table, column in columns
        if project.query(f"select 1 from {table} where not isfinite({column}) limit 1")
    ]


@pytest.mark.parametrize("as_of_date", ["2026-02-10", "2026-02-28", "2026-03-01"])
def test_odd_seats_have_finite_forecasts_in_ascending_order(as_of, as_of_date):
    odd = as_of(as_of_date)
    tables = ["overage_risk", "overage_what_if", "overage_outlook", "overage_outlook_daily"]
    assert odd.dbt("test", "--select", *tables, "what_if_agrees_with_the_outlook").success
    assert unfinished_numbers(odd) == []
    disordered = odd.query(
        """
        select user_id from overage_risk
        where not (
            forecast_credits_mean >= credits_used_month
            and credits_used_month <= forecast_credits_p10
            and forecast_credits_p10 <= forecast_credits_p50
            and forecast_credits_p50 <= forecast_credits_p80
            and forecast_credits_p80 <= forecast_credits_p90
        )
        """
    )
    assert disordered == []
    # A few days at the end of February are not enough history.
    newcomers = [] if as_of_date == "2026-02-10" else [("newcomer",)]
    unknown = odd.query("select user_id from overage_risk where forecast_credits_mean is null")
    assert unknown == newcomers


def test_cap_below_the_overage_so_far_blocks_the_seat_and_adds_no_cost(as_of):
    odd = as_of("2026-02-10")
    [row] = odd.records("select * from overage_risk where user_id = 'capped'")
    assert (row["credits_used_month"], row["overage_cap"]) == (1400, 100)
    assert (row["risk_band"], row["probability_over_cap"]) == ("breached", 1)
    # 400 credits at 0.04 USD have already been charged.
    assert row["expected_overage_usd"] == 16
    assert row["unmet_demand_credits"] > 1000
    # The same cap for everyone costs at least as much, and a higher cap costs more.
    costs = dict(
        odd.query(
            "select coalesce(cast(most_overage_credits as integer), 0), overage_mean_credits"
            " from int_seat_what_ifs"
            " where user_id = 'capped' and scenario in ('overage_off', 'overage_capped')"
        )
    )
    assert costs[0] == costs[250] == 400
    assert 400 < costs[1000] < costs[5000]


def test_history_of_zeros_gives_a_forecast_of_zero(as_of):
    odd = as_of("2026-02-10")
    [row] = odd.records("select * from overage_risk where user_id = 'idle'")
    assert row["monthly_allowance"] == 10000
    for figure in ("mean", "p10", "p50", "p80", "p90"):
        assert row[f"forecast_credits_{figure}"] == 0
    assert (row["probability_over_allowance"], row["risk_band"]) == (0, "low")


@pytest.mark.parametrize("seat", ["upgraded", "downgraded"])
def test_plan_change_on_the_day_of_the_forecast_changes_only_the_allowance(as_of, seat):
    odd = as_of("2026-02-10")
    [row] = odd.records(f"select * from overage_risk where user_id = '{seat}'")
    # The month's highest plan, regardless of the order.
    assert (row["subscription_tier"], row["monthly_allowance"]) == ("PRO_PLUS", 2000)
    assert row["credits_used_month"] == 420
    # 13 weekdays with 60 credits each remain, on either plan.
    assert row["forecast_credits_mean"] == pytest.approx(1200, rel=0.25)
    assert row["probability_over_allowance"] < 0.2


@pytest.mark.parametrize("as_of_date", ["2026-02-28", "2026-03-01"])
def test_first_and_last_days_of_months_have_forecasts(as_of, as_of_date):
    odd = as_of(as_of_date)
    assert odd.dbt("test", "--select", "overage_risk", "recommended_actions").success
    assert unfinished_numbers(odd) == []
    bands = dict(odd.query("select user_id, risk_band from overage_risk"))
    assert bands["steady0"] == "low"
    assert bands["unplanned"] == "unknown_allowance"
    assert bands["whale"] == "breached"
    [(mean, p10, p90, used)] = odd.query(
        "select forecast_credits_mean, forecast_credits_p10, forecast_credits_p90,"
        " credits_used_month from overage_risk where user_id = 'steady7'"
    )
    if as_of_date[-2:] == "01":
        # 20 to 22 weekdays with 17 credits, and weekends, are ahead.
        assert 300 < mean < 500
        assert p10 < mean < p90
    else:
        # No days remain, and all days were delivered.
        assert mean == p10 == p90 == used


def test_extreme_seat_does_not_change_other_seats(as_of):
    odd = as_of("2026-02-10")
    rows = {row["user_id"]: row for row in odd.records("select * from overage_risk")}
    assert rows["whale"]["risk_kind"] == "blocked"
    assert rows["whale"]["expected_overage_usd"] == 0
    # The seat used 2,000 credits a day until the limit of 1,000 blocked it.
    assert rows["whale"]["unmet_demand_credits"] > 1000
    assert rows["whale"]["exhaustion_date"] == datetime.date(2026, 2, 1)
    for seat in range(8):
        assert rows[f"steady{seat}"]["risk_band"] == "low"
        assert rows[f"steady{seat}"]["forecast_credits_p50"] < 700


def test_absurd_amount_is_kept_and_negative_amount_is_rejected(as_of):
    odd = as_of("2026-02-10")
    [(credits, band)] = odd.query(
        "select credits_used_month::varchar, risk_band from overage_risk where user_id = 'absurd'"
    )
    assert (credits, band) == ("99999999.500000", "breached")
    assert odd.query("select count(*) from overage_risk where user_id = 'negative'") == [(0,)]
    assert odd.query("select count(*) from rejected_rows where raw_text like '%negative%'") == [
        (1,)
    ]


def test_tier_without_a_plan_has_a_forecast_but_no_price_or_advice(as_of):
    odd = as_of("2026-02-10")
    [row] = odd.records("select * from overage_risk where user_id = 'unplanned'")
    assert row["forecast_credits_p50"] > 0
    assert (row["probability_over_allowance"], row["exhaustion_date"]) == (None, None)
    assert odd.query("select * from recommended_actions where user_id = 'unplanned'") == []


def test_half_delivered_month_gives_no_advice(as_of):
    odd = as_of("2026-02-10")
    assert odd.query(
        "select distinct account_id from int_seat_origins_expected"
        " where is_known_month and usage_month = '2026-01-01'"
    ) == [(ACCOUNT,)]
    assert odd.query(
        f"select max(full_months) from int_seat_full_months_summarized"
        f" where account_id = '{GAPPY_ACCOUNT}'"
    ) != [(3,)]


def test_undelivered_days_are_forecast_like_future_days(as_of):
    odd = as_of("2026-01-21")
    rows = {row["user_id"]: row for row in odd.records("select * from overage_risk")}
    gappy = rows["gappy0"]
    # 1.5 credits on each of 22 weekdays, although only the days up to the 5th were delivered.
    assert gappy["credits_used_month"] < 5
    assert gappy["forecast_credits_mean"] > 20


def test_old_advice_is_kept_and_followed_up(as_of):
    as_of("2026-01-21")
    odd = as_of("2026-03-01")
    advised = odd.query("select count(*) from recommendation_log where advised_date = '2026-01-21'")
    assert advised[0][0] > 0
    odd.run("--full-refresh", "--vars", "{as_of_date: '2026-03-01'}")
    odd.run("--vars", "{as_of_date: '2026-03-01'}")
    assert (
        odd.query("select count(*) from recommendation_log where advised_date = '2026-01-21'")
        == advised
    )
    # February has ended; seats blocked in January are blocked again, because nobody changed them.
    assert odd.query(
        "select is_followed, realized_savings_usd::double from realized_savings"
        " where user_id = 'whale' and action = 'enable_overage' and usage_month = '2026-02-01'"
    ) == [(False, 0.0)]


def test_small_organization_with_three_weeks_of_history_has_wide_forecasts(tmp_path):
    project = Project(tmp_path)
    for day in days(datetime.date(2026, 6, 1), datetime.date(2026, 6, 19)):
        if day.weekday() < 5:
            text = str(day)
            rows = [report_row(text, f"user{seat}", credits="20") for seat in range(5)]
            if day >= datetime.date(2026, 6, 16):
                rows.append(report_row(text, "newcomer", credits="20"))
            project.write_report(text, f"{HEADER}\n{''.join(rows)}")
    project.build()
    rows = {row["user_id"]: row for row in project.records("select * from overage_risk")}
    for seat in range(5):
        row = rows[f"user{seat}"]
        assert row["credits_used_month"] == 300
        # Seven weekdays with 20 credits each remain; their error comes only from the preset.
        assert row["forecast_credits_mean"] == pytest.approx(440, abs=10)
        assert row["forecast_credits_p10"] < 345
        assert row["forecast_credits_p90"] > 550
        assert "preset from real people" in row["forecast_evidence"]
    newcomer = rows["newcomer"]
    assert newcomer["risk_band"] == "insufficient_history"
    assert newcomer["forecast_credits_mean"] is None
    assert newcomer["expected_overage_usd"] is None
    assert project.query("select count(*) from overage_forecast_accuracy") == [(0,)]
    assert unfinished_numbers(project) == []
