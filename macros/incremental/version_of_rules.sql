{% macro version_of_rules() -%}
    {#- These do not affect any day's numbers, or changes to them are handled separately. -#}
    {%- set other_vars = [
        'as_of_date', 'reload_reports', 'maximum_file_megabytes', 'load_batch_megabytes',
        'make_batch_rows', 'personal_data',
    ] -%}
    {%- set nodes = graph.get('nodes', {}) -%}
    {%- set versioned = ['int_report_days_versioned', 'int_report_months_versioned'] -%}
    {%- set node_ids = [] -%}
    {%- set macro_ids = [] -%}
    {%- set parts = [] -%}
    {%- set texts = [] -%}

    {%- for node in nodes.values() if node.resource_type == 'model' -%}
        {%- if node.depends_on.nodes | map('replace', 'model.' ~ project_name ~ '.', '')
            | select('in', versioned) | list -%}
            {%- do node_ids.append(node.unique_id) -%}
        {%- endif -%}
    {%- endfor -%}
    {#- Both lists grow during the loop. -#}
    {%- for node_id in node_ids if node_id in nodes -%}
        {%- set node = nodes[node_id] -%}
        {%- do parts.append(node_id ~ ':' ~ node.checksum.checksum) -%}
        {%- do texts.append(node.raw_code) -%}
        {%- for parent in node.depends_on.get('nodes', []) if parent not in node_ids -%}
            {%- do node_ids.append(parent) -%}
        {%- endfor -%}
        {%- for macro_id in node.depends_on.macros if macro_id not in macro_ids -%}
            {%- do macro_ids.append(macro_id) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for macro_id in macro_ids if macro_id.startswith('macro.' ~ project_name ~ '.') -%}
        {%- set macro = context[project_name][macro_id.split('.')[2]].macro -%}
        {%- do parts.append(macro_id ~ ':' ~ local_md5(macro.macro_sql)) -%}
        {%- do texts.append(macro.macro_sql) -%}
        {%- for called in macro.depends_on.macros if called not in macro_ids -%}
            {%- do macro_ids.append(called) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for name in modules.re.findall("(?:var|setting)\\(['\"](\\w+)", texts | join) | unique
        if name not in other_vars -%}
        {%- do parts.append('var.' ~ name ~ ':' ~ var(name)) -%}
    {%- endfor -%}
    {{ return(local_md5(parts | sort | join(','))) }}
{%- endmacro %}
