"""Whatever a program sends, the API answers as its description says, and never with a fault of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

EXAMPLES = 12
"""Requests that each operation is sent."""


def test_every_operation_keeps_to_its_description(own_shelf: Shelf) -> None:
    # A query has a grammar and an identifier its bearer, which no schema can say: refusing is allowed.
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", own_shelf.app)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 20
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def check(case: Any) -> None:
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        check()
