"""Reads definitions, query results and people's labels from the public tables."""

from __future__ import annotations

import re
from typing import Any

import duckdb
from built_tables import rows

from . import charts
from .charts import Colors

# Further accounts, teams and models are combined in one last choice, to keep lists short.
SHOWN_ACCOUNTS = 20
SHOWN_TEAMS = 20
SHOWN_MODELS = 9

MACROS = """
create temp macro as_of() as (
    select setting_value::date from report_settings where setting = 'as_of_date'
);
create temp macro week_until(day) as (as_of() - 7 * ((as_of() - day) // 7)::integer);

create temp table shown_accounts as
select account_id
from license_utilization
group by account_id
order by count(*) desc, account_id
limit {accounts};
create temp macro shown_account(account) as
    case
        when account in (select account_id from shown_accounts) or account = '(all)' then account
        else '(other accounts)'
    end;

create temp table shown_teams as
select team
from {user_teams}
group by team
order by count(*) desc, team
limit {teams};
create temp macro shown_team(name) as
    case
        when name in (select team from shown_teams) or name = '(all)' then name
        else '(other teams)'
    end;
create temp macro team_of(id) as
    coalesce(
        (select any_value(shown_team(team)) from {user_teams} as teams where teams.user_id = id),
        '(unassigned)'
    );

-- Seat numbers, so that lists can link to seats without their ids.
create temp table page_seats as
select
    row_number() over (order by account_id, profile_id, user_id) as seat_no,
    account_id,
    profile_id,
    user_id
from license_utilization;

create temp table shown_models as
select model
from model_mix_daily
where
    activity_date > as_of() - 182
    and model not like '(%)'
group by model
order by sum(messages) desc, model
limit {models};
create temp macro shown_model(name) as
    case
        when name in (select model from shown_models) or name = '(unattributed)' then name
        else '(other models)'
    end;

-- Accounts with missing report files in the last two weeks, and the total.
create temp table week_gaps as
select
    coalesce(account, '(all)') as account_id,
    count(*) as files,
    max(activity_date) as last_day,
    max_by(client_type, activity_date) as client_type
from (
    select *, shown_account(account_id) as account
    from {report_delivery}
    where status = 'missing' and activity_date > as_of() - 14 and activity_date <= as_of()
)
group by grouping sets ((), (account))
having count(*) > 0;

create temp macro person(id) as {person};

{plan_names}
"""
# Kiro's own names for plans and clients; other values are shown as reported.
PLANS = {
    "FREE": "Free",
    "PRO": "Pro",
    "PRO_PLUS": "Pro+",
    "PRO_MAX": "Pro Max",
    "POWER": "Power",
}
CLIENTS = {
    "KIRO_IDE": "Kiro IDE",
    "KIRO_CLI": "Kiro CLI",
    "KIRO_WEB": "Kiro Web",
    "PLUGIN": "Plugin",
}

# On the page, "blocked" means that the allowance is used up, even if the person did not notice.
STATE_NAMES = {
    "blocked": "stopped by the allowance",
    "unknown_history": "of unknown use",
    "never_used": "never used",
    "cancelled": "canceled",
}
# Action names. Links on the Overview search the list of seats for these names.
ACTIONS = {
    "reclaim": "Reclaim",
    "downgrade": "Move to a cheaper plan",
    "use_cheaper_model": "Use a cheaper model",
    "upgrade": "Move to a larger plan",
    "enable_overage": "Enable overage",
    "investigate": "Investigate",
}


def plain(words: str) -> str:
    """Replace plan and client names in a sentence with their display names."""
    for raw, shown in (PLANS | CLIENTS).items():
        words = re.sub(rf"\b{raw}\b", shown, words)
    return words


def _names_macros() -> str:
    def cases(names: dict[str, str]) -> str:
        return " ".join(f"when '{raw}' then '{shown}'" for raw, shown in names.items())

    sentence = "words"
    for raw, shown in (PLANS | CLIENTS).items():
        sentence = f"regexp_replace({sentence}, '\\b{raw}\\b', '{shown}', 'g')"
    return f"""
        create temp macro plan_name(plan) as case plan {cases(PLANS)} else plan end;
        create temp macro client_name(client) as case client {cases(CLIENTS)} else client end;
        create temp macro state_name(state) as
            case state {cases(STATE_NAMES)} else replace(state, '_', ' ') end;
        create temp macro action_name(action, plan) as
            case action {cases(ACTIONS)} else replace(action, '_', ' ') end
            || coalesce(': ' || plan_name(plan), '');
        create temp macro plain(words) as {sentence};
    """


MASKED = "left(id, 8) || '…'"
NAMED = f"""
    coalesce(
        (
            select any_value(coalesce(display_name, user_email, user_name))
            from people
            where people.user_id = id
        ),
        {MASKED}
    )
"""

# Columns with plans or clients, and the macros that return their display names.
NAMED_COLUMNS = {"subscription_tier": "plan_name", "client_type": "client_name"}

NO_TEAMS = "(select null::varchar as user_id, null::varchar as team where false)"
NO_DELIVERIES = """(
    select
        null::varchar as account_id,
        null::varchar as client_type,
        null::varchar as status,
        null::date as activity_date
    where false
)"""


