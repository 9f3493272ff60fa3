-- Which files are missing or could not be used?
select
    activity_date,
    account_id,
    region,
    client_type,
    status,
    files,
    rejected_rows
from report_delivery
where
    status in ('missing', 'rejected')
    or rejected_rows > 0
order by
    activity_date desc,
    account_id asc,
    client_type asc;
