with

forecasts as (
    select * from {{ ref('int_forecasts_scored') }}
    where
        method = 'forecast'
        and probability_over_allowance is not null
        and is_over_allowance is not null
),

banded as (
    select
        *,
        least(floor({{ rounded('probability_over_allowance * 10') }}), 9) as band_no
    from forecasts
)

select
    -- numbers
    cast(band_no / cast(10 as double) as double) as probability_from,
    cast((band_no + 1) / cast(10 as double) as double) as probability_to,
    count(*) as forecasts,
    {{ rounded(
        'cast(sum(cast(probability_over_allowance as decimal(18, 6))) as double) / count(*)'
    ) }} as predicted_share,
    {{ rounded('cast(sum(is_over_allowance) as double) / count(*)') }} as observed_share
from banded
group by band_no
