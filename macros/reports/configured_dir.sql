{% macro configured_dir(variable, default) -%}
    {%- set configured = env_var(variable, default) -%}
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
            variable ~ " is '" ~ configured ~ "'. Set it to a folder, without ~ and without "
            ~ "the characters * ? [ ] { }, which DuckDB treats as patterns."
        ) }}
    {%- endif -%}
    {{ return(('/' if configured.startswith('/') else '') ~ segments | join('/')) }}
{%- endmacro %}
