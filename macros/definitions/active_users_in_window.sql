{#-
    A user counts from each active day until the window ends or until the next active day, whichever
    comes first. Adding up arrivals and departures counts each user once, in one pass.
-#}
{% macro active_users_in_window(user_days, account_days, window_days) -%}
    select
        days.account_id,
        days.activity_date,
        sum(coalesce(changes.change_in_users, 0)) over (
            partition by days.account_id
            order by days.activity_date
            rows between unbounded preceding and current row
        ) as active_users
    from {{ account_days }} as days
    left join (
        select
            account_id,
            change_date,
            sum(change_in_users) as change_in_users
        from (
            select
                account_id,
                activity_date as change_date,
                1 as change_in_users
            from {{ user_days }}
            union all
            select
                account_id,
                least(
                    {{ add_days('activity_date', window_days) }},
                    coalesce(next_activity_date, {{ add_days('activity_date', window_days) }})
                ) as change_date,
                -1 as change_in_users
            from {{ user_days }}
        ) as arrivals_and_departures
        group by
            account_id,
            change_date
    ) as changes
        on
            days.account_id = changes.account_id
            and days.activity_date = changes.change_date
{%- endmacro %}
