{{ config(
    materialized=loaded_as('incremental'),
    incremental_strategy='append',
    full_refresh=setting('reload_reports'),
    on_schema_change='fail',
    pre_hook=[
        "{{ upgrade_bill_charges() }}",
        "{{ delete_replaced_rows('base_bill__files') }}",
        "{{ set_file_list('unread_bill_parquet', unread_bill_files('parquet')) }}",
        "{{ set_file_list('unread_bill_csv', unread_bill_files('csv')) }}",
    ],
) }}

with

files as (
    select * from {{ ref('base_bill__files') }}
),

lines as (
    {{ kiro_bill_lines(unread_bill_readers()) | indent }}
),

typed as (
    select
        files.file_id,
        trim(lines.line_item_usage_account_id) as account_id,
        trim(lines.bill_payer_account_id) as payer_account_id,
        {{ personal_id(
            "nullif(regexp_extract(lines.line_item_resource_id, ':user/(.+)$', 1), '')"
        ) }} as charged_user_id,
        lines.line_item_line_item_type as line_type,
        lines.line_item_usage_type as usage_type,
        lines.line_item_operation as operation,
        upper(trim(lines.line_item_currency_code)) as currency,
        nullif(trim(lines.bill_invoice_id), '') as invoice_id,
        nullif(trim(lines.product_sku), '') as sku_id,
        nullif(trim(lines.pricing_rate_code), '') as sku_price_id,
        try_cast(lines.line_item_usage_amount as decimal(28, 10)) as usage_amount,
        try_cast(lines.line_item_unblended_cost as decimal(28, 10)) as cost,
        try_cast(lines.pricing_public_on_demand_cost as decimal(28, 10)) as public_cost,
        cast(try_cast(lines.line_item_usage_start_date as timestamp) as date) as usage_date,
        cast(
            date_trunc('month', try_cast(lines.bill_billing_period_start_date as timestamp)) as date
        ) as billing_month
    from lines
    inner join files
        on lines.file = files.file
)

select
    -- ids
    file_id,
    account_id,
    payer_account_id,
    -- Charges for people to forget are kept, but without a user.
    case when not {{ is_forgotten('charged_user_id') }} then charged_user_id end as user_id,

    -- text
    line_type,
    usage_type,
    operation,
    currency,
    invoice_id,
    sku_id,
    sku_price_id,

    -- numbers
    count(*) as line_count,
    count(*) filter (where cost is null or usage_amount is null) as unread_amounts,
    sum(usage_amount) as usage_amount,
    sum(cost) as cost,
    -- Discounts, taxes, and many other lines have a meaningless public cost of 0.
    sum(coalesce(case when cost <> 0 then nullif(public_cost, 0) end, cost)) as list_cost,

    -- booleans
    -- Credits within the allowance are free; credits beyond it are charged.
    cost <> 0 as is_priced,

    -- dates
    usage_date,
    coalesce(billing_month, cast(date_trunc('month', usage_date) as date)) as billing_month
from typed
group by all
