{#-
    Replaces the model's table or view in one statement and one transaction. If that fails, the
    existing one stays.
-#}
{% macro made_in_one_statement(relation) %}
    {%- set existing = load_cached_relation(relation) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        {%- if existing %}
            drop {{ existing.type }} if exists {{ relation }};
        {%- endif %}
        {%- if relation.is_view %}
            {{ get_create_view_as_sql(relation, compiled_code) }}
        {%- else %}
            {{ create_table_as(False, relation, compiled_code) }}
        {%- endif %}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(relation, model) -%}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [relation]}) }}
{% endmacro %}
