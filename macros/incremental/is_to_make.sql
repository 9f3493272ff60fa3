{#-
    Whether an incremental model lacks the day or month (`period`, a column) of a row; true on a
    first run. Asked as what is to be made, not as what is held, so that engines skip the rest.
-#}
{% macro is_to_make(period, report='user_report') -%}
    {%- set versions = versions_of(period) -%}
    {%- if is_incremental() -%}
        {{ period }} in (
            select versions.{{ period }}
            from {{ versions }} as versions
            where versions.report = '{{ report }}'
            except
            select held.{{ period }}
            from {{ this }} as held
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
