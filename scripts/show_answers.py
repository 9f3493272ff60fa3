#!/usr/bin/env python3
"""Print answers from the public tables about seats, overage and models."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import click
from built_tables import database_option, read_tables
from command_line import Command, detail, examples, say, volume_options

# The headline figures for all accounts, plans and teams, as of the last day.
HEADLINES = """
    from headline_figures
    where
        account_id = '(all)'
        and subscription_tier = '(all)'
        and team = '(all)'
        and period_end_date = (
            select setting_value::date from report_settings where setting = 'as_of_date'
        )
"""


def seats(figure: str) -> str:
    """Return the SQL for a count from the headline figures."""
    return f"coalesce(max(value) filter (where figure = '{figure}'), 0)::bigint"


def dollars(figure: str) -> str:
    """Return the SQL for an amount in USD from the headline figures."""
    value = f"max(value) filter (where figure = '{figure}')"
    return f"coalesce({value}::decimal(18, 2)::varchar, 'unknown')"


# Questions, each with a query that returns the answer as a single value.
ANSWERS = {
    "Are the seats we pay for used?": f"""
        select format(
            '{{}} of {{}} seats were used in the last 30 days, {{}} are new, {{}} unused, {{}} of '
            'unknown use; '
            '{{}} can be reclaimed ({{}} USD per month).',
            {seats("used_seats")},
            {seats("seats")},
            {seats("new_seats")},
            {seats("unused_seats")},
            {seats("unknown_seats")},
            {seats("reclaimable_seats")},
            {dollars("reclaimable_cost_usd")}
        )
        {HEADLINES}
    """,
    "Who will run into overage or be blocked this month?": f"""
        select format(
            '{{}} seats are over their allowance and {{}} are likely to be: {{}} USD so far, {{}} '
            'USD expected this month. {{}} are blocked now, {{}} will be blocked by {{}}, and {{}} '
            'are likely to be blocked later.',
            {seats("over_allowance_seats")},
            {seats("likely_over_allowance_seats")},
            {dollars("overage_to_date_usd")},
            {dollars("overage_usd")},
            {seats("blocked_now_seats")},
            {seats("blocked_within_7_days_seats")},
            max(period_end_date) + 7,
            {seats("blocked_later_seats")}
        )
        {HEADLINES}
    """,
    "Which models are used most?": """
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
    "What should be done?": f"""
        select coalesce(
            string_agg(
                format('{{}} {{}}', seats, replace(action, '_', ' ')), ', '
                order by seats desc, action
            )
            || format(
                '; saves {{}} USD per month.',
                (select {dollars("advised_savings_usd")} {HEADLINES})
            ),
            'Nothing.'
        )
        from (select action, count(*) as seats from recommended_actions group by action)
    """,  # noqa: S608 - the queries are the project's own
    "Can the numbers be trusted?": f"""
        select format(
            'As of {{}}. Expected files missing in the last 30 days: {{}}. Rejected rows: {{}}.',
            max(period_end_date),
            {seats("missing_files")},
            (select count(*) from rejected_rows)
        )
        {HEADLINES}
    """,  # noqa: S608
}


@click.command(
    cls=Command,
    epilog=examples("show_answers.py", "show_answers.py --database kiro.duckdb --verbose"),
)
@database_option
@volume_options(quiet="Print the answers without the questions.")
def main(database: Path) -> None:
    """Print short answers from the tables in DATABASE; with --verbose, also the queries.

    Exit status: 0 done, 2 usage error, or the tables cannot be read, 130 interrupted.
    """
    for question, [answer] in read_tables(database, ANSWERS).items():
        say(click.style(question, bold=True))
        detail(dedent(ANSWERS[question]).strip("\n"))
        click.echo(f"  {next(iter(answer.values()))}")


if __name__ == "__main__":
    main()
