"""Measures the overage forecast on real people, with the models' own SQL.

`real_activity.parquet` has the daily activity of 532 people: commits to the default branches of
twenty owners' public repositories, 2023-08-01 to 2026-07-31, dated by the author's calendar day.
Each person's addresses and names were replaced by a number. Machine accounts and people with
fewer than 12 active months were dropped.

A commit is worth a random number of credits (gamma, shape 0.8, mean 1), which keeps months from
ending exactly at the allowance. A single draw moves the observed share in a probability band by
several points, so reliability is computed over ten draws. With one allowance for everyone, each
person's commits are scaled so that the allowance equals the 65th percentile of the person's active
months. With four tiers, a commit is worth 100 credits on average, and the allowance is the smallest
of 50, 1,000, 2,000 and 10,000 that covers the median month.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import duckdb

ROOT = Path(__file__).parents[2]
ACTIVITY = Path(__file__).parent / "real_activity.parquet"
# Windows of twelve months; the last four months of each window are forecast.
WINDOWS = [(f"{year}-08-01", f"{year + 1}-07-31") for year in (2023, 2024, 2025)]
# Groups evaluated per size: each group is an organization with its own forecasts.
MOST_GROUPS = 20
ORIGIN_DAYS = (3, 5, 10, 15, 20, 25)
DRAWS = 10
SETTINGS = {"one allowance": "credits_of_one_allowance", "four tiers": "credits_of_four_tiers"}
SCALES = {
    "credits_of_one_allowance": """
        select
            person,
            1000 / quantile_cont(commits, 0.65) as credits_per_commit,
            1000 as allowance
        from months
        group by person
    """,
    "credits_of_four_tiers": """
        select
            person,
            100 as credits_per_commit,
            case
                when median(commits) <= 0.5 then 50
                when median(commits) <= 10 then 1000
                when median(commits) <= 20 then 2000
                else 10000
            end as allowance
        from months
        group by person
    """,
}
# The models' input for one organization in one window.
INPUTS = {
    "int_as_of_date": """
        select
            last_date as as_of_date,
            cast(date_trunc('month', last_date) as date) as month_start_date,
            last_day(last_date) as month_end_date
        from history
    """,
    "int_account_days_covered": """
        select
            '1' as account_id,
            true as is_delivered,
            cast(day as date) as activity_date,
            first_date as first_report_date
        from history, generate_series(first_date, last_date, interval 1 day) as days (day)
    """,
    "int_seat_days_aggregated": """
        select
            '1' as account_id,
            'p' as profile_id,
            cast(person as varchar) as user_id,
            cast(credits as decimal(18, 6)) as credits_used,
            activity_date,
            cast(date_trunc('month', activity_date) as date) as usage_month
        from credits
        inner join history on credits.activity_date between first_date and last_date
        where person in (select person from members)
    """,
    "int_seats_summarized": """
        select account_id, profile_id, user_id, min(activity_date) as first_seen_date
        from int_seat_days_aggregated
        group by all
    """,
    "int_seat_months": """
        with used as (
            select user_id, usage_month, sum(credits_used) as credits_used
            from int_seat_days_aggregated
            group by all
        ),
        months as (
            select cast(month as date) as usage_month
            from history, generate_series(first_date, last_date, interval 1 month) as days (month)
        )
        select
            '1' as account_id,
            'p' as profile_id,
            seats.user_id,
            'T' || allowance as subscription_tier,
            months.usage_month,
            last_day(months.usage_month) as month_last_date,
            true as is_reported,
            months.usage_month = date_trunc('month', history.last_date) as is_current_month,
            coalesce(used.credits_used, 0) as credits_used,
            cast(allowance as decimal(18, 6)) as monthly_allowance,
            cast(allowance + 0.005 as decimal(18, 6)) as breach_credits,
            cast(null as decimal(18, 6)) as limit_credits,
            cast(null as decimal(18, 6)) as overage_cap,
            true as overage_enabled,
            cast(0.04 as decimal(18, 6)) as overage_rate_usd,
            cast(
                greatest(coalesce(used.credits_used, 0) - allowance, 0) * 0.04 as decimal(18, 6)
            ) as overage_cost_usd,
            day(last_day(months.usage_month)) as delivered_days
        from int_seats_summarized as seats
        cross join history
        inner join months
            on months.usage_month >= date_trunc('month', seats.first_seen_date)
        left join used
            on seats.user_id = used.user_id and months.usage_month = used.usage_month
        inner join (select distinct person, allowance from credits) as plans
            on seats.user_id = cast(plans.person as varchar)
    """,
}
SUMS = """
    select
        '{organization}-' || user_id as person,
        method,
        -- On the day of the forecast or in the 55 days before it.
        exists (
            select 1
            from int_seat_days_aggregated as seat_days
            where
                seat_days.user_id = scored.user_id
                and seat_days.activity_date between origin_date - 55 and origin_date
        ) as is_in_use,
        count(*) as n,
        sum(power(probability_over_allowance - is_over_allowance, 2)) as squared_error,
        sum(abs(p50_credits - month_credits)) as median_error,
        sum(abs(mean_credits - month_credits)) as mean_error,
        sum(mean_credits - month_credits) as error,
        sum(crps_credits) as crps,
        sum(is_within_80) as within,
        sum(month_credits) as credits
    from (
        select *, usage_month + cast(origin_day - 1 as integer) as origin_date
        from int_forecasts_scored
    ) as scored
    where
        method <> 'last_month'
        and origin_day in {days}
        and usage_month > last_day((select last_date from history) - interval 4 month)
    group by all
