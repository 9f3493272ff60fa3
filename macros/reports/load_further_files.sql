{#-
    One statement over all files would keep their contents in memory. The batches are determined
    once, because the list of unread files shrinks with each batch.
-#}
{% macro load_further_files(report) -%}
    {%- if execute -%}
        {%- do run_query(
            'create or replace temporary table further_files as '
            ~ report_file_batches(report, is_begun=true)
        ) -%}
        {%- set further -%}
            select
                further_files.batch,
                count(*) as files
            from further_files
            group by further_files.batch
            order by further_files.batch
        {%- endset -%}
        {%- set batches = run_query(further).rows -%}
        {%- for batch in batches -%}
            {{ log(
                this.identifier ~ ": reading batch " ~ loop.index ~ " of " ~ batches | length
                ~ " further ones, " ~ batch['files'] ~ " files",
                info=true
            ) }}
            {%- do run_query(set_file_list(
                'unread_' ~ report,
                'select path from further_files where batch = ' ~ batch['batch']
            )) -%}
            {%- do run_query('insert into ' ~ this ~ ' by name ' ~ sql) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
