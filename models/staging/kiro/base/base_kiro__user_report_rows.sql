{{ config(
    materialized=loaded_as('incremental'),
    incremental_strategy='append',
    full_refresh=setting('reload_reports'),
    on_schema_change='fail',
    pre_hook=[
        "{{ add_missing_column('unread_attributes', 'varchar') }}",
        "{{ delete_replaced_rows() }}",
        "{{ forget_vanished_files('user_report') }}",
        "{{ set_file_list('unread_user_report', next_report_files('user_report')) }}",
    ],
    post_hook=[
        "{{ load_further_files('user_report') }}",
        "{{ delete_forgotten_lines() }}",
    ],
) }}

{% set whole_numbers = ['chat_conversations', 'total_messages'] %}
{% set credit_amounts = ['credits_used', 'overage_credits_used'] %}
{#- Unreadable attributes are NULL; they do not cause a row to be rejected. -#}
{% set limits = ['overage_cap', 'usage_limit'] %}
{% set names = ['profileid', 'client_type', 'subscription_tier', 'user_email'] %}
{% set booleans = ['overage_enabled', 'new_user'] %}

with

lines as (
    {{ report_lines(
        'user_report',
        report_text_columns('user_report'),
        report_count_columns('user_report')
    ) | indent }}
),

typed as (
    select
        *,
        -- Nearly every date is the folder's day, and parsing dates is slow.
        case
            when date = activity_day then activity_date
            else cast(try_strptime(date, '%Y-%m-%d') as date)
        end as report_date,
        {%- for column in credit_amounts + limits %}
            {{ to_credits(column) }} as {{ column }}_credits,
        {%- endfor %}
        {%- for column in whole_numbers %}
            try_cast({{ column }} as double) as {{ column }}_number,
        {%- endfor %}
        {{ first_bad_count('counts') }} as bad_model
    from lines
),

judged as (
    select
        *,
        case
            when line_reason is not null then line_reason
            when date is null then 'Date is blank'
            when report_date is null then 'Date is not a valid YYYY-MM-DD date: ' || date
            when report_date <> activity_date
                then 'Date differs from the day in the file''s path: ' || date
            when coalesce({{ bare_user_id('userid') }}, '') = ''
                then 'UserId is blank'
            when strlen(userid) > 1000 then 'userid is longer than 1,000 bytes'
            {%- for column in whole_numbers %}
                when {{ column }} is not null and not {{ is_count(column ~ '_number') }}
                    then '{{ column }} is not a whole number from 0 to a billion: ' || {{ column }}
            {%- endfor %}
            {%- for column in credit_amounts %}
                when
                    {{ column }} is not null
                    and not coalesce({{ column }}_credits between 0 and 1e8, false)
                    then '{{ column }} is not an amount from 0 to 100 million: ' || {{ column }}
            {%- endfor %}
            when bad_model is not null
                then
                    bad_model['name']
                    || ' is not a whole number from 0 to a billion: '
                    || bad_model['value']
        end as reason,
        {%- for column in limits %}
            case when {{ column }}_credits between 0 and 1e11 then {{ column }}_credits end
                as read_{{ column }},
        {%- endfor %}
        {%- for column in names %}
            case when strlen({{ column }}) <= 1000 then {{ column }} end as read_{{ column }},
        {%- endfor %}
        {%- for column in booleans %}
            try_cast({{ column }} as boolean) as read_{{ column }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from typed
)

select
    file_id,
    cast(line_number as integer) as line_number,

    -- text
    {{ personal_id('userid') }} as user_id,
    {{ without_emails('read_profileid') }} as profile_id,
    {{ without_emails('coalesce(read_client_type, file_client_type)') }} as client_type,
    {{ without_emails('read_subscription_tier') }} as subscription_tier,
    {{ match_key('read_user_email') }} as user_email,
    -- Only the names, because the values may be personal.
    nullif(
        concat_ws(
            ', ',
            {%- for column in limits + names + booleans %}
                case
                    when {{ column }} is not null and read_{{ column }} is null
                        then '{{ column }}'
                end
                {%- if not loop.last %},{% endif %}
            {%- endfor %}
        ),
        ''
    ) as unread_attributes,
    {{ kept_reason('reason') }} as rejection_reason,
    case when reason is not null then {{ kept_line('raw_text') }} end as raw_text,

    -- numbers
    try_cast(chat_conversations_number as bigint) as conversations,
    try_cast(total_messages_number as bigint) as total_messages,
    try_cast(list_sum(list_transform(counts, lambda model: model['number'])) as bigint)
        as attributed_messages,
    credits_used_credits as credits_used,
    overage_credits_used_credits as overage_credits_used,
    read_overage_cap as overage_cap,
    read_usage_limit as usage_limit,
    list_transform(
        list_filter(counts, lambda model: model['number'] > 0),
        lambda model: {
            'model': regexp_replace(model['name'], '_messages$', ''),
            'messages': try_cast(model['number'] as bigint)
        }
    ) as model_messages,

    -- booleans
    read_overage_enabled as overage_enabled,
    read_new_user as new_user,

    -- dates
    activity_date
from judged
