-- One day's report files as (key, content), in the layout used on that day.
with

numbered as (
    select
        day_rows.*,
        -- The second Region has its own files, so the first Region's files are unaffected.
        coalesce(nullif(day_rows.region, accounts.region), '') as second_region,
        (
            row_number() over (
                partition by day_rows.account_id, day_rows.region, client order by seat_no
            ) - 1
        ) // getvariable('users_per_file') as part_no,
        count(*) over (partition by day_rows.account_id, day_rows.region, client)
        > getvariable('users_per_file') as has_parts
    from day_rows
    inner join accounts
        on day_rows.account_id = accounts.account_id
),

named as (
    select
        *,
        account_id || client || part_no || $day::varchar || second_region as file_no,
        part_no as file_part
    from numbered
),

-- Random differences between files, derived from the seed.
files as (
    select
        file_no,
        any_value(account_id) as account_id,
        any_value(region) as region,
        any_value(prefix) as prefix,
        any_value(client) as client,
        any_value(if(has_parts, part_no + 1, null)) as part,
        uniform(file_no, 0, 'quoted') < 0.9 as is_quoted,
        uniform(file_no, 0, 'prefixed') < 0.2 as has_prefixed_ids,
        if(uniform(file_no, 0, 'upper case') < 0.1, 'TRUE', 'true') as true_text,
        if(uniform(file_no, 0, 'blank zero') < 0.1, '', '0') as no_messages,
        -- Model columns were added in March 2026, but some files lacked them for two more months.
        case
            when $day::date < date '2026-03-01' then cast([] as varchar[])
            when $day::date < date '2026-05-01' and uniform(file_no, 0, 'no models') < 0.3
                then cast([] as varchar[])
            else list_sort(
                if(sum(auto_messages) > 0, ['auto'], [])
                || if(sum(simple_task_messages) > 0, ['simple_task'], [])
                || coalesce(list(distinct favourite) filter (favourite_messages > 0), [])
            )
        end as models
    from named
    group by file_no
),

rows as (
    select
        named.file_no,
        files.* exclude (file_no),
        named.seat_no,
        concat_ws(
            ',',
            $day::varchar,
            quote || if(has_prefixed_ids, 'd-90670a1b2c.', '') || named.user_id || quote,
            named.client,
            greatest(messages // 40, sign(messages))::int,
            credits,
            overage_cap,
            overage_credits::double,
            if(overage_enabled, true_text, 'false'),
            quote || profile_id || quote,
            tier,
            messages
        ) as fixed_values,
        if(is_new, true_text, 'false') as new_user_value,
        quote || email || quote as email_value,
        allowance::double::varchar as limit_value,
        array_to_string(
            list_transform(
                models,
                lambda model: coalesce(
                    nullif(case model
                        when 'auto' then auto_messages
                        when 'simple_task' then simple_task_messages
                        when favourite then favourite_messages
                        else 0
                    end, 0)::varchar,
                    no_messages
                )
            ),
            ','
        ) as model_values
    from named
    inner join files
        on named.file_no = files.file_no
    cross join lateral (select if(is_quoted, '"', '') as quote) as quoting
),

lines as (
    select
        *,
        array_to_string(list_transform(models, lambda model: model || '_messages'), ',')
            as model_columns
    from rows
)

select
    prefix || '/AWSLogs/' || account_id || '/KiroLogs/user_report/' || region
    || strftime($day::date, '/%Y/%m/%d/00/') || client || '_' || account_id || '_user_report'
    || if(part % 2 = 0, '_part_' || part, '')
    || strftime($day::date, '_%Y%m%d') || '0000'
    || if(part % 2 = 1, '_part_' || part, '')
    || if(part % 3 = 0, '_report', '') || '.csv' as key,
    any_value(account_id) as account_id,
    any_value(client) as client,
    'Date,UserId,Client_Type,Chat_Conversations,Credits_Used,Overage_Cap,Overage_Credits_Used,'
    || 'Overage_Enabled,ProfileId,Subscription_Tier,Total_Messages'
    || any_value(case
        when $day::date < date '2026-05-01' then if(models = [], '', ',' || model_columns)
        when $day::date < date '2026-06-01'
            then if(models = [], '', ',' || model_columns) || ',New_User'
        when $day::date < date '2026-09-01'
            then ',New_User,User_Email' || if(models = [], '', ',' || model_columns)
        else ',New_User,User_Email,Usage_Limit' || if(models = [], '', ',' || model_columns)
    end)
    || chr(10)
    || string_agg(
        fixed_values
        || case
            when $day::date < date '2026-05-01' then if(models = [], '', ',' || model_values)
            when $day::date < date '2026-06-01'
                then if(models = [], '', ',' || model_values) || ',' || new_user_value
            when $day::date < date '2026-09-01'
                then ',' || new_user_value || ',' || email_value
                    || if(models = [], '', ',' || model_values)
            else ',' || new_user_value || ',' || email_value || ',' || limit_value
                || if(models = [], '', ',' || model_values)
        end,
        chr(10) order by seat_no
    )
    || chr(10) as content
from lines
group by key
order by key
