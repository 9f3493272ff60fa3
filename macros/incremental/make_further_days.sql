{% macro make_further_days() -%}
    {%- if execute and target.type == 'duckdb' -%}
        {%- set batches = run_query(
            "select len(unnest(getvariable('days_to_make'))) as days"
        ).columns['days'].values() -%}
        {%- for batch_no in range(1, batches | length) -%}
            {{ log(
                this.identifier ~ ": " ~ batches[batch_no:] | sum ~ " days left to build", info=true
            ) }}
            {%- do run_query('set variable batch_no = ' ~ batch_no) -%}
            {%- do run_query('insert into ' ~ this ~ ' by name ' ~ sql) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
