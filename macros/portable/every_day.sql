{% macro every_day(bounds) -%}
    {{ return(adapter.dispatch('every_day')(bounds)) }}
{%- endmacro %}

{% macro default__every_day(bounds) -%}
    select cast(day as date) as activity_date
    from (
        select unnest(generate_series(first_date, last_date, interval '1' day)) as day
        from {{ bounds }}
    ) as days
{%- endmacro %}

{% macro spark__every_day(bounds) -%}
    select explode(sequence(first_date, last_date, interval '1' day)) as activity_date
    from {{ bounds }}
    where first_date <= last_date
{%- endmacro %}

{% macro athena__every_day(bounds) -%}
    select days.activity_date
    from {{ bounds }}
    cross join unnest(sequence(first_date, last_date, interval '1' day)) as days (activity_date)
    where first_date <= last_date
{%- endmacro %}
