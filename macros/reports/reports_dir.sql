{#-
    The mirror of the report buckets that `KIRO_REPORTS_DIR` names, written as DuckDB writes the
    paths of the files it finds there: without `.`, `//` or a trailing slash.
-#}
{% macro reports_dir() -%}
    {%- set configured = env_var('KIRO_REPORTS_DIR', 'data/reports') -%}
    {%- set segments = [] -%}
    {%- for segment in configured.split('/') -%}
        {%- if segment == '..' and segments and segments[-1] != '..' -%}
            {%- do segments.pop() -%}
        {%- elif segment not in ('', '.') -%}
            {%- do segments.append(segment) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not segments or segments[0] == '~' or modules.re.search('[*?{}\\[\\]]', configured) -%}
        {{ exceptions.raise_compiler_error(
            "KIRO_REPORTS_DIR is '" ~ configured ~ "'. Name a folder, written out without ~ and "
            ~ "without the characters * ? [ ] { }, which DuckDB reads as patterns."
        ) }}
    {%- endif -%}
    {{ return(('/' if configured.startswith('/') else '') ~ segments | join('/')) }}
{%- endmacro %}
