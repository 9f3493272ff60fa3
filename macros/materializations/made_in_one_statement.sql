{#-
    Makes the model's table or view, in place of the one that is there, in one statement and one
    transaction: if it fails, the earlier one stays.
-#}
{% macro made_in_one_statement(relation, create_sql) %}
    {%- set existing = load_cached_relation(relation) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        {%- if existing %}
            drop {{ existing.type }} if exists {{ relation }};
        {%- endif %}
        {{ create_sql }}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(relation, model) -%}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [relation]}) }}
{% endmacro %}
