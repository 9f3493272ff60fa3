{% macro advise_on_failures(results) %}
    {%- set messages = results | map(attribute='message') | select('string') | join(' ') -%}
    {%- set database = target.path | default('') -%}
    {%- set bill_folder = modules.re.escape(seats_dir() ~ '/bill/') -%}
    {%- set moved_seeds = '(match the pattern|Cannot access file) "[^"]*/seeds/' -%}
    {%- set seeds = [] -%}
    {%- for node in graph.get('nodes', {}).values() if node.resource_type == 'seed' -%}
        {%- do seeds.append(node.alias) -%}
    {%- endfor -%}
    {%- set advice = {
        'Table with name (' ~ seeds | join('|') ~ ') does not exist': (
            "The seeds (prices, plans and kinds of charges) are not loaded, because dbt run skips "
            ~ "them"
        ),
        '\\[Errno (27|28|122)\\]': (
            "dbt could not write its compiled files: free space on the disk of the folder "
            ~ flags.TARGET_PATH ~ ", or set DBT_TARGET_PATH to another folder"
        ),
        'Could not write|(?<!\\] )(No space left|File too large|Disk quota)|out-of-core': (
            "A file could not be written: free space on the disk of " ~ database ~ ", which "
            ~ "DuckDB also uses for temporary files, or set KIRO_DUCKDB_PATH to a file elsewhere"
        ),
        'Corrupt database file': (
            "The database " ~ database ~ " is damaged: move it and its .wal file away, and restore "
            ~ "both from a backup if you have one (docs/operating.md, Backup)"
        ),
        'Out of Memory': (
            "DuckDB needs more memory than its limit: raise KIRO_MEMORY_LIMIT to at most 60 % of "
            ~ "the machine's memory, or lower a var: load_batch_megabytes if it was reading report "
            ~ "files (base_...), make_batch_rows if it was aggregating days (int_...)"
        ),
        moved_seeds: (
            "The project's folder was moved, and dbt still looks for the seeds in the old folder: "
            ~ "run .venv/bin/dbt clean"
        ),
        'No files found that match(?! the pattern "[^"]*/seeds/)|No such file or directory|Could not read|unexpected end': (
            "A file vanished or changed while it was being read. Put files into "
            ~ reports_dir() ~ " with scripts/sync_reports.py or a tool that renames them into "
            ~ "place, and not during a build"
        ),
        bill_folder ~ '(?!.*(Permission denied|No such file))': (
            "The bill file mentioned above changed while it was being read. Copy files into "
            ~ seats_dir() ~ "/bill before a build, not during one"
        ),
        'Permission denied': (
            "A file cannot be read: give the user who runs dbt read access to everything in "
            ~ reports_dir() ~ " and " ~ seats_dir()
        ),
    } -%}
    {%- for pattern, what_to_do in advice.items()
        if execute and target.type == 'duckdb' and modules.re.search(pattern, messages) -%}
        {{ log(
            what_to_do ~ ". Then run .venv/bin/dbt build again: no table is half-written, and "
            ~ "tables that were not rebuilt are unchanged.",
            info=true
        ) }}
    {%- endfor -%}
{% endmacro %}
