"""The documentation pages: their links, and statements that can be checked against the code."""

import json
import re

import pytest
import yaml
from projects import PUBLIC_TABLES, ROOT, target_folder

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob(".github/**/*.md")])
# Words and phrases that sound translated.
UNIDIOMATIC = re.compile(
    r"\b(anew|told|stands?(?! for)|of yours|lies?|beside|dearest|is the matter|to give back"
    r"|for ever|go(es)? on|seats held|whoever|below the|in all, |passe[sd] over|of nobody|dearer"
    r"|but for|to be had|time to come|is to come|whom nothing"
    r"|(?<!there )is no (number|date|report|bill|day))\b",
    re.IGNORECASE,
)


def prose(page) -> str:
    """A page's text without its code."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)


def anchors(page) -> set[str]:
    """A page's anchors."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    plain = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading) for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}


def table_rows(text: str) -> list[list[str]]:
    """The cells of all tables on a page, without their headers."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    heads = re.findall(r"^(\| .*)\n\|---", text, re.MULTILINE)
    return [row for row, line in zip(rows, lines, strict=True) if line not in heads]


def test_readme_is_short():
    assert len((ROOT / "README.md").read_text().split()) <= 1200


def test_dashboard_screenshot_is_small():
    assert (DOCS / "images/dashboard.png").stat().st_size < 300_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if re.match(r"https?://|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_have_no_unidiomatic_words(page):
    found = [line for line in prose(page).splitlines() if UNIDIOMATIC.search(line)]
    assert found == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_and_files_on_every_page_exist(page):
    text = page.read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"(?:`|^)make ([a-z][a-z-]+)", text, re.MULTILINE)
    assert set(named) - targets == set()
    files = re.findall(
        r"\b((?:scripts|tests|seeds|models|macros)/[\w/]+\.(?:py|csv|sql|yml))", text
    )
    # Recipes use made-up names for new files.
    assert [file for file in files if not (ROOT / file).exists() and "my_" not in file] == []


def test_every_environment_variable_is_documented():
    files = [ROOT / "profiles.yml", *ROOT.glob("macros/**/*.sql"), *ROOT.glob("scripts/**/*.py")]
    read = {
        name
        for file in files
        for name in re.findall(
            r"(?:env_var\('|environ(?:\.get)?[\[(]\"|KEY = \")((?:KIRO|DBT_ENV_SECRET)_\w+)",
            file.read_text(),
        )
    }
    assert {"KIRO_REPORTS_DIR", "DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY"} < read
    settings = (DOCS / "settings.md").read_text()
    assert {name for name in read if f"`{name}`" not in settings} == set()


def test_every_public_table_is_listed():
    listed = [row[0].strip("`") for row in table_rows((DOCS / "tables.md").read_text())]
    assert sorted(listed) == PUBLIC_TABLES


def test_every_decision_has_three_lines_and_is_in_the_index():
    index = (DOCS / "decisions/README.md").read_text()
    subjects = {path for path in (DOCS / "decisions").glob("*.md") if path.name != "README.md"}
    for path in subjects:
        for decision in re.split(r"^## ", path.read_text(), flags=re.MULTILINE)[1:]:
            title, _, text = decision.partition("\n")
            starts = [line.split(":")[0] for line in text.splitlines() if line]
            assert starts == ["- **What**", "- **Why**", "- **Instead of**"], title
            assert f"- [{title}]({path.name}#" in index, title
    linked = re.findall(r"^- \[(.*?)\]\(", index, re.MULTILINE)
    assert (
        len(linked) == len(set(linked)) == sum(path.read_text().count("\n## ") for path in subjects)
    )


# --- Descriptions ---------------------------------------------------------------------------


def described(entry) -> list[str]:
    """All descriptions in part of a YAML file."""
    if isinstance(entry, list):
        return [text for part in entry for text in described(part)]
    if not isinstance(entry, dict):
        return []
    own = [entry["description"]] if "description" in entry else []
    return own + [text for part in entry.values() for text in described(part)]


def test_descriptions_have_no_unidiomatic_words():
    files = [
        file
        for folder in ("models", "macros", "seeds", "analyses", "tests/generic")
        for file in (ROOT / folder).rglob("*.yml")
    ]
    texts = [text for file in files for text in described(yaml.safe_load(file.read_text()))]
    texts += [*DOC_BLOCKS.values(), (ROOT / "seeds/finding_advice.csv").read_text()]
    assert len(texts) > 1500
    assert [text for text in texts if UNIDIOMATIC.search(text)] == []


# --- The glossary ---------------------------------------------------------------------------

DOC_BLOCKS = dict(
    block
    for path in ROOT.glob("models/*.md")
    for block in re.findall(r"{% docs (\w+) %}(.*?){% enddocs %}", path.read_text(), re.DOTALL)
)


def descriptions() -> dict[str, str]:
    """Descriptions of tables, columns and shared doc blocks, by name."""
    texts = DOC_BLOCKS | {"overview": DOC_BLOCKS["__overview__"]}
    for path in ROOT.glob("models/marts/*/[a-z]*.yml"):
        for model in yaml.safe_load(path.read_text())["models"]:
            texts[model["name"]] = model["description"]
            for column in model["columns"]:
                texts[f"{model['name']}.{column['name']}"] = column["description"]
    return {
        name: re.sub(r"{{ doc\(['\"](\w+)['\"]\) }}", lambda block: DOC_BLOCKS[block[1]], text)
        for name, text in texts.items()
    }


def plain(text: str) -> str:
    return " ".join(text.replace("**", "").split()).lower()


def test_glossary_matches_the_tables():
    """The dashboard shows the same descriptions, which dbt stores as comments in the database."""
    said = descriptions()
    rows = table_rows((DOCS / "glossary.md").read_text())
    assert len(rows) > 50
    for term, definition, not_this, place in rows:
        assert not_this, term
        assert plain(definition) in plain(said[place.strip("`")]), term


def test_glossary_has_each_term_once():
    terms = [row[0] for row in table_rows((DOCS / "glossary.md").read_text())]
    assert len(terms) == len(set(terms))


# --- The architecture diagram ---------------------------------------------------------------


def layer(node: dict) -> str:
    """The layer of a dbt manifest node, as named in the diagram."""
    if node["resource_type"] != "model":
        return {"source": "files", "seed": "seeds"}[node["resource_type"]]
    return "base" if node["fqn"][-2] == "base" else node["fqn"][1]


def folder(node: dict) -> str:
    """The node's folder within its layer."""
    if node["resource_type"] != "model":
        return {"source": node.get("source_name"), "seed": "csv"}[node["resource_type"]]
    return node["fqn"][2] if len(node["fqn"]) > 3 else "loose"


