{% macro delete_outdated(period, version='version') -%}
    {%- set versions = versions_of(period) -%}
    {%- if is_incremental() -%}
        {#- Tables from releases without versions are rebuilt. -#}
        {%- if has_column(this, 'version') and not var('reload_reports') -%}
            {%- set outdated -%}
            select held.{{ period }}
            from (select distinct {{ period }}, version from {{ this }}) as held
            left join {{ versions }} as versions
                on held.{{ period }} = versions.{{ period }} and held.version = versions.{{ version }}
            where versions.{{ period }} is null
            {%- endset -%}
            {{ delete_periods(period, outdated) }}
        {%- else -%}
            {{ 'truncate table' if target.type == 'spark' else 'delete from' }} {{ this }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
