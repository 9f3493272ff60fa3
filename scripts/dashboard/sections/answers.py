"""Questions that the page answers in a sentence."""

from __future__ import annotations

from ..blocks import Number, by_filters
from ..change_queries import model_shares

# Reports contain credits by day but not by model, so a model's credits are an estimate.
GROWN = f"""
    with

    moved as (
        select *, share - share_before as change
        from ({model_shares(28)})
        where model <> '(unattributed)'
    ),

    grown as (
        select
            account_id,
            subscription_tier,
            max(change) as change,
            max_by(model, change) as model,
            max_by(share_before, change) as share_before,
            max_by(share, change) as share,
            max_by(messages, change) as messages
        from moved
        group by account_id, subscription_tier
    ),

    credits as (
        {by_filters("sum(credits_used) as credits", "usage_daily", "activity_date > as_of() - 28")}
    )

    select
        grown.account_id,
        grown.subscription_tier,
        case
            when change > 0
                then format(
                    '{{}} grew the most in 28 days, by {{:.1f}} points, from {{:.1f}} % to '
                    '{{:.1f}} % of messages. ',
                    grown.model,
                    100 * change,
                    100 * share_before,
                    100 * share
                )
                || coalesce(
                    format(
                        'It used about {{:,.0f}} of {{:,.0f}} credits (estimate: {{:.2f}} per '
                        'message){{}}.',
                        grown.messages * credits_per_message,
                        credits::double,
                        credits_per_message,
                        coalesce(
                            format(
                                '; if all were overage, they would cost ${{:,.0f}}',
                                grown.messages * credits_per_message * (
                                    select sum(overage_cost_usd) / sum(overage_credits_used)
                                    from overage_monthly
                                    where overage_cost_usd > 0
                                )
                            ),
                            ''
                        )
                    ),
                    'Its credits cannot be estimated yet.'
                )
            when change <= 0 then 'None.'
        end as answer
    from grown
    left join credits using (account_id, subscription_tier)
    left join model_credit_estimates as estimates
        on
            grown.model = estimates.model
            and estimates.client_type = '(all)'
"""

# Budget owners care about totals, and about forecasts made around this day of the month.
CERTAINTY = """
    select
        case
            when count(*) = 0
                then 'Not known yet: no month with a forecast has ended.'
            when max(overage_totals) = 0
                then 'Not known yet: in past months, overage was neither expected nor charged.'
            when max(overage_totals) < 3
                then format(
                    'Too early to say: this takes at least three past account months with overage, '
                    'and there are {} so far.',
                    max(overage_totals)
                )
            when max(overage_wape) is null
                then format(
                    'Overage was expected in {} past account months, and none was charged.',
                    max(overage_totals)
                )
            else format(
                'Over {} past account months, the forecast of day {} missed the overage by '
                '{:.0f} %. {:.0f} of them ended within its 80 % range. Overall, it was {}.',
                max(overage_totals),
                max(origin_day),
                100 * max(overage_wape),
                max(overage_totals) * max(overage_coverage_80),
                case
                    when abs(max(overage_bias)) < 0.005 then 'right'
                    else format(
                        '{:.0f} % too {}',
                        100 * abs(max(overage_bias)),
                        case when max(overage_bias) > 0 then 'high' else 'low' end
                    )
                end
            )
        end as answer
    from (
        select *
        from overage_forecast_accuracy
        where method = 'forecast'
        order by abs(origin_day - day(as_of())), origin_day
        limit 1
    )
"""

# Advice on unused seats requires the minimum share of files that the setting defines.
TRUSTED = """
    with

    deliveries as (
        select
            coalesce(account, '(all)') as account_id,
            count(*) filter (where status not in ('quiet', 'assumed_quiet')) as files,
            count(*) filter (where status = 'missing') as missing_files,
            count(*) filter (where status = 'delivered') as delivered_files,
            sum(rejected_rows)::bigint as rejected_rows
        from (select *, shown_account(account_id) as account from report_delivery)
        where activity_date > as_of() - 30
        group by grouping sets ((), (account))
    ),

    judged as (
        select
            *,
            delivered_files < files * (
                select setting_value::double from report_settings
                where setting = 'reclaim_minimum_coverage'
            ) as is_partial,
            (
                select count(distinct (finding, source, findings.account_id))
                from data_quality_findings as findings
                where
                    findings.severity = 'warning'
                    and (
                        deliveries.account_id = '(all)'
                        or coalesce(shown_account(findings.account_id), '(all)')
                        in (deliveries.account_id, '(all)')
                    )
            ) as warnings
        from deliveries
    )

    select
        account_id,
        case
            when is_partial then 'Only in part: '
            when missing_files + rejected_rows + warnings > 0 then 'Yes, with exceptions: '
            else 'Yes: '
        end
        || concat_ws(
            '; ',
            case missing_files
                when 0 then 'every report file for the last 30 days arrived'
                when 1 then format('1 of {:,} report files for the last 30 days is missing', files)
                else format(
                    '{:,} of {:,} report files for the last 30 days are missing',
                    missing_files,
                    files
                )
            end,
            case when is_partial then 'too few arrived for advice on unused seats' end,
            case
                when rejected_rows = 1 then '1 row was rejected'
                when rejected_rows > 1 then format('{:,} rows were rejected', rejected_rows)
            end,
            case
                when warnings = 1 then '1 warning is among the findings below'
                when warnings > 1
                    then format('{:,} warnings are among the findings below', warnings)
            end
        )
        || '.' as answer
    from judged
    where files > 0
"""


def answer(name: str, question: str, source: str, definition: str = "") -> Number:
    """Return a figure that shows the text in the query's column `answer`."""
    return Number(
        f"answer_{name}",
        question,
        "text",
        "",
        source,
        definition,
        column="answer",
        unknown="Not known: the reports do not go back far enough or lack the data.",
        unmatched="Nothing matches the filters.",
    )
