with

activities as (
    select * from {{ ref('stg_kiro__user_activities') }}
),

emails as (
    select
        user_id,
        user_email,
        row_number() over (
            partition by user_id
            order by
                activity_date desc,
                delivered_at desc,
                client_type asc,
                file_id desc,
                line_number desc
        ) as recency
    from activities
    where user_email is not null
),

users as (
    select distinct user_id
    from activities
)

select
    users.user_id,
    {% if personal_data_mode() == 'clear' %}
        emails.user_email
    {% else %}
        cast(null as {{ dbt.type_string() }}) as user_email
    {% endif %}
from users
left join emails
    on
        users.user_id = emails.user_id
        and emails.recency = 1
{% if personal_data_mode() == 'none' %}
where 1 = 0
{% endif %}