def test_architecture_diagram_is_accurate(project):
    done = project.dbt_process("parse")
    assert done.returncode == 0, done.stdout
    manifest = json.loads((target_folder() / "manifest.json").read_text())
    nodes = manifest["nodes"] | manifest["sources"]
    nodes = {
        name: node
        for name, node in nodes.items()
        if node["resource_type"] in ("model", "seed", "source")
    }
    boxes = {f"{layer(node)}_{folder(node)}" for node in nodes.values()}
    boxes |= {f"outputs_{exposure['name']}" for exposure in manifest["exposures"].values()}
    arrows = {
        (layer(nodes[parent]), layer(node))
        for node in nodes.values()
        for parent in node.get("depends_on", {}).get("nodes", [])
    } | {
        (layer(nodes[parent]), "outputs")
        for exposure in manifest["exposures"].values()
        for parent in exposure["depends_on"]["nodes"]
    }
    [picture] = re.findall(
        r"```mermaid\n(.*?)```", (DOCS / "architecture.md").read_text(), re.DOTALL
    )
    drawn = re.findall(r"^ +(\w+)\[\".*<br>(.*)\"\]$", picture, re.MULTILINE)
    assert {f"{box}_{name}" for box, names in drawn for name in names.split(", ")} == boxes
    assert set(re.findall(r"(\w+) --> (\w+)", picture)) == {
        (start, end) for start, end in arrows if start != end
    }
