{% macro exported_dir() -%}
    {%- set folder = env_var('KIRO_PARQUET_DIR', '') -%}
    {%- if not modules.re.match("(/|[a-z0-9]+:/)[^']*$", folder) -%}
        {{ exceptions.raise_compiler_error(
            "KIRO_PARQUET_DIR is '" ~ folder ~ "'. Set it to the folder that "
            ~ "scripts/export_to_parquet.py wrote, as the cluster sees it: an absolute path or a "
            ~ "URI such as s3a://<bucket>/<prefix>."
        ) }}
    {%- endif -%}
    {{ return(folder.rstrip('/')) }}
{%- endmacro %}
