with

charges as (
    select * from {{ ref('base_bill__charges') }}
),

files as (
    select * from {{ ref('stg_bill__files') }}
),

-- An export without a payer gets the payer from another export of the account's month.
paid as (
    select
        charges.*,
        files.month_folder,
        files.lacks_a_file,
        files.written_at,
        coalesce(
            charges.payer_account_id,
            max(charges.payer_account_id) over (
                partition by charges.account_id, charges.billing_month
            )
        ) as known_payer_account_id
    from charges
    inner join files
        on charges.file_id = files.file_id
),

-- If several exports cover an account's month, only the one written last is used.
exports as (
    select
        account_id,
        known_payer_account_id,
        billing_month,
        month_folder,
        row_number() over (
            partition by account_id, known_payer_account_id, billing_month
            order by max(written_at) desc, month_folder asc
        ) as recency
    from paid
    group by
        account_id,
        known_payer_account_id,
        billing_month,
        month_folder
)

select
    -- ids
    paid.file_id,
    {{ outside_name('paid.account_id') }} as account_id,
    {{ outside_name('paid.known_payer_account_id') }} as payer_account_id,
    {{ outside_name('paid.user_id') }} as user_id,

    -- text
    paid.line_type,
    paid.usage_type,
    paid.operation,
    paid.currency,
    paid.invoice_id,
    paid.sku_id,
    paid.sku_price_id,

    -- numbers
    paid.line_count,
    paid.unread_amounts,
    paid.usage_amount,
    paid.cost,
    paid.list_cost,

    -- booleans
    paid.is_priced,
    paid.lacks_a_file,

    -- dates
    paid.usage_date,
    paid.billing_month
from paid
inner join exports
    on
        paid.account_id = exports.account_id
        and paid.month_folder = exports.month_folder
        and paid.billing_month = exports.billing_month
        and coalesce(paid.known_payer_account_id, '')
        = coalesce(exports.known_payer_account_id, '')
where exports.recency = 1
