-- How good was the overage forecast in past months, compared with the usual methods?
select
    origin_day,
    method,
    forecasts,
    round(wape, 3) as wape,
    round(bias, 3) as bias,
    round(coverage_80, 2) as coverage_80,
    round(brier_score, 4) as brier_score,
    round(overage_wape, 3) as overage_wape,
    round(overage_coverage_80, 2) as overage_coverage_80
from overage_forecast_accuracy
order by
    origin_day asc,
    method asc;
