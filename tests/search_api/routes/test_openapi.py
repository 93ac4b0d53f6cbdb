from __future__ import annotations

import re
from typing import TYPE_CHECKING

import jsonschema

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf


def test_every_operation_says_what_it_answers(shelf: Shelf) -> None:
    description = shelf.client().get("/api/v1/openapi.json").json()
    for path, methods in description["paths"].items():
        assert path == "/healthz" or path.startswith(("/api/v1/", "/feeds/")), path
        for method, operation in methods.items():
            name = f"{method} {path}"
            assert operation.get("description"), name
            takes = operation.get("parameters") or operation.get("requestBody")
            assert not takes or set(operation["responses"]) - {"200", "201", "202", "204"}, (
                f"{name}: no errors"
            )
            for answer in operation["responses"].values():
                schema = answer.get("content", {}).get("application/json", {}).get("schema", True)
                assert schema, f"{name}: an answer without a type"


def test_examples_are_valid_answers(shelf: Shelf) -> None:
    schemas = shelf.app.openapi()["components"]["schemas"]
    examples = {
        name: schema["examples"] for name, schema in schemas.items() if "examples" in schema
    }
    assert {"Card", "AwardAnswer", "Health", "ReadRequest"} <= set(examples)
    for name, given in examples.items():
        for example in given:
            whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
            jsonschema.validate(example, whole)


def test_the_page_about_the_api_lists_every_operation(shelf: Shelf) -> None:
    client = shelf.client()
    page = client.get("/api").text
    listed = set(re.findall(r"<code>(/[^<]+)</code>", page))
    assert listed == set(shelf.app.openapi()["paths"])


def test_health_counts_archive_and_index(shelf: Shelf) -> None:
    assert shelf.client().get("/healthz").json() == {"archived": 10, "indexed": 10}
