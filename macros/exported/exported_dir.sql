{% macro exported_dir() -%}
    {%- set folder = env_var('KIRO_PARQUET_DIR', '') -%}
    {%- if not modules.re.match("(/|[a-z0-9]+:/)[^']*$", folder) -%}
        {{ exceptions.raise_compiler_error(
            "KIRO_PARQUET_DIR is '" ~ folder ~ "'. Set it to the output folder of "
            ~ "scripts/export_to_parquet.py, as an absolute path or a URI that the cluster can "
            ~ "read, such as s3a://<bucket>/<prefix>."
        ) }}
    {%- endif -%}
    {{ return(folder.rstrip('/')) }}
{%- endmacro %}
