-- With today's settings, cost and unmet demand are the same as in the outlook. A higher cap never
-- costs less, blocks more, or leaves more demand unmet.
with

what_ifs as (
    select * from {{ ref('overage_what_if') }}
),

outlook as (
    select * from {{ ref('overage_outlook') }}
),

-- Sorted from overage off through each cap to no cap.
ranked as (
    select
        *,
        row_number() over (
            partition by account_id, team
            order by
                case scenario
                    when 'overage_off' then 1
                    when 'overage_capped' then 2
                    when 'overage_uncapped' then 3
                end,
                overage_cap
        ) as rank_no
    from what_ifs
    where scenario <> 'current_settings'
),

compared as (
    select
        higher.expected_overage_usd >= lower.expected_overage_usd
        and higher.blocked_seats <= lower.blocked_seats
        and higher.unmet_credits <= lower.unmet_credits as is_in_order
    from ranked as higher
    inner join ranked as lower
        on
            higher.account_id = lower.account_id
            and higher.team = lower.team
            and higher.rank_no = lower.rank_no + 1
)

select 'figures differ between overage_what_if and overage_outlook' as finding
from outlook
left join what_ifs
    on
        outlook.account_id = what_ifs.account_id
        and outlook.team = what_ifs.team
        and what_ifs.scenario = 'current_settings'
where
    what_ifs.seats is null
    or outlook.seats <> what_ifs.seats
    or outlook.forecast_seats <> what_ifs.forecast_seats
    or coalesce(outlook.expected_overage_usd, -1) <> coalesce(what_ifs.expected_overage_usd, -1)
    or coalesce(outlook.overage_p80_usd, -1) <> coalesce(what_ifs.overage_p80_usd, -1)
    or coalesce(outlook.unmet_demand_credits, -1) <> coalesce(what_ifs.unmet_credits, -1)
union all
select 'overage_what_if: a higher cap costs less, blocks more, or leaves more unmet' as finding
from compared
where not is_in_order
