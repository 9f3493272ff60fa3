with

emails as (
    select
        user_id,
        user_email,
        last_date,
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
    select * from {{ ref('stg_rosters__people') }}
),

users as (
    select distinct user_id
    from {{ ref('int_seats_held') }}
),

named as (
    select
        users.user_id,
        -- The newest address; if two are from the same day, the report's.
        case
            when emails.last_date >= listed_people.list_date or listed_people.user_email is null
                then emails.user_email
            else listed_people.user_email
        end as user_email,
        listed_people.user_name,
        listed_people.display_name,
        case
            when emails.last_date >= listed_people.list_date or listed_people.list_date is null
                then emails.last_date
            else listed_people.list_date
        end as name_known_on
    from users
    left join emails
        on
            users.user_id = emails.user_id
            and emails.recency = 1
    left join listed_people
        on users.user_id = listed_people.user_id
)

select
    user_id,
    {% if personal_data_mode() == 'clear' %}
        user_email,
        user_name,
        display_name,
        name_known_on
    {% else %}
        cast(null as {{ dbt.type_string() }}) as user_email,
        cast(null as {{ dbt.type_string() }}) as user_name,
        cast(null as {{ dbt.type_string() }}) as display_name,
        cast(null as date) as name_known_on
    {% endif %}
from named
{% if personal_data_mode() == 'none' %}
where 1 = 0
{% endif %}
