-- The bill: Cost and Usage Report 2.0 lines per month and account, at list prices.

-- Planted: unreported credits in the last full month, if there is one.
create table unreported_overage as
select
    seats.seat_no,
    greatest(
        date_trunc('month', getvariable('first_date')),
        date_trunc('month', getvariable('last_date')) - interval '1 month'
    )::date as usage_month,
    1900 as credits
from seats
inner join story_seats
    on seats.seat_no = story_seats.seat_no
where story_seats.story = 'overage every month';

create table charges as
with

months as (
    select
        usage_month::date as usage_month,
        (usage_month + interval '1 month')::date as next_month,
        dayofmonth(last_day(usage_month)) as month_days,
        next_month > getvariable('last_date') as is_last_month
    from generate_series(
        date_trunc('month', getvariable('first_date'))::timestamp,
        date_trunc('month', getvariable('last_date'))::timestamp,
        interval '1 month'
    ) as months (usage_month)
),

prices as (
    select *
    from (values
        ('PRO', 'Pro', 20), ('PRO_PLUS', 'ProPlus', 40), ('PRO_MAX', 'ProMax', 100),
        ('POWER', 'Power', 200)
    ) as prices (tier, usage_name, price_usd)
),

-- Stories change their tier only in the last month.
first_tiers as (
    select seat_no, min_by(story_days.tier, day_no) as tier
    from story_days
    inner join story_seats using (story, overage_enabled)
    group by seat_no
),

-- Everyone who joined before the month's end, even if the seat is not used.
billed_seats as (
    select
        subscriptions.* exclude (tier),
        months.*,
        if(is_last_month, subscriptions.tier, coalesce(first_tiers.tier, subscriptions.tier))
            as tier,
        greatest(usage_month, activation_date) as held_from,
        if(region = 'us-east-1', 'USE1-', 'EUC1-') as usage_prefix,
        'arn:aws:identitystore:::user/'
        || if(uniform(user_id, 0, 'prefixed id') < 0.1, 'd-1234567890.', '') || user_id as resource
    from subscriptions
    inner join months
        on activation_date < next_month and usage_month <= last_billed_month
    left join first_tiers
        on subscriptions.seat_no = first_tiers.seat_no
    where is_billed
),

-- The first month is prorated.
subscription_charges as (
    select
        'subscription' as kind,
        billed_seats.* exclude (usage_prefix),
        usage_prefix || 'KiroEnterprise-' || usage_name as usage_type,
        'monthly-subscription' as operation,
        ((next_month - held_from) / month_days)::decimal(18, 10) as amount,
        price_usd::decimal(18, 2) as rate_usd,
        (price_usd * (next_month - held_from) / month_days)::decimal(18, 10) as cost_usd,
        'User-Month' as unit
    from billed_seats
    inner join prices using (tier)
),

-- The reported credits, with additional credits in one month.
overage_credits as (
    select seat_no, usage_month, sum(credits)::decimal(18, 6) as credits
    from (
        select
            seat_no,
            date_trunc('month', day)::date as usage_month,
            credits
        from overage_days
        union all
        select
            seat_no,
            usage_month,
            credits
        from unreported_overage
    )
    group by all
),

overage_charges as (
    select
        'overage' as kind,
        billed_seats.* exclude (usage_prefix, held_from),
        usage_month as held_from,
        usage_prefix || 'KiroEnterprise-Credits' as usage_type,
        'Credits' as operation,
        credits as amount,
        0.04 as rate_usd,
        0.04 * credits as cost_usd,
        'Credits' as unit
    from billed_seats
    inner join overage_credits using (seat_no, usage_month)
    where credits > 0
),

tax_charges as (
    select
        'tax' as kind,
        usage_month,
        next_month,
        is_last_month,
        account_no,
        account_id,
        usage_month as held_from,
        round(0.05 * sum(cost_usd), 2)::decimal(18, 2) as cost_usd
    from (from subscription_charges union all by name from overage_charges)
    group by all
),

-- Lines to skip: copies of subscriptions, and other products in the first account.
snapshot_charges as (
    select
        'snapshot' as kind,
        billed_seats.* exclude (usage_prefix),
        usage_prefix || 'QDeveloperSnapshot' as usage_type,
        'q-developer-snapshot' as operation,
        1 as amount,
        0 as rate_usd,
        0 as cost_usd,
        'User-Month' as unit
    from billed_seats
    where uniform(user_id, 0, 'snapshot') < 0.2
),

