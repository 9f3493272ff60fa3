#!/usr/bin/env python3
"""Print what the public tables answer: seats used, overage ahead, models in use."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import click
from built_tables import database_option, read_tables
from command_line import Command, detail, examples, say, volume_options

# Question, and a query of one row and column that is the answer.
ANSWERS = {
    "Are the seats we pay for used?": """
        select format(
            '{} of {} seats were active in the last 30 days, {} were never used; '
            '{} can be reclaimed ({:.2f} USD a month).',
            count(*) filter (where active_days_30 > 0),
            count(*),
            count(*) filter (where seat_state = 'never_used'),
            count(*) filter (where is_reclaimable),
            coalesce(sum(monthly_savings_usd) filter (where is_reclaimable), 0)::double
        )
        from license_utilization
        where
            seat_state not in ('pending', 'cancelled')
            and coalesce(is_billed, true)
    """,
    "Who will run into overage or be blocked this month?": """
        select format(
            '{} seats are over their allowance and {} are heading there: {} USD so far, {} USD '
            'expected this month. {} are blocked and {} will be.',
            count(*) filter (where risk_kind = 'cost' and risk_band = 'breached'),
            count(*) filter (where risk_kind = 'cost' and risk_band in ('high', 'likely')),
            (
                select coalesce(overage_to_date_usd::varchar, 'unknown')
                from overage_outlook
                where account_id = '(all)' and team = '(all)'
            ),
            (
                select coalesce(expected_overage_usd::varchar, 'unknown')
                from overage_outlook
                where account_id = '(all)' and team = '(all)'
            ),
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
    "What should be done?": """
        select coalesce(
            string_agg(
                format('{} {}', seats, replace(action, '_', ' ')), ', ' order by seats desc, action
            )
            || format('; saves {:.2f} USD a month.', sum(savings)::double),
            'Nothing.'
        )
        from (
            select action, count(*) as seats, coalesce(sum(monthly_savings_usd), 0) as savings
            from recommended_actions
            group by action
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


@click.command(
    cls=Command,
    epilog=examples("show_answers.py", "show_answers.py --database kiro.duckdb --verbose"),
)
@database_option
@volume_options(quiet="Print the answers without the questions.")
def main(database: Path) -> None:
    """Print what the tables in DATABASE answer, in a few lines; verbose: with the queries.

    Exit status: 0 done, 2 usage, or the tables cannot be read, 130 interrupted.
    """
    for question, [answer] in read_tables(database, ANSWERS).items():
        say(click.style(question, bold=True))
        detail(dedent(ANSWERS[question]).strip("\n"))
        click.echo(f"  {next(iter(answer.values()))}")


if __name__ == "__main__":
    main()
