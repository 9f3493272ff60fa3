{% macro list_values(lines) -%}
    select
        * exclude (bare_text, fields),
        case
            when (strlen(raw_text) - strlen(bare_text)) % 2 = 1
                then 'a quote is opened but not closed'
            when len(fields) <> len(header) then 'the row has more or fewer values than the header'
        end as cut_reason,
        {%- for meaning in setting('list_columns') %}
            nullif(trim(fields[{{ list_column_position(meaning) }}]), '') as {{ meaning }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from (
        select
            *,
            replace(raw_text, '"', '') as bare_text,
            {{ split_report_line('raw_text', 'bare_text') }} as fields
        from {{ lines }}
        where trim(raw_text) <> ''
    ) as cut_lines
{%- endmacro %}