other_charges as (
    select
        'other' as kind,
        months.*,
        account_no,
        account_id,
        line_no as seat_no,
        usage_month + line_no::int as held_from,
        products.*,
        rate_usd * amount as cost_usd
    from months
    cross join accounts
    cross join (values
        (
            'AmazonEC2', 'BoxUsage:m7g.large', 'RunInstances', 'i-0123456789abcdef0',
            24, 0.0816, 'Hrs'
        ),
        (
            'AmazonS3', 'TimedStorage-ByteHrs', 'StandardStorage', 'build-artefacts',
            350, 0.023, 'GB-Mo'
        )
    ) as products (product_code, usage_type, operation, resource, amount, rate_usd, unit)
    cross join range(5) as lines (line_no)
    where account_no = 0 and usage_month + line_no::int <= getvariable('last_date')
)

from subscription_charges
union all by name
from overage_charges
union all by name
from tax_charges
union all by name
from snapshot_charges
union all by name
from other_charges;

create table bill_lines as
with numbered as (
    select
        *,
        md5(concat_ws(' ', kind, usage_month, account_id, seat_no, usage_type)) as line_item_id,
        -- One SKU per usage type, which includes the Region; taxes have none.
        upper(left(md5('sku ' || usage_type), 16)) as sku,
        coalesce(product_code, 'Kiro') as product_name,
        -- Subscriptions end with the month, usage on the last known day.
        case
            when kind in ('subscription', 'snapshot') then next_month
            when kind = 'other' then held_from + 1
            else least(next_month, getvariable('last_date') + 1)
        end as held_until
    from charges
)

select
    usage_month,
    account_no = 0 as is_first_account,
    if(
        account_no = 0,
        1 + row_number() over (partition by usage_month, account_no order by line_item_id) % 2,
        1
    ) as file_no,
    'Anniversary' as bill_bill_type,
    'AWS' as bill_billing_entity,
    next_month::timestamp as bill_billing_period_end_date,
    usage_month::timestamp as bill_billing_period_start_date,
    -- Blank until the month is closed.
    if(
        is_last_month,
        null,
        lpad(floor(1e10 * uniform(account_id, usage_month, 'invoice'))::bigint::varchar, 10, '0')
    ) as bill_invoice_id,
    'Amazon Web Services, Inc.' as bill_invoicing_entity,
    (select min(account_id) from accounts) as bill_payer_account_id,
    'Made-up organization' as bill_payer_account_name,
    line_item_id as identity_line_item_id,
    strftime(held_from, '%Y-%m-%dT00:00:00Z/') || strftime(held_until, '%Y-%m-%dT00:00:00Z')
        as identity_time_interval,
    'USD' as line_item_currency_code,
    'Amazon Web Services, Inc.' as line_item_legal_entity,
    case
        when kind = 'tax' then 'Tax for product code Kiro'
        else format('${} per {} of {}', rate_usd::double, unit, usage_type)
    end as line_item_line_item_description,
    case
        when kind = 'tax' then 'Tax'
        -- AWS changed the line type of subscriptions in spring 2026.
        when kind = 'subscription' and usage_month >= date '2026-04-01' then 'FlatRateSubscription'
        else 'Usage'
    end as line_item_line_item_type,
    operation as line_item_operation,
    product_name as line_item_product_code,
    resource as line_item_resource_id,
    cost_usd::double as line_item_unblended_cost,
    rate_usd::double::varchar as line_item_unblended_rate,
    account_id as line_item_usage_account_id,
    'Account ' || (account_no + 1) as line_item_usage_account_name,
    coalesce(amount, 1)::double as line_item_usage_amount,
    held_until::timestamp as line_item_usage_end_date,
    held_from::timestamp as line_item_usage_start_date,
    usage_type as line_item_usage_type,
    -- AWS writes 0 if there is no public price.
    if(kind = 'tax', 0, cost_usd)::double as pricing_public_on_demand_cost,
    rate_usd::double::varchar as pricing_public_on_demand_rate,
    -- AWS's codes for on-demand terms and their unit price.
    sku || '.JRTCKXETXF.6YS6EN2CT7' as pricing_rate_code,
    if(kind = 'tax', null, 'OnDemand') as pricing_term,
    unit as pricing_unit,
    map {'product_name': product_name} as product,
    if(product_name = 'Kiro', 'Kiro Enterprise', 'Other') as product_product_family,
    coalesce(region, 'us-east-1') as product_region_code,
    product_name as product_servicecode,
    sku as product_sku
from numbered;
