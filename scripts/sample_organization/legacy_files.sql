-- One day's legacy report per account: mostly zeros, for some command-line and plugin users.
with

users as (
    select distinct
        account_id,
        region,
        prefix,
        user_id,
        seat_no
    from day_rows
    where client in ('KIRO_CLI', 'PLUGIN') and uniform(seat_no, 0, 'legacy') < 0.5
),

counts as (
    select
        *,
        floor(60 * uniform(seat_no, $day_no, 'suggestions'))::int as suggestions,
        floor(6 * uniform(seat_no, $day_no, 'inline chat'))::int as inline_chats,
        floor(20 * uniform(seat_no, $day_no, 'chat'))::int as chat_messages
    from users
)

select
    prefix || '/AWSLogs/' || account_id || '/KiroLogs/by_user_analytic/' || region
    || strftime($day::date, '/%Y/%m/%d/00/') || account_id || '_by_user_analytic'
    || strftime($day::date, '_%Y%m%d') || '0000'
    || if(isodow($day::date) = 1, '', '_report') || '.csv' as key,
    'UserId,Date,' || array_to_string(getvariable('legacy_columns'), ',') || chr(10)
    || string_agg(
        '"' || user_id || '",' || strftime($day::date, '%m-%d-%Y') || ','
        || array_to_string(
            list_transform(getvariable('legacy_columns'), lambda name: case name
                when 'Chat_MessagesSent' then chat_messages
                when 'Chat_MessagesInteracted' then chat_messages // 4
                when 'Inline_SuggestionsCount' then suggestions
                when 'Inline_AcceptanceCount' then suggestions * 3 // 10
                when 'Inline_AICodeLines' then suggestions * 3 // 10
                when 'InlineChat_TotalEventCount' then inline_chats
                when 'InlineChat_AcceptanceEventCount' then inline_chats // 2
                when 'InlineChat_RejectionEventCount' then inline_chats // 3
                when 'InlineChat_DismissalEventCount'
                    then inline_chats - inline_chats // 2 - inline_chats // 3
                else 0
            end), ','
        ),
        chr(10) order by seat_no
    )
    || chr(10) as content
from counts
group by key
order by key
