"""What an assistant can and cannot do through the MCP server in `mcp.example.json`."""

import json
import re
import subprocess

import pytest
from awkward_organization import awkward_organization
from projects import PUBLIC_TABLES, ROOT, Project
from test_privacy import JANE, JANES_EMAIL, MAX, WITH_KEY, built, pseudonym, write_reports
from test_privacy_of_lists import NAMES, ZOE, write_lists
from test_published_copy import published

pytestmark = pytest.mark.long

QUESTIONS = re.findall(
    r"^(.*\?)\n\n```sql\n((?:.*\n)*?)```", (ROOT / "docs/ask.md").read_text(), re.MULTILINE
)


class Assistant:
    """An MCP client that starts the server as in the example and communicates over stdio."""

    def __init__(self, project: Project):
        [server] = json.loads((ROOT / "mcp.example.json").read_text())["mcpServers"].values()
        database = server["args"].index("--db-path") + 1
        server["args"][database] = str(published(project))
        self.process = subprocess.Popen(
            [server["command"], *server["args"]],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.sent = 0

    def __enter__(self) -> "Assistant":
        self.request(
            "initialize",
            protocolVersion="2025-06-18",
            capabilities={},
            clientInfo={"name": "test", "version": "1"},
        )
        self.send({"method": "notifications/initialized"})
        return self

    def __exit__(self, *error) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()

    def send(self, message: dict) -> None:
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0"} | message) + "\n")
        self.process.stdin.flush()

    def request(self, method: str, **parameters) -> dict:
        self.sent += 1
        self.send({"id": self.sent, "method": method, "params": parameters})
        for line in self.process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self.sent:
                return answer["result"]
        raise AssertionError(f"The server ended at {method}.")

    def call(self, tool: str, **arguments: str) -> dict:
        result = self.request("tools/call", name=tool, arguments=arguments)
        text = result["content"][0]["text"]
        assert not result.get("isError"), text
        return json.loads(text)

    def ask(self, sql: str) -> list[dict]:
        answer = self.call("execute_query", sql=sql)
        assert "truncated" not in answer
        return [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]

    def refusal(self, sql: str) -> str:
        result = self.request("tools/call", name="execute_query", arguments={"sql": sql})
        assert result.get("isError"), result
        return result["content"][0]["text"]


@pytest.fixture(scope="module")
def project(module_project) -> Project:
    awkward_organization().write(module_project.reports, module_project.seats)
    module_project.run()
    return module_project


@pytest.fixture(scope="module")
def assistant(project):
    with Assistant(project) as assistant:
        yield assistant


def test_assistant_gets_descriptions_of_every_table_and_column(assistant):
    tables = assistant.call("list_tables")["tables"]
    assert [table["name"] for table in tables] == PUBLIC_TABLES
    for table in tables:
        columns = assistant.call("list_columns", table=table["name"])["columns"]
        assert all(described["comment"] for described in [table, *columns]), table["name"]


def test_page_asks_five_questions():
    assert len(QUESTIONS) == 5


@pytest.mark.parametrize(("question", "sql"), QUESTIONS, ids=[asked for asked, _ in QUESTIONS])
def test_assistant_gets_the_same_answers_as_sql(assistant, project, question, sql):
    answer = assistant.ask(sql)
    assert answer
    assert answer == json.loads(json.dumps(project.records(sql), default=str))


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("delete from people", "read-only mode"),
        ("create table mine as select 1 as one", "read-only mode"),
        ("attach '{other}' as other", "disabled by configuration"),
        ("attach '{new}' as new", "disabled by configuration"),
        ("copy people to '{new}'", "disabled by configuration"),
        ("from read_text('{other}')", "disabled by configuration"),
        ("install httpfs", "disabled by configuration"),
        ("attach 'md:'", "disabled through configuration"),
        ("set enable_external_access = true", "Cannot enable external access"),
        ("set allowed_directories = ['/']", "Cannot change allowed_directories"),
    ],
)
def test_assistant_is_refused(assistant, project, tmp_path, sql, reason):
    before = published(project).read_bytes()
    new = tmp_path / "new"
    assert reason in assistant.refusal(sql.format(other=project.database, new=new))
    assert not new.exists()
    assert published(project).read_bytes() == before


def test_missing_copy_is_reported(tmp_path):
    project = Project(tmp_path)
    with Assistant(project) as assistant:
        refusal = assistant.refusal("from people")
    assert str(published(project)) in refusal
    assert "database does not exist" in refusal


def rows_naming(assistant: Assistant, *texts: str) -> dict[str, int]:
    """The number of rows per table in which an assistant finds any of the strings."""
    pattern = "|".join(re.escape(text.lower()) for text in texts)
    counts = {
        table["name"]: assistant.ask(
            f"select count(*) as n from {table['name']} as r"
            f" where regexp_matches(lower(cast(r as varchar)), '{pattern}')"
        )[0]["n"]
        for table in assistant.call("list_tables")["tables"]
    }
    return {table: count for table, count in counts.items() if count}


def test_assistant_finds_nothing_personal_in_pseudonym_mode(tmp_path):
    project = Project(tmp_path)
    write_reports(project)
    write_lists(project)
    personal = (*NAMES, JANES_EMAIL, JANE, MAX, ZOE, "@")
    built(project, "{personal_data: pseudonym}", **WITH_KEY)
    with Assistant(project) as assistant:
        assert "license_utilization" in rows_naming(assistant, pseudonym(JANE))
        assert rows_naming(assistant, *personal) == {}
