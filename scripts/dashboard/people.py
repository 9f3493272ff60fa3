"""The panel with the details of a person's seat, which opens from the lists."""

from __future__ import annotations

from typing import Any

from .formats import written
from .reading import PublicTables, plain

# Each seat takes one to two kilobytes.
SHOWN_SEATS = 2000
PANEL_TABLES = [
    "license_utilization",
    "overage_risk",
    "overage_monthly",
    "recommended_actions",
    "seat_usage_daily",
    "model_mix_monthly",
    "seat_state_history",
    "recommendation_log",
    "realized_savings",
]
SEATS = """
    select
        page_seats.seat_no,
        page_seats.user_id,
        person(page_seats.user_id) as person,
        page_seats.account_id,
        seats.subscription_tier,
        team_of(page_seats.user_id) as team,
        state_name(seats.seat_state) as seat_state,
        seats.monthly_price_usd,
        seats.activated_date,
        seats.first_active_date,
        seats.last_active_date,
        seats.inactivity_cost_usd,
        seats.is_duplicate_seat,
        seats.exemption_reason,
        seats.coverage_30,
        seats.assumed_quiet_days_30,
        risks.credits_used_month,
        coalesce(risks.monthly_allowance, seats.monthly_allowance) as allowance,
        risks.forecast_credits_p50,
        risks.forecast_credits_p80,
        risks.forecast_credits_p90,
        risks.probability_over_allowance,
        risks.overage_enabled,
        risks.overage_cap,
        action_name(actions.action, actions.recommended_tier) as action,
        actions.recommended_tier,
        actions.recommended_allowance_credits,
        actions.reason,
        actions.evidence,
        actions.confidence,
        actions.monthly_savings_usd,
        actions.monthly_cost_usd,
        actions.confirmed_by,
        actions.missing_sources
    from page_seats
    left join license_utilization as seats
        using (account_id, profile_id, user_id)
    left join overage_risk as risks
        using (account_id, profile_id, user_id)
    left join recommended_actions as actions
        using (account_id, profile_id, user_id)
    where page_seats.seat_no in ({numbers})
    order by page_seats.seat_no
"""
OTHERS = """
    select
        page_seats.seat_no,
        others.account_id,
        others.subscription_tier,
        state_name(others.seat_state) as seat_state
    from page_seats
    inner join license_utilization as others
        on
            page_seats.user_id = others.user_id
            and (page_seats.account_id, page_seats.profile_id)
            <> (others.account_id, others.profile_id)
    where page_seats.seat_no in ({numbers})
    order by all
"""
# The days shown in panels.
RECENT = """
    page_seats
    inner join seat_usage_daily as days
        using (account_id, profile_id, user_id)
    where
        page_seats.seat_no in ({numbers})
        and days.activity_date > as_of() - 92
"""
DAYS = f"""
    select
        page_seats.seat_no,
        list((as_of() - days.activity_date)::integer order by days.activity_date) as ago,
        list(round(days.credits_used, 1)::double order by days.activity_date) as credits
    from {RECENT}
        and days.credits_used > 0
    group by page_seats.seat_no
"""
MONTHS = """
    select
        page_seats.seat_no,
        months.usage_month,
        coalesce(states.subscription_tier, used.subscription_tier) as subscription_tier,
        state_name(states.seat_state) as seat_state,
        used.credits_used,
        used.monthly_allowance,
        used.overage_cost_usd,
        used.days_blocked,
        months.usage_month < date_trunc('month', as_of()) as is_past
    from page_seats
    inner join (
        select account_id, profile_id, user_id, usage_month from seat_state_history
        union
        select account_id, profile_id, user_id, usage_month from overage_monthly
    ) as months
        using (account_id, profile_id, user_id)
    left join seat_state_history as states
        using (account_id, profile_id, user_id, usage_month)
    left join overage_monthly as used
        using (account_id, profile_id, user_id, usage_month)
    where
        page_seats.seat_no in ({numbers})
        and months.usage_month > as_of() - 400
    order by months.usage_month desc
"""
CLIENTS = f"""
    select
        page_seats.seat_no,
        days.clients,
        count(*) as days
    from {RECENT}
        and days.clients > 0
    group by all
    order by days.clients
"""
# Repeated advice takes one line.
EARLIER = """
    select
        page_seats.seat_no,
        action_name(advice.action, advice.recommended_tier) as action,
        min(advice.advised_date) as first_date,
        max(advice.advised_date) as last_date,
        max_by(savings.is_followed, savings.usage_month)
            filter (where savings.is_followed is not null) as is_followed,
        sum(savings.realized_savings_usd) as saved_usd
    from page_seats
    inner join recommendation_log as advice
        using (account_id, profile_id, user_id)
    left join realized_savings as savings
        using (account_id, profile_id, user_id, action, advised_date)
    where
        page_seats.seat_no in ({numbers})
        and advice.advised_month < date_trunc('month', as_of())
    group by all
    order by last_date desc, action
"""
MODELS = """
    select
        page_seats.seat_no,
        mix.model,
        sum(mix.messages) as messages
    from page_seats
    inner join model_mix_monthly as mix
        using (account_id, profile_id, user_id)
    where
        page_seats.seat_no in ({numbers})
        and mix.usage_month > as_of() - 92
    group by all
    having sum(mix.messages) > 0
    order by messages desc, mix.model
"""
MODELS_OF_A_SEAT = 5
# The facts in a panel, in display order.
FACTS = [
    "State",
    "Price per month",
    "Subscribed",
    "First used",
    "Last used",
    "Cost since last used",
    "Credits this month",
    "Expected by month end",
    "Chance of exceeding today's allowance",
    "Overage",
    "Clients a day",
]
NO_PANELS: dict[str, Any] = {"facts": FACTS, "words": [], "panels": {}}


