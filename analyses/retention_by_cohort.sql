-- Do people who start with Kiro stay? Share of each cohort that is active 1, 4, 8 and 12 weeks
-- after its first week.
select
    cohort_week,
    max(cohort_users) as cohort_users,
    max(retention) filter (where weeks_since = 1) as retention_week_1,
    max(retention) filter (where weeks_since = 4) as retention_week_4,
    max(retention) filter (where weeks_since = 8) as retention_week_8,
    max(retention) filter (where weeks_since = 12) as retention_week_12
from retention_weekly
group by cohort_week
order by cohort_week desc;
