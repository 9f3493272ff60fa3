with

emails as (
    select
        user_id,
        user_email,
        row_number() over (
            partition by user_id
            order by
                last_date desc,
                last_delivered_at desc,
                user_email asc
        ) as recency
    from {{ ref('int_user_emails_aggregated') }}
),

listed_people as (
    select * from {{ ref('stg_lists__people') }}
),

users as (
    select distinct user_id
    from {{ ref('int_seats_held') }}
)

select
    users.user_id,
    {% if personal_data_mode() == 'clear' %}
        coalesce(emails.user_email, listed_people.user_email) as user_email,
        listed_people.user_name,
        listed_people.display_name
    {% else %}
        cast(null as {{ dbt.type_string() }}) as user_email,
        cast(null as {{ dbt.type_string() }}) as user_name,
        cast(null as {{ dbt.type_string() }}) as display_name
    {% endif %}
from users
left join emails
    on
        users.user_id = emails.user_id
        and emails.recency = 1
left join listed_people
    on users.user_id = listed_people.user_id
{% if personal_data_mode() == 'none' %}
where 1 = 0
{% endif %}
