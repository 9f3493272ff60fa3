{{ config(
    materialized=loaded_as('incremental'),
    incremental_strategy='append',
    full_refresh=setting('reload_reports'),
    on_schema_change='fail',
    pre_hook=[
        "{{ delete_replaced_rows() }}",
        "{{ forget_vanished_files('by_user_analytic') }}",
        "{{ set_file_list('unread_by_user_analytic', next_report_files('by_user_analytic')) }}",
    ],
    post_hook=[
        "{{ load_further_files('by_user_analytic') }}",
        "{{ delete_forgotten_lines() }}",
    ],
) }}

with

lines as (
    {{ report_lines(
        'by_user_analytic',
        report_text_columns('by_user_analytic'),
        report_count_columns('by_user_analytic')
    ) | indent }}
),

judged as (
    select
        *,
        {{ first_bad_count('counts') }} as bad_count,
        -- Month first, because automatic detection would read 04-05-2026 as May 4; otherwise year
        -- first.
        cast(try_strptime(date, ['%m-%d-%Y', '%Y-%m-%d', '%Y/%m/%d']) as date) as report_date
    from lines
),

reasoned as (
    select
        *,
        case
            when line_reason is not null then line_reason
            when date is null then 'Date is blank'
            when report_date is null then 'Date is not a valid MM-DD-YYYY date: ' || date
            when report_date <> activity_date
                then 'Date differs from the day in the file''s path: ' || date
            when coalesce({{ bare_user_id('userid') }}, '') = '' then 'UserId is blank'
            when strlen(userid) > 1000 then 'userid is longer than 1,000 bytes'
            when bad_count is not null
                then
                    bad_count['name']
                    || ' is not a whole number from 0 to a billion: '
                    || bad_count['value']
        end as reason
    from judged
)

select
    file_id,
    cast(line_number as integer) as line_number,

    -- text
    {{ personal_id('userid') }} as user_id,
    {{ kept_reason('reason') }} as rejection_reason,
    case when reason is not null then {{ kept_line('raw_text') }} end as raw_text,

    -- numbers
    list_transform(
        list_filter(counts, lambda metric: metric['value'] is not null),
        lambda metric: {
            'metric': metric['name'],
            'metric_count': try_cast(metric['number'] as bigint)
        }
    ) as metrics,

    -- dates
    activity_date
from reasoned