"""
BANDS = """
    select
        user_id as person,
        least(floor(probability_over_allowance * 10 + 1e-9), 9) as band,
        count(*) as n,
        sum(probability_over_allowance) as predicted,
        sum(is_over_allowance) as observed
    from int_forecasts_scored
    where
        method = 'forecast'
        and origin_day in {days}
        and usage_month > last_day((select last_date from history) - interval 4 month)
    group by all
"""


def compiled_models(folder: Path) -> list[tuple[str, str]]:
    """The forecast's compiled models, in the order of their dependencies."""
    environment = os.environ | {
        "KIRO_DUCKDB_PATH": str(folder / "people.duckdb"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "target"),
    }
    days = f"{{forecast_backtest_days: {list(ORIGIN_DAYS)}}}"
    compile_models = [Path(sys.executable).parent / "dbt", "--quiet", "compile", "--vars", days]
    compile_models += ["--select", "+int_forecasts_scored,path:models/intermediate/forecast"]
    done = subprocess.run(
        compile_models, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise click.ClickException(f"dbt compile: {(done.stdout + done.stderr)[-800:]}")
    manifest = json.loads((folder / "target/manifest.json").read_text(encoding="utf-8"))
    nodes = {
        name: node
        for name, node in manifest["nodes"].items()
        if node.get("compiled") and node["resource_type"] == "model"
    }
    ordered: list[str] = []

    def visit(name: str) -> None:
        if name in nodes and name not in ordered:
            for parent in nodes[name]["depends_on"]["nodes"]:
                visit(parent)
            ordered.append(name)

    for name in nodes:
        visit(name)
    return [
        (nodes[name]["name"], nodes[name]["compiled_code"].replace('"people"."main".', ""))
        for name in ordered
    ]


class People:
    """A database with the people's credits, and the forecast's models that run on it."""

    def __init__(self, folder: Path):
        self.models = compiled_models(folder)
        self.connection = duckdb.connect()
        self.connection.execute(
            "create table forecast_priors as"
            f" select * from read_csv('{ROOT / 'seeds/forecast_priors.csv'}')"
        )
        # The people's countries are unknown.
        self.connection.execute("create table holidays (holiday_date date)")

    def draw(self, seed: int) -> None:
        """Draw a value for each commit."""
        draw = random.Random(seed)
        rows = self.connection.execute(
            f"select person, activity_date, events from '{ACTIVITY}' order by all"
        ).fetchall()
        people, days, events = zip(*rows, strict=True)
        commits = [max(draw.gammavariate(0.8 * count, 1 / 0.8), 0.001) for count in events]
        self.connection.execute(
            "create or replace table worth as select unnest(?) as person,"
            " unnest(?) as activity_date, unnest(?) as commits",
            [list(people), list(days), commits],
        )

    def use(self, setting: str, seed: int) -> None:
        """Turn the people's commits into credits and allowances."""
        self.draw(seed)
        self.connection.execute(
            f"""
            create or replace table credits as
            with months as (
                select person, date_trunc('month', activity_date) as month, sum(commits) as commits
                from worth
                group by all
            ),
            scales as ({SCALES[SETTINGS[setting]]})
            select
                person,
                activity_date,
                round(commits * credits_per_commit, 2) as credits,
                allowance
            from worth
            inner join scales using (person)
            """
        )

    def organizations(self, size: int | None, seed: int) -> list[list[int]]:
        """All people as one organization, or random groups of a given size."""
        people = [
            row[0]
            for row in self.connection.execute(
                "select distinct person from worth order by person"
            ).fetchall()
        ]
        if size is None:
            return [people]
        random.Random(seed).shuffle(people)
        firsts = range(0, len(people) - size + 1, size)
        return [people[first : first + size] for first in firsts][:MOST_GROUPS]

    def score(self, organizations: list[list[int]]) -> tuple[list[dict], list[dict]]:
        """Score sums per person and method, and per person and probability band."""
        scores, bands = [], []
        for number, people in enumerate(organizations):
            self.connection.execute(
                "create or replace table members as select unnest(?) as person", [people]
            )
            for first_date, last_date in WINDOWS:
                self.connection.execute(
                    "create or replace table history as"
                    f" select date '{first_date}' as first_date, date '{last_date}' as last_date"
                )
                for name, query in [*INPUTS.items(), *self.models]:
                    self.connection.execute(f"create or replace table {name} as {query}")
                scores += self.rows(SUMS.format(days=ORIGIN_DAYS, organization=number))
                bands += self.rows(BANDS.format(days=ORIGIN_DAYS))
        return scores, bands

    def rows(self, query: str) -> list[dict]:
        """The rows of a query, as dictionaries."""
        cursor = self.connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, map_floats(row), strict=True)) for row in cursor.fetchall()]


