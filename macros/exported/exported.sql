{% materialization exported, adapter='spark' %}
    {#- Not `partition_by`, because dbt-duckdb would warn about it on every build. -#}
    {%- set exported_by = model.config.meta.get('exported_by') -%}
    {%- set relation = this.incorporate(type='table') -%}
    {%- call statement('drop_table') -%}
        drop table if exists {{ relation }}
    {%- endcall -%}
    {%- call statement('main') -%}
        create table {{ relation }} (
            {%- for column in model.columns.values() if column.data_type %}
            {{ column.name }} {{ column.data_type }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
        using parquet
        {{ 'partitioned by (' ~ exported_by ~ ')' if exported_by }}
        location '{{ exported_dir() }}/{{ model.alias }}'
    {%- endcall -%}
    {%- if exported_by -%}
        {%- call statement('find_partitions') -%}
            msck repair table {{ relation }}
        {%- endcall -%}
    {%- endif -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}
