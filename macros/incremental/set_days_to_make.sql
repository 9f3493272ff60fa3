{#-
    A single statement for all of history would need more memory the longer the history is. On
    Spark, the model's own condition is used instead.
-#}
{% macro set_days_to_make(report='user_report') -%}
    {%- if target.type == 'duckdb' -%}
    set variable days_to_make = (
        select list(batches.days order by batches.batch)
        from (
            select
                measured.batch,
                list(measured.activity_date order by measured.activity_date) as days
            from (
                select
                    lacking.activity_date,
                    floor(
                        (sum(lines.data_lines) over (order by lacking.activity_date)
                        - lines.data_lines) / {{ var('make_batch_rows') }}
                    ) as batch
                from ({{ periods_to_make('activity_date', report) }}) as lacking
                inner join (
                    select
                        files.activity_date,
                        sum(files.data_lines) as data_lines
                    from {{ ref('int_report_files') }} as files
                    where files.is_current and files.report = '{{ report }}'
                    group by files.activity_date
                ) as lines
                    on lacking.activity_date = lines.activity_date
            ) as measured
            group by measured.batch
        ) as batches
    );
    set variable batch_no = 0
    {%- endif -%}
{%- endmacro %}
