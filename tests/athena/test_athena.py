"""Every model compiles for Athena, for the first and for later builds, to SQL that Trino parses.

Nothing is executed: moto stands in for AWS and has no query engine.
"""

import os
import shutil
import subprocess
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from projects import ROOT

ATHENA_BIN = ROOT / ".venv" / "athena" / "bin"
# Moto accepts any.
CREDENTIALS = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "none")
CREDENTIALS["AWS_DEFAULT_REGION"] = "us-east-1"


@pytest.fixture(scope="module")
def aws():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.mark.parametrize("is_later_build", [False, True])
def test_models_parse_as_trino(aws, tmp_path, is_later_build):
    if is_later_build:
        keep_tables(
            aws,
            *(
                path.stem
                for path in ROOT.glob("models/*/**/int_*.sql")
                if "incremental" in path.read_text()
            ),
        )
    compiled = compile_models(aws, tmp_path)
    done = parse_as_trino(compiled)
    assert done.returncode == 0, done.stdout
    assert " 0 refused" in done.stdout
    assert done.stdout.startswith(f"{len(list(compiled.rglob('*.sql')))} files")
    days = (compiled / "intermediate/activity/int_seat_days_aggregated.sql").read_text()
    assert ("except" in days) == is_later_build


def test_functions_unknown_to_trino_are_reported(tmp_path):
    (tmp_path / "model.sql").write_text("select a::date from b qualify row_number() = 1")
    done = parse_as_trino(tmp_path)
    assert done.returncode == 1
    assert "model.sql" in done.stdout


def keep_tables(aws: str, *names: str) -> None:
    """Make the data catalog report that models were built before."""
    glue = boto3.client(
        "glue",
        endpoint_url=aws,
        region_name="us-east-1",
        aws_access_key_id="none",
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )
    glue.create_database(DatabaseInput={"Name": "kiro"})
    for name in names:
        columns = {"Columns": [{"Name": "version", "Type": "string"}]}
        glue.create_table(
            DatabaseName="kiro",
            TableInput={
                "Name": name,
                "TableType": "EXTERNAL_TABLE",
                "StorageDescriptor": columns,
                "Parameters": {"table_type": "HIVE"},
            },
        )


def compile_models(aws: str, folder: Path) -> Path:
    """Compile the project and return the folder with the models above the base layer."""
    subprocess.run(
        [ATHENA_BIN / "dbt", "--quiet", "compile", "--target", "athena"],
        cwd=ROOT,
        env=os.environ
        | CREDENTIALS
        | {
            "AWS_ENDPOINT_URL": aws,
            "DBT_TARGET_PATH": str(folder),
            "DBT_LOG_PATH": str(folder),
        },
        check=True,
        capture_output=True,
    )
    models = folder / "compiled" / "kiro_usage_analytics" / "models"
    for base in models.glob("staging/*/base"):
        shutil.rmtree(base)
    return models


def parse_as_trino(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [ATHENA_BIN / "python", Path(__file__).parent / "parse_as_trino.py", folder],
        capture_output=True,
        text=True,
        check=False,
    )
