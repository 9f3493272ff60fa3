{% macro periods_to_make(period, report) -%}
    select versions.{{ period }}
    from {{ versions_of(period) }} as versions
    where versions.report = '{{ report }}'
    {%- if is_incremental() %}
    except
    select held.{{ period }}
    from {{ this }} as held
    {%- endif %}
{%- endmacro %}
