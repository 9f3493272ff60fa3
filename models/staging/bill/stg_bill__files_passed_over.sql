with

files as (
    select * from {{ ref('base_bill__files') }}
    where kiro_lines > 0
),

charges as (
    select distinct
        file_id,
        account_id,
        billing_month
    from {{ ref('base_bill__charges') }}
),

used_files as (
    select distinct
        file_id,
        account_id,
        billing_month
    from {{ ref('stg_bill__charges') }}
)

select
    -- ids
    charges.account_id,

    -- text
    files.file,

    -- dates
    charges.billing_month as usage_month
from charges
inner join files
    on charges.file_id = files.file_id
left join used_files
    on
        charges.file_id = used_files.file_id
        and charges.account_id = used_files.account_id
        and charges.billing_month = used_files.billing_month
where used_files.file_id is null
