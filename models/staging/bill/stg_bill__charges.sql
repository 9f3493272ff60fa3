with

charges as (
    select * from {{ ref('base_bill__charges') }}
),

files as (
    select * from {{ ref('base_bill__files') }}
),

months as (
    select
        month_folder,
        max(modified_at) as written_at,
        max_by(folder, modified_at) as folder
    from files
    group by month_folder
),

-- AWS writes a month's files anew as it fills, all within hours; what is older is of a run before.
current_files as (
    select
        files.file_id,
        files.month_folder,
        months.written_at
    from files
    inner join months
        on files.month_folder = months.month_folder
    where
        files.folder = months.folder
        and files.modified_at + interval '6' hour >= months.written_at
),

-- Of several exports that cover an account's month, the one written last counts, as a whole.
exports as (
    select
        charges.account_id,
        charges.billing_month,
        current_files.month_folder,
        row_number() over (
            partition by charges.account_id, charges.billing_month
            order by max(current_files.written_at) desc, current_files.month_folder asc
        ) as recency
    from charges
    inner join current_files
        on charges.file_id = current_files.file_id
    group by
        charges.account_id,
        charges.billing_month,
        current_files.month_folder
)

select
    -- ids
    charges.file_id,
    charges.account_id,
    charges.payer_account_id,
    charges.user_id,

    -- text
    charges.line_type,
    charges.usage_type,
    charges.operation,
    charges.currency,

    -- numbers
    charges.line_count,
    charges.unread_amounts,
    charges.usage_amount,
    charges.cost,

    -- dates
    charges.usage_date,
    charges.billing_month
from charges
inner join current_files
    on charges.file_id = current_files.file_id
inner join exports
    on
        charges.account_id = exports.account_id
        and charges.billing_month = exports.billing_month
        and current_files.month_folder = exports.month_folder
where exports.recency = 1