def map_floats(row: tuple) -> list:
    """Numbers as floats; None as 0."""
    return [value if isinstance(value, str) else float(value or 0) for value in row]


def figures(rows: list[dict]) -> dict[str, float]:
    """Accuracy measures of the forecast and of linear pace for these rows."""
    own = [row for row in rows if row["method"] == "forecast"]
    pace = [row for row in rows if row["method"] == "linear_pace"]

    def total(measure: str, of: list[dict]) -> float:
        return sum(row[measure] for row in of)

    return {
        "forecasts": total("n", own),
        "brier": total("squared_error", own) / total("n", own),
        "brier_pace": total("squared_error", pace) / total("n", pace),
        "wape": total("median_error", own) / total("credits", own),
        "wape_mean": total("mean_error", own) / total("credits", own),
        "wape_pace": total("mean_error", pace) / total("credits", pace),
        "bias": total("error", own) / total("credits", own),
        "crps": total("crps", own) / total("credits", own),
        "coverage": total("within", own) / total("n", own),
    }


def resampled(
    rows: list[dict], measures: Callable[[list[dict]], dict], seed: int, times: int = 300
) -> dict:
    """The range of each measure in nine of ten resamples of the people."""
    by_person: dict[str, list[dict]] = {}
    for row in rows:
        by_person.setdefault(row["person"], []).append(row)
    people = [by_person[person] for person in sorted(by_person)]
    draw = random.Random(seed)
    drawn = [
        measures([row for person in draw.choices(people, k=len(people)) for row in person])
        for _ in range(times)
    ]
    spread = {}
    for measure in drawn[0]:
        ordered = sorted(sample[measure] for sample in drawn)
        spread[measure] = (ordered[int(0.05 * times)], ordered[int(0.95 * times)])
    return spread