class PublicTables:
    """The tables in an open database, with display names for accounts, models and people."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, show_people: bool):
        self.connection = connection
        self.connection.execute("set TimeZone = 'UTC'")
        comments = dict(
            self.connection.execute(
                "select table_name, comment from duckdb_tables() where not temporary union all "
                "select view_name, comment from duckdb_views() where not internal"
            ).fetchall()
        )
        self.names = set(comments)
        self.connection.execute(
            MACROS.format(
                accounts=SHOWN_ACCOUNTS,
                teams=SHOWN_TEAMS,
                models=SHOWN_MODELS,
                person=NAMED if show_people else MASKED,
                plan_names=_names_macros(),
                user_teams="user_teams" if "user_teams" in self.names else NO_TEAMS,
                report_delivery="report_delivery"
                if "report_delivery" in self.names
                else NO_DELIVERIES,
            )
        )
        # The first paragraph of a table's comment, and all of a column's comment.
        self.definitions = {
            table: (comment or "").split("\n\n")[0].replace("`", "")
            for table, comment in comments.items()
        } | {
            f"{table}.{column}": (comment or "").replace("`", "")
            for table, column, comment in self.connection.execute(
                "select table_name, column_name, comment from duckdb_columns() where not internal"
            ).fetchall()
        }
        if "headline_figures" in self.names:
            # This table has a row per figure, not a column.
            self.definitions |= {
                f"headline_figures.{figure}": definition or ""
                for figure, definition in self.connection.execute(
                    "select distinct figure, definition from headline_figures"
                ).fetchall()
            }

    def has_tables_of(self, query: str) -> bool:
        """Return whether all tables in `query` exist."""
        return set(re.findall(r"\w+", query)) & set(PUBLIC_TABLES) <= self.names

    def rows(self, query: str) -> list[dict]:
        """Return the rows of `query` as dictionaries, with display names for plans and clients."""
        return rows(self.connection, self._plain(query))

    def _plain(self, query: str) -> str:
        columns = {name for name, *_ in self.connection.execute(f"describe {query}").fetchall()}
        named = ", ".join(
            f"{macro}({column}) as {column}"
            for column, macro in NAMED_COLUMNS.items()
            if column in columns
        )
        return f"select * replace ({named}) from ({query})" if named else query

    def columns(self, query: str) -> dict[str, list]:
        """Return the columns of `query` by name, with display names for plans and clients."""
        cursor = self.connection.execute(self._plain(query))
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
        values = zip(*rows, strict=True) if rows else ([] for _ in names)
        return dict(zip(names, map(list, values), strict=True))

    def one(self, query: str) -> Any:
        """Return the single value that `query` selects."""
        [(value,)] = self.connection.execute(query).fetchall()
        return value

    def strings(self, query: str) -> list[str]:
        """Return the first column of `query`."""
        return [row[0] for row in self.connection.execute(query).fetchall()]

    def accounts(self) -> list[str]:
        """Return the choices for the account filter."""
        return self.strings(
            """
            select shown_account(account_id) as account
            from license_utilization
            group by account
            order by account like '(%)', account
            """
        )

    def teams(self) -> list[str]:
        """Return the choices for the team filter; none without a list of teams."""
        return self.strings(
            """
            select team
            from (select distinct team_of(user_id) as team from license_utilization)
            where exists (select * from shown_teams)
            order by team like '(%)', team
            """
        )

    def colors(self) -> Colors:
        """Return colors that stay stable across builds.

        Tiers are ordered by price, clients by name, and models by first day of use.
        """
        tiers = self.strings(
            """
            select plan_name(coalesce(subscription_tier, '(unknown)')) as tier
            from (
                select subscription_tier, monthly_price_usd from license_utilization
                union all
                select subscription_tier, null from license_utilization_monthly
                union all
                select subscription_tier, null from model_mix_daily
            )
            group by tier
            order by tier like '(%)', max(monthly_price_usd) nulls last, tier
            """
        )
        clients = self.strings(
            """
            select client_name(client_type) as client
            from report_delivery
            group by client
            order by client
            """
        )
        models = self.strings(
            """
            select shown_model(model) as name
            from model_mix_daily
            group by name
            order by name like '(%)', name, min(activity_date)
            """
        )
        first_days = self.strings(
            """
            select model
            from model_mix_daily
            where model in (select model from shown_models)
            group by model
            order by min(activity_date), model
            """
        )
        brackets = [name for name in models if name.startswith("(") and name.endswith(")")]
        return Colors(
            tiers=charts.assigned(tiers, 2),
            clients=charts.assigned(clients, 4),
            models=charts.assigned(first_days + brackets),
        )


PUBLIC_TABLES = [
    "headline_figures",
    "license_utilization",
    "license_utilization_monthly",
    "seat_states_monthly",
    "seat_state_history",
    "bill_reconciliation",
    "team_utilization_monthly",
    "user_teams",
    "chargeback_monthly",
    "chargeback_focus",
    "overage_risk",
    "overage_outlook",
    "overage_outlook_daily",
    "overage_what_if",
    "overage_forecast_accuracy",
    "overage_forecast_reliability",
    "overage_monthly",
    "recommended_actions",
    "recommendation_log",
    "realized_savings",
    "usage_alerts",
    "model_mix_daily",
    "model_mix_monthly",
    "model_credit_estimates",
    "usage_daily",
    "seat_usage_daily",
    "adoption_daily",
    "client_overlap_monthly",
    "retention_weekly",
    "feature_acceptance_monthly",
    "report_delivery",
    "rejected_rows",
    "data_quality_findings",
    "report_settings",
    "people",
]
