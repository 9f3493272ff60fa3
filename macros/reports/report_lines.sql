{#-
    Lines are split here instead of by `read_csv`, which cannot tell a short row from blank values
    and reads everything after an unclosed quote as one value (docs/decisions/report-files.md).
-#}
{% macro report_lines(report, text_columns, count_column) -%}
    with

    files as (
        select
            file_id,
            file,
            size_bytes,
            modified_at,
            header,
            activity_date,
            strftime(activity_date, '%Y-%m-%d') as activity_day,
            client_type as file_client_type,
            unreadable_reason,
            list_filter(
                range(1, len(header) + 1),
                lambda position: {{ count_column | replace('column_name', 'header[position]') }}
            ) as count_positions,
            {%- for column in text_columns %}
            list_position(header, '{{ column }}') as {{ column }}_position,
            {%- endfor %}
        from {{ ref('base_kiro__report_files') }}
        where report = '{{ report }}'
    ),

    lines as (
        {%- call(mirror) read_in_parts('unread_' ~ report) %}
        select
            files.* exclude (file, size_bytes, modified_at),
            generate_subscripts(texts.text_lines, 1) as line_number,
            unnest(texts.text_lines) as raw_text
        from (
            select
                mirror.file,
                mirror.size as size_bytes,
                mirror.last_modified at time zone 'UTC' as modified_at,
                string_split(mirror.file_text, chr(10)) as text_lines
            from {{ mirror }} as mirror
        ) as texts
        -- Skips files replaced in the meantime, whose headers may differ; the next build reads
        -- them.
        inner join files
            on
                texts.file = files.file
                and texts.size_bytes = files.size_bytes
                and texts.modified_at = files.modified_at
        {%- endcall %}
    ),

    bare_lines as (
        select
            *,
            replace(raw_text, '"', '') as bare_text
        from lines
        where line_number > 1 and raw_text <> ''
    ),

    cut_lines as (
        select
            * exclude (bare_text),
            strlen(raw_text) - strlen(bare_text) as quotes,
            case
                -- A line of only quotes or commas would take up twenty times its size in memory.
                when strlen(raw_text) <= 1e6
                    then {{ split_report_line('raw_text', 'bare_text') | indent(20) }}
                else []
            end as values,
            case
                -- Trimming is slow, and few lines need it.
                when contains(raw_text, ' ') or strlen(raw_text) > length(raw_text)
                    then list_transform(values, lambda value: trim(value))
                else values
            end as fields
        from bare_lines
    ),

    kept_lines as (
        select
            * exclude (raw_text, values, fields),
            {{ is_forgotten(personal_id('fields[userid_position]'), 'raw_text') }}
                as is_forgotten,
            case when not is_forgotten then raw_text end as raw_text,
            case when not is_forgotten then fields end as fields
        from cut_lines
    )

    select
        file_id,
        line_number,
        activity_date,
        activity_day,
        file_client_type,
        raw_text,
        case
            when is_forgotten then 'forgotten'
            when unreadable_reason is not null then unreadable_reason
            when strlen(raw_text) > 1e6 then 'the row is longer than a million bytes'
            when quotes % 2 = 1
                then 'a quote is opened but not closed'
            when len(fields) <> len(header)
                then 'the row has ' || len(fields) || ' values, the header ' || len(header)
        end as line_reason,
        {%- for column in text_columns %}
        nullif(fields[{{ column }}_position], '') as {{ column }},
        {%- endfor %}
        list_transform(
            count_positions,
            lambda position: {
                'name': header[position],
                'value': nullif(fields[position], ''),
                'number': try_cast(fields[position] as double)
            }
        ) as counts
    from kept_lines
{%- endmacro %}
