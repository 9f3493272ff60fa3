"""Fixtures that several test files share; their parts are in `tests/support`."""

import gc

import pytest

# Fixtures of the loaders' tests.
from fault_proxy import proxy  # noqa: F401
from mirroring import mirror, s3, server  # noqa: F401
from projects import Project

# dbt keeps what it makes: collecting garbage less often saves a build 6 % of its time.
gc.set_threshold(50_000, 20, 20)


@pytest.fixture
def project(tmp_path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def module_project(tmp_path_factory) -> Project:
    return Project(tmp_path_factory.mktemp("module"))
