"""The client of an Elasticsearch, and its faults in our words.

Requests are repeated on 429, 502, 503, 504 and on lost connections, not on those that took too long;
every write carries a version, so that none is done twice. The nodes are those of the URL, parted by
commas; none is looked for.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    Elasticsearch,
    NotFoundError,
    TransportError,
    UnsupportedProductError,
)
from elasticsearch.serializer import OrjsonSerializer

from diembao.errors import BadInputError, IndexUnavailableError
from search_api.index.generations import REINDEX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diembao.settings import Settings

RETRIES = 3
PASSING = (429, 502, 503, 504)
"""Answers after which the same request may well succeed."""

LOCKED = (
    "Elasticsearch đã khoá ghi chỉ mục ({cause}); thường là đĩa gần đầy: hãy giải phóng chỗ, rồi bỏ khoá "
    "index.blocks.read_only_allow_delete nếu nó không tự mất; bài vẫn được lưu và sẽ vào chỉ mục sau "
    "(the index is read-only, most often because the disk is nearly full)."
)


def connect(settings: Settings) -> Elasticsearch:
    """A client by the settings, which connects when first used. Raises BadInputError."""
    assert settings.index, "the caller has chosen Elasticsearch"
    options: dict[str, Any] = _credentials(settings)
    if settings.index_ca:
        if not settings.index_ca.is_file():
            raise BadInputError(
                f"Không có tệp chứng chỉ {settings.index_ca}; hãy sửa DIEMBAO_INDEX_CA (no such file)."
            )
        options["ca_certs"] = str(settings.index_ca)
    try:
        return Elasticsearch(
            [url.strip() for url in settings.index.split(",")],
            request_timeout=settings.index_timeout,
            max_retries=RETRIES,
            retry_on_status=PASSING,
            serializer=OrjsonSerializer(),
            **options,
        )
    except ValueError as error:
        raise BadInputError(
            f"DIEMBAO_INDEX không phải địa chỉ Elasticsearch, như https://may:9200: {error} "
            "(not the URL of an Elasticsearch)."
        ) from error


def _credentials(settings: Settings) -> dict[str, Any]:
    user, key, password = settings.index_user, settings.index_api_key, settings.index_password
    if key and (user or password):
        raise BadInputError(
            "Chỉ đặt một trong hai: DIEMBAO_INDEX_API_KEY, hoặc DIEMBAO_INDEX_USER với "
            "DIEMBAO_INDEX_PASSWORD (set either the API key or user and password)."
        )
    if key:
        return {"api_key": key.get_secret_value()}
    if user:
        return {"basic_auth": (user, password.get_secret_value() if password else "")}
    return {}


@contextmanager
def asking() -> Iterator[None]:
    """Faults of the client become IndexUnavailableError, or BadInputError where the query is at fault."""
    try:
        yield
    except UnsupportedProductError as error:
        raise IndexUnavailableError(
            f"Máy chủ ở DIEMBAO_INDEX không phải Elasticsearch ({error}) (not an Elasticsearch)."
        ) from error
    except TransportError as error:
        raise IndexUnavailableError(
            f"Không tới được Elasticsearch ({_first_line(error)}); hãy kiểm tra máy chủ, DIEMBAO_INDEX và "
            "chứng chỉ; bài vẫn được lưu và sẽ vào chỉ mục sau (Elasticsearch is out of reach)."
        ) from error
    except ApiError as error:
        raise _meant(error) from error


def _meant(error: ApiError) -> IndexUnavailableError | BadInputError:
    cause = _cause(error)
    if is_lock(cause):
        return IndexUnavailableError(LOCKED.format(cause=cause))
    if isinstance(error, AuthenticationException | AuthorizationException):
        return IndexUnavailableError(
            f"Elasticsearch từ chối: {cause}; hãy xem lại DIEMBAO_INDEX_API_KEY, hoặc DIEMBAO_INDEX_USER và "
            "DIEMBAO_INDEX_PASSWORD, và quyền của tài khoản (access denied)."
        )
    if isinstance(error, NotFoundError):
        return IndexUnavailableError(f"Chỉ mục trên Elasticsearch thiếu ({cause}); {REINDEX}.")
    if error.status_code in PASSING:
        return IndexUnavailableError(
            f"Elasticsearch đang quá tải hoặc chưa sẵn sàng ({cause}); sẽ thử lại (busy or not ready)."
        )
    if "too_many" in cause or "max_clause" in cause:
        return BadInputError(
            "Câu tìm quá rộng hoặc quá phức tạp; hãy rút gọn hoặc thu hẹp (the query is too complex)."
        )
    return IndexUnavailableError(f"Elasticsearch không làm được ({cause}) (request failed).")


def is_lock(cause: str) -> bool:
    """Whether a fault says that an index takes no writes, and not that a node has yet to begin."""
    return "blocked by" in cause and "SERVICE_UNAVAILABLE" not in cause


def _cause(error: ApiError) -> str:
    body = error.body
    inside = body.get("error") if isinstance(body, dict) else None
    if not isinstance(inside, dict):
        return f"{error.status_code} {str(body)[:300]}"
    causes = [inside, *inside.get("root_cause", ()), inside.get("caused_by") or {}]
    told = dict.fromkeys(f"{one.get('type')}: {one.get('reason')}" for one in causes if one)
    return "; ".join(told)[:600]


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:300] if str(error) else type(error).__name__
