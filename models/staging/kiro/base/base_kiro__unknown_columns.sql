{{ config(materialized=loaded_as('view')) }}

with

columns as (
    select
        file_id,
        report,
        unnest(header) as column_name
    from {{ ref('base_kiro__report_files') }}
)

-- Two names masked as email addresses count as one column.
select distinct
    file_id,
    column_name
from columns
where
    column_name <> ''
    and case
        {%- for report in ['user_report', 'by_user_analytic'] %}
            when report = '{{ report }}'
                then not (
                    column_name in (
                        {%- for column in report_text_columns(report) %}
                            '{{ column }}'
                            {%- if not loop.last %},{% endif %}
                        {%- endfor %}
                    )
                    or {{ report_count_columns(report) }}
                )
        {%- endfor %}
    end
