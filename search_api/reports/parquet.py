"""A table of any length as Parquet, in constant memory: typed columns, moments in UTC.

The number of rows stands in the file's metadata under `rows`, as in the other forms.
"""

from __future__ import annotations

import tempfile
from itertools import islice
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search_api.reports.tables import Column, Row

TYPES = {
    "text": pa.string(),
    "whole": pa.int64(),
    "real": pa.float64(),
    "day": pa.date32(),
    "moment": pa.timestamp("us", tz="UTC"),
}
"""How the kinds of columns are stored."""

GROUP = 10_000
"""Rows that are held and written at once."""


def parquet_file(columns: Sequence[Column], rows: Iterable[Row]) -> IO[bytes]:
    """The table as an open temporary file that is gone when it is closed."""
    schema = pa.schema([(column.name, TYPES[column.kind]) for column in columns])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the one who sends it
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        count, left = 0, iter(rows)
        while group := list(islice(left, GROUP)):
            count += len(group)
            cells = zip(*(row.cells for row in group), strict=True)
            arrays = [
                pa.array(values, kind) for values, kind in zip(cells, schema.types, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
        writer.add_key_value_metadata({"rows": str(count)})
    file.seek(0)
    return file
