{#-
    Run after a model has read the first batch of files: reads the others batch by batch, as one
    statement over all of them would hold their contents in memory.
-#}
{% macro load_further_files(report) -%}
    {%- if execute -%}
        {%- set unread -%}
            select
                count(*) as files,
                cast(ceil(coalesce(sum(unread.size_bytes), 0) / 1e6) as bigint) as megabytes,
                cast(
                    ceil(
                        coalesce(sum(unread.size_bytes), 0)
                        / ({{ var('load_batch_megabytes') }} * 1e6)
                    ) as bigint
                ) as most_batches
            from ({{ unread_report_files(report, is_begun=true) }}) as unread
        {%- endset -%}
        {%- for _ in range(run_query(unread).rows[0]['most_batches'] | int) -%}
            {%- set left = run_query(unread).rows[0] -%}
            {{ log(
                this.identifier ~ ": " ~ left['files'] ~ " files with " ~ left['megabytes']
                ~ " MB left to read",
                info=true
            ) }}
            {%- do run_query(
                set_file_list('unread_' ~ report, next_report_files(report, is_begun=true))
            ) -%}
            {%- do run_query('insert into ' ~ this ~ ' by name ' ~ sql) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
