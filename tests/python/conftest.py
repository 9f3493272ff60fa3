"""Fixtures shared by several test files; their helpers are in `tests/support`."""

import gc

import pytest

# Fixtures for the loaders' tests.
from fault_proxy import proxy  # noqa: F401
from mirroring import mirror, s3, server  # noqa: F401
from projects import Project

# dbt keeps most objects it creates, so collecting garbage less often makes builds 6 % faster.
gc.set_threshold(50_000, 20, 20)


@pytest.fixture
def project(tmp_path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def module_project(tmp_path_factory) -> Project:
    return Project(tmp_path_factory.mktemp("module"))