def line(people: str, seats: str, rows: list[dict], seed: int) -> str:
    """A row for the table on real people, in Markdown."""
    measured, spread = figures(rows), resampled(rows, figures, seed)
    brier, wape, bias = spread["brier"], spread["wape_mean"], spread["bias"]
    cells = [
        people,
        seats,
        f"{measured['brier']:.4f} ({brier[0]:.4f}-{brier[1]:.4f})",
        f"{measured['brier'] / measured['brier_pace']:.2f}",
        f"{measured['wape_mean']:.3f} ({wape[0]:.3f}-{wape[1]:.3f})",
        f"{measured['wape_mean'] / measured['wape_pace']:.2f}",
        f"{measured['wape']:.3f}",
        f"{measured['bias']:+.3f} ({bias[0]:+.3f} to {bias[1]:+.3f})",
        f"{measured['coverage']:.2f}",
        f"{measured['crps']:.3f}",
    ]
    return "| " + " | ".join(cells) + " |"


def shares(rows: list[dict]) -> dict[float, dict[str, float]]:
    """Number of forecasts and predicted and observed shares, per probability band."""
    sums: dict[float, list[float]] = {float(band): [0, 0, 0] for band in range(10)}
    for row in rows:
        band = sums[row["band"]]
        band[0] += row["n"]
        band[1] += row["predicted"]
        band[2] += row["observed"]
    return {
        band: {
            "forecasts": forecasts,
            "predicted": predicted / max(forecasts, 1),
            "observed": observed / max(forecasts, 1),
        }
        for band, (forecasts, predicted, observed) in sums.items()
    }


def gaps(rows: list[dict]) -> dict[float, float]:
    """Predicted minus observed share, per probability band."""
    return {band: share["predicted"] - share["observed"] for band, share in shares(rows).items()}


def reliability(rows: list[dict], seed: int) -> list[str]:
    """Predicted and observed shares per probability band, in Markdown."""
    lines = [
        "| probability | forecasts per draw | predicted | observed | predicted minus observed |",
        "|---|---|---|---|---|",
    ]
    measured, spread = gaps(rows), resampled(rows, gaps, seed)
    for band, share in shares(rows).items():
        low, high = spread[band]
        lines.append(
            f"| {band / 10:.1f} to {(band + 1) / 10:.1f} | {share['forecasts'] / DRAWS:,.0f} "
            f"| {share['predicted']:.3f} | {share['observed']:.3f} "
            f"| {measured[band]:+.3f} ({low:+.3f} to {high:+.3f}) |"
        )
    return lines


def report(folder: Path, seed: int) -> list[str]:
    """The section on real people, in Markdown."""
    people = People(folder)
    lines = [
        "| people | seats | Brier score | relative to linear pace | WAPE of the mean "
        "| relative to linear pace | WAPE of the median | bias | P10-P90 | CRPS |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for setting in SETTINGS:
        people.use(setting, seed)
        for size in (None, 30, 8):
            click.echo(f"real people, {setting}, groups of {size or 'all'} ...", err=True)
            rows, _ = people.score(people.organizations(size, seed))
            name = f"{setting}, {'all together' if size is None else f'groups of {size}'}"
            lines.append(line(name, "all", rows, seed))
            lines.append(line(name, "in use", [row for row in rows if row["is_in_use"]], seed))
    for setting in SETTINGS:
        rows = []
        for draw in range(seed, seed + DRAWS):
            click.echo(f"real people, {setting}, draw {draw} ...", err=True)
            people.use(setting, draw)
            rows += people.score(people.organizations(None, seed))[1]
        lines += ["", f"**{setting}**, all together, seeds {seed} to {seed + DRAWS - 1}:", ""]
        lines += reliability(rows, seed)
    return lines
