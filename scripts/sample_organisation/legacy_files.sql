-- One day's legacy report per account: mostly zeros, for some users of command line and plugin.
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
),

valued as (
    select
        *,
        map_from_entries([
            {key: 'Chat_MessagesSent', value: chat_messages},
            {key: 'Chat_MessagesInteracted', value: chat_messages // 4},
            {key: 'Inline_SuggestionsCount', value: suggestions},
            {key: 'Inline_AcceptanceCount', value: suggestions * 3 // 10},
            {key: 'Inline_AICodeLines', value: suggestions * 3 // 10},
            {key: 'InlineChat_TotalEventCount', value: inline_chats},
            {key: 'InlineChat_AcceptanceEventCount', value: inline_chats // 2},
            {key: 'InlineChat_RejectionEventCount', value: inline_chats // 3},
            {
                key: 'InlineChat_DismissalEventCount',
                value: inline_chats - inline_chats // 2 - inline_chats // 3
            }
        ]) as used
    from counts
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
            list_transform(getvariable('legacy_columns'), lambda name: coalesce(used[name], 0)), ','
        ),
        chr(10) order by user_id
    )
    || chr(10) as content
from valued
group by key
order by key
