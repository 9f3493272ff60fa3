select
    -- text
    'overage_off' as scenario,

    -- numbers
    cast(null as decimal(18, 6)) as overage_cap,
    cast(0 as decimal(18, 6)) as most_overage_credits
union all
-- Without a cap, the limit is higher than any month end.
select
    'overage_uncapped' as scenario,
    cast(null as decimal(18, 6)) as overage_cap,
    cast(1e11 as decimal(18, 6)) as most_overage_credits
{%- for cap in setting('what_if_overage_caps') | unique %}
    union all
    select
        'overage_capped' as scenario,
        cast({{ cap }} as decimal(18, 6)) as overage_cap,
        cast({{ cap }} as decimal(18, 6)) as most_overage_credits
{%- endfor %}
