-- What could not be used, and why?
select
    reason,
    count(*) as rejected_rows,
    count(distinct file) as files,
    min(file) as first_file
from rejected_rows
group by reason
order by rejected_rows desc;
