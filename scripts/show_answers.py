#!/usr/bin/env python3
"""Print what the public tables answer: seats used, overage ahead, models in use."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import duckdb

# Question, and a query of one row and column that is the answer.
ANSWERS = {
    "Are the seats we pay for used?": """
        select format(
            '{} of {} seats were active in the last 30 days; '
            '{} can be reclaimed ({:.2f} USD a month).',
            count(*) filter (where active_days_30 > 0),
            count(*),
            count(*) filter (where is_reclaimable),
            coalesce(sum(monthly_savings_usd), 0)::double
        )
        from license_utilization
    """,
    "Who will run into overage or be blocked this month?": """
        select format(
            '{} seats are over their allowance ({} USD so far) and {} are heading there; '
            '{} are blocked at it and {} will be.',
            count(*) filter (where risk_kind = 'cost' and risk_band = 'breached'),
            coalesce(
                (
                    select format('{:.2f}', sum(overage_cost_usd)::double)
                    from overage_monthly
                    where usage_month = (select max(usage_month) from overage_monthly)
                ),
                'unknown'
            ),
            count(*) filter (where risk_kind = 'cost' and risk_band in ('high', 'likely')),
            count(*) filter (where risk_kind = 'blocked' and risk_band = 'breached'),
            count(*) filter (where risk_kind = 'blocked' and risk_band in ('high', 'likely'))
        )
        from overage_risk
    """,
    "Which models is the work going to?": """
        select string_agg(format('{} {:.0f} %', model, 100 * share), ', ' order by share desc)
        from (
            select model, sum(messages) / sum(sum(messages)) over () as share
            from model_mix_daily
            where activity_date > (select max(activity_date) from model_mix_daily) - 28
            group by model
            order by share desc
            limit 4
        )
    """,
    "Can the numbers be trusted?": """
        select format(
            'As of {}. Expected files missing in the last 30 days: {}. Rejected rows: {}.',
            (select setting_value from report_settings where setting = 'as_of_date'),
            (
                select count(*)
                from report_delivery
                where
                    status = 'missing'
                    and activity_date > (select max(activity_date) from report_delivery) - 30
            ),
            (select count(*) from rejected_rows)
        )
    """,
}


@click.command(epilog="Example: show_answers.py --database kiro.duckdb")
@click.option(
    "--database",
    type=click.Path(path_type=Path, dir_okay=False),
    default=lambda: os.environ.get("KIRO_DUCKDB_PATH", "kiro.duckdb"),
    show_default="KIRO_DUCKDB_PATH, else kiro.duckdb",
    help="The database that dbt build made.",
)
def main(database: Path) -> None:
    """Print what the tables in DATABASE answer, in a few lines."""
    if not database.exists():
        click.echo(f"There is no {database}: make it with .venv/bin/dbt build.", err=True)
        sys.exit(1)
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            answers = {
                question: connection.execute(query).fetchone()[0]
                for question, query in ANSWERS.items()
            }
    except duckdb.Error as error:
        click.echo(f"{database} lacks tables: run .venv/bin/dbt build ({error}).", err=True)
        sys.exit(1)
    for question, answer in answers.items():
        click.secho(question, bold=True)
        click.echo(f"  {answer}")


if __name__ == "__main__":
    main()
