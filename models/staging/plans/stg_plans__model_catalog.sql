with

model_catalog as (
    select * from {{ ref('model_catalog') }}
),

-- A model can be in use before its first multiplier is published; its name is valid from the
-- start.
first_days as (
    select
        model,
        min(cast(valid_from as date)) as first_valid_from
    from model_catalog
    group by model
),

periods as (
    select
        model,
        model_kind,
        vendor,
        model_family,
        cast(credit_multiplier as decimal(18, 6)) as credit_multiplier,
        cast(credit_multiplier_high as decimal(18, 6)) as credit_multiplier_high,
        cast(valid_from as date) as valid_from
    from model_catalog
    union all
    select
        model_catalog.model,
        model_catalog.model_kind,
        model_catalog.vendor,
        model_catalog.model_family,
        cast(null as decimal(18, 6)) as credit_multiplier,
        cast(null as decimal(18, 6)) as credit_multiplier_high,
        cast('1900-01-01' as date) as valid_from
    from model_catalog
    inner join first_days
        on
            model_catalog.model = first_days.model
            and cast(model_catalog.valid_from as date) = first_days.first_valid_from
),

dated as (
    select
        *,
        lead(valid_from) over (
            partition by model
            order by valid_from
        ) as next_valid_from
    from periods
)

select
    -- text
    model,
    model_kind,
    vendor,
    model_family,

    -- numbers
    credit_multiplier,
    credit_multiplier_high,

    -- dates
    valid_from,
    coalesce(next_valid_from, cast('9999-12-31' as date)) as valid_before
from dated