def panels(tables: PublicTables, numbers: set[int], show_people: bool) -> dict[str, Any]:
    """Return the panels by seat number and their shared words; empty if a table is missing."""
    if not numbers or not set(PANEL_TABLES) <= tables.names:
        return NO_PANELS
    listed = ", ".join(str(number) for number in sorted(numbers)[:SHOWN_SEATS])

    def by_seat(query: str) -> dict[int, list[dict]]:
        rows: dict[int, list[dict]] = {}
        for row in tables.rows(query.format(numbers=listed)):
            rows.setdefault(row["seat_no"], []).append(row)
        return rows

    others, days, months, models, clients, earlier = map(
        by_seat, (OTHERS, DAYS, MONTHS, MODELS, CLIENTS, EARLIER)
    )
    # Months repeat a few words, so each word is stored once.
    words: dict[str, int] = {}
    shown = {
        str(seat["seat_no"]): {
            "title": seat["person"],
            "id": seat["user_id"] if show_people else None,
            "where": f"{seat['account_id']}, {seat['subscription_tier'] or 'unknown plan'}, "
            f"team {seat['team']}",
            "facts": _facts(seat, clients.get(seat["seat_no"], [])),
            "advice": [
                *_advice(seat, months.get(seat["seat_no"], [])),
                *map(_earlier, earlier.get(seat["seat_no"], [])),
            ],
            "allowance": None if seat["allowance"] is None else float(seat["allowance"]),
            "days": [
                [ago, credits]
                for row in days.get(seat["seat_no"], [])
                for ago, credits in zip(row["ago"], row["credits"], strict=True)
            ],
            "months": [
                [words.setdefault(word, len(words)) for word in _month(row)]
                for row in months.get(seat["seat_no"], [])
            ],
            "models": [
                [row["model"], written(row["messages"], "count")]
                for row in models.get(seat["seat_no"], [])[:MODELS_OF_A_SEAT]
            ],
            "others": [
                f"{row['account_id']}, {row['subscription_tier'] or 'unknown plan'}, "
                f"{row['seat_state']}"
                for row in others.get(seat["seat_no"], [])
            ],
        }
        for seat, *_ in by_seat(SEATS).values()
    }
    return {"facts": FACTS, "words": list(words), "panels": shown}


