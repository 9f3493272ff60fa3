{#-
    Run before an incremental model: deletes the days or months (`period`, a column) that have
    another version by now, or are gone.
-#}
{% macro delete_outdated(period, version='version') -%}
    {%- set versions = versions_of(period) -%}
    {%- if is_incremental() -%}
        {#- A table of a release that knew no versions is made anew. -#}
        {%- set columns = adapter.get_columns_in_relation(this) | map(attribute='name') | list -%}
        delete from {{ this }}
        {%- if 'version' in columns and not var('reload_reports') %}
        where {{ period }} in (
            select held.{{ period }}
            from (select distinct {{ period }}, version from {{ this }}) as held
            left join {{ versions }} as versions
                on held.{{ period }} = versions.{{ period }} and held.version = versions.{{ version }}
            where versions.{{ period }} is null
        )
        {%- endif %}
    {%- endif -%}
{%- endmacro %}
