{% macro make_further_days() -%}
    {%- if execute and target.type == 'duckdb' -%}
        {%- set days = run_query(
            "select coalesce(len(getvariable('days_to_make')), 0) as days"
        ).rows[0]['days'] -%}
        {%- for batch_no in range(1, (days / var('make_batch_days')) | round(0, 'ceil') | int) -%}
            {{ log(
                this.identifier ~ ": " ~ (days - batch_no * var('make_batch_days'))
                ~ " days left to make",
                info=true
            ) }}
            {%- do run_query('set variable batch_no = ' ~ batch_no) -%}
            {%- do run_query('insert into ' ~ this ~ ' by name ' ~ sql) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