def _facts(seat: dict, clients: list[dict]) -> list[str]:
    allowance = written(seat["allowance"], "credits")
    forecast = "not known"
    if seat["forecast_credits_p50"] is not None:
        forecast = (
            f"{written(seat['forecast_credits_p50'], 'credits')}; 80 % chance of less than "
            f"{written(seat['forecast_credits_p80'], 'credits')}"
        )
    overage = {True: "on", False: "off", None: "not known"}[seat["overage_enabled"]]
    if seat["overage_enabled"] and seat["overage_cap"] is not None:
        overage = f"on, up to {written(seat['overage_cap'], 'credits')} credits a month"
    return [
        _state(seat),
        written(seat["monthly_price_usd"], "usd"),
        written(seat["activated_date"], "date"),
        written(seat["first_active_date"], "date"),
        written(seat["last_active_date"], "date"),
        written(seat["inactivity_cost_usd"], "usd"),
        f"{written(seat['credits_used_month'], 'credits')} of {allowance}",
        forecast,
        written(seat["probability_over_allowance"], "share"),
        overage,
        _clients(clients),
    ]


def _advice(seat: dict, months: list[dict]) -> list[list[str]]:
    if seat["action"] is None:
        return [["Advice", "none for this seat"]]
    return [
        ["Advice", f"{seat['action']} ({seat['confidence']})"],
        *(
            [f"{what} per month", written(seat[column], "cents")]
            for what, column in (("Saves", "monthly_savings_usd"), ("Costs", "monthly_cost_usd"))
            if seat[column] is not None
        ),
        ["Why", plain(" ".join(filter(None, (seat["reason"], seat["evidence"]))))],
        ["Confirmed by", seat["confirmed_by"] or "the reports only"],
        ["Not confirmed by", seat["missing_sources"] or "–"],
        ["Reasons against", _against(seat, months)],
    ]


def _against(seat: dict, months: list[dict]) -> str:
    found = []
    included, high = seat["recommended_allowance_credits"], seat["forecast_credits_p90"]
    if included is not None:
        includes = f"{plain(seat['recommended_tier'])} includes {written(included, 'credits')}"
        past = [row for row in months if row["is_past"] and row["credits_used"] is not None]
        # The latest of equal months, as rows are newest first.
        busiest = max(past, key=lambda row: row["credits_used"], default=None)
        if high is not None and high > included:
            found.append(
                f"there is at least a 10 % chance of {written(high, 'credits')} credits or more, "
                f"and {includes}"
            )
        if busiest and busiest["credits_used"] > included:
            found.append(
                f"{written(busiest['usage_month'], 'month')} took "
                f"{written(busiest['credits_used'], 'credits')} credits, and {includes}"
            )
    if seat["exemption_reason"]:
        found.append(f"the seat is exempt: {seat['exemption_reason']}")
    if seat["coverage_30"] is not None and seat["coverage_30"] < 1:
        found.append(
            f"only {written(seat['coverage_30'], 'share')} of the reports for the last 30 days "
            "arrived, so some use may be missing"
        )
    if seat["assumed_quiet_days_30"]:
        found.append(
            f"{seat['assumed_quiet_days_30']} of the last 30 days have no report and count as "
            "days without use"
        )
    return "; ".join(found) or "none in the reports and lists"


def _earlier(row: dict) -> list[str]:
    first, last = (f"{row[day]:%b %Y}" for day in ("first_date", "last_date"))
    outcome = {True: "followed", False: "not followed", None: "too early to say"}
    saved = f", saved {written(row['saved_usd'], 'usd')}" if row["saved_usd"] else ""
    when = first if first == last else f"{first} to {last}"
    return ["Advised before", f"{row['action']}, {when}: {outcome[row['is_followed']]}{saved}"]


def _state(seat: dict) -> str:
    surplus = ", surplus: the person has another seat" if seat["is_duplicate_seat"] else ""
    return f"{seat['seat_state'] or '–'}{surplus}"


def _clients(rows: list[dict]) -> str:
    """Return the days by number of clients used; no table lists a seat's clients."""
    return (
        ", ".join(
            f"{row['clients']} {'client' if row['clients'] == 1 else 'clients'} on "
            f"{row['days']} {'day' if row['days'] == 1 else 'days'}"
            for row in rows
        )
        or "none in 92 days"
    )


def _month(row: dict) -> list[str]:
    return [
        written(row["usage_month"], "month"),
        row["seat_state"] or "–",
        row["subscription_tier"] or "–",
        written(row["credits_used"], "credits"),
        written(row["monthly_allowance"], "credits"),
        written(row["overage_cost_usd"], "cents"),
        written(row["days_blocked"], "count"),
    ]
