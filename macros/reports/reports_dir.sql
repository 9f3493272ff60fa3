{#- The mirror of the report buckets, as `KIRO_REPORTS_DIR` names it, without a trailing slash. -#}
{% macro reports_dir() -%}
    {{ return(env_var('KIRO_REPORTS_DIR', 'data/reports').rstrip('/')) }}
{%- endmacro %}
