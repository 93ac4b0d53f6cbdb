"""Everything that lies on the archive is tested on both databases."""

from tests.servers.fixtures import either_archive_url as archive_url  # noqa: F401
