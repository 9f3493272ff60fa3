{% macro prepare_personal_data() %}
    {#- Outside the condition, because dbt collects references when nothing is executed. -#}
    {%- set report_files = ref('base_kiro__report_files') -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set wanted = wanted_personal_data() -%}
        {%- set held = held_personal_data() -%}
        {%- set tables = personal_tables() -%}
        {%- set is_changed = held != wanted -%}
        {%- set is_erased = tables and (is_changed or holds_forgotten_people(tables)) -%}
        {%- if is_changed and tables -%}
            {{ check_personal_data_change(held, wanted) }}
        {%- endif -%}
        {%- if is_erased -%}
            {{ request_erasure() }}
        {%- endif -%}

        {%- if is_changed or is_erased %}
            begin;
            {%- if is_erased and held['mode'] is none %}
                alter table {{ report_files }}
                add column if not exists forgotten_lines integer default 0;
            {%- endif %}
            {%- for relation in rebuilt_tables() if is_erased %}
                delete from {{ relation }};
            {%- endfor %}
            {%- for table in tables if is_erased %}
                {{ keep_personal_data(table) if is_changed and held['mode'] != 'pseudonym' }}
                {{ forget_people(table) }}
            {%- endfor %}
            create or replace table {{ target.schema }}.personal_data_held as
            select
                '{{ wanted["mode"] }}' as mode,
                {{ pseudonym("'kiro usage analytics'") if wanted['key_check'] else 'null::varchar' }}
                    as key_check,
                {{ wanted['rules'] }} as rules;
            commit;
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
