"""A client for analysts: whole results of a diembao server as pandas frames.

    from search_api.client import Client

    diembao = Client("http://127.0.0.1:8000")
    awards = diembao.awards(since="2024-01-01")

Every frame is whole or an error: the server closes each file with its number of rows, which is
compared. Moments are in Asia/Ho_Chi_Minh, so that their date is the local day. Needs pandas
(`pip install "diembao[client]"`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

import httpx
import pandas as pd
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from diembao.errors import BadInputError, DiembaoError, NotFoundError
from search_api.routes.articles import ArticleAnswer
from search_api.routes.entities import EntityAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from types import TracebackType

    from tenacity import RetryCallState

ZONE = "Asia/Ho_Chi_Minh"

ARTICLE_COLUMNS = (
    "id", "published_at", "newspaper", "source", "title", "lead", "kind", "is_award_article",
    "awards", "url", "version",
)  # fmt: skip
AWARD_COLUMNS = (
    "event_id", "date", "award", "level", "recipients", "conferrer", "for_model", "reports",
)  # fmt: skip
MODEL_COLUMNS = ("id", "name", "owner", "articles", "first_date", "last_date")

ATTEMPTS = 5
"""Times that a request is made while the server says that it is asked too often."""


class ServerError(DiembaoError):
    """The server does not answer, or not as it should."""


class _TooOftenError(ServerError):
    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Client:
    """One server. `token` is a user's or the administrator's; reading takes none."""

    def __init__(
        self, url: str = "http://127.0.0.1:8000", *, token: str | None = None, timeout: float = 60.0
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def articles(
        self,
        query: str = "",
        *,
        filter: Sequence[str] = (),
        exclude: Sequence[str] = (),
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> pd.DataFrame:
        """All articles that answer a query, newest first: a row each, columns ARTICLE_COLUMNS.

        `filter` and `exclude` are `FIELD:VALUE` as in the address of the search page. Raises
        BadInputError for a query that cannot be read, ServerError where the answer is not whole.
        """
        asked = {
            "q": query, "filter": list(filter), "exclude": list(exclude), "since": since,
            "until": until,
        }  # fmt: skip
        rows = (
            {
                **row,
                "title": row["title"]["text"],
                "lead": row["snippet"]["text"],
                "newspaper": row["source"]["title"],
                "source": row["source"]["name"],
            }
            for row in self._rows("/api/v1/search.ndjson", asked)
        )
        return _frame(rows, ARTICLE_COLUMNS, moments=("published_at",))

    def awards(
        self,
        words: str = "",
        *,
        level: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> pd.DataFrame:
        """The register of awards, latest first: an event a row, columns AWARD_COLUMNS."""
        asked = {"q": words, "level": level, "since": since, "until": until}
        frame = _frame(self._rows("/api/v1/awards.ndjson", asked), AWARD_COLUMNS)
        return frame.assign(date=pd.to_datetime(frame["date"]))

    def models(self, words: str = "") -> pd.DataFrame:
        """Models and exemplars, those in most articles first: columns MODEL_COLUMNS."""
        rows = self._rows("/api/v1/models.ndjson", {"q": words})
        return _frame(rows, MODEL_COLUMNS, moments=("first_date", "last_date"))

    def timeline(self, query: str = "", **asked: Any) -> pd.DataFrame:
        """Articles a stretch of local time, in order: columns since, until, label, articles.

        Takes what `articles` takes; days, weeks or months as suit the period.
        """
        answer = self._answer("/api/v1/search", {"q": query, "limit": 1, **asked})
        frame = pd.DataFrame(answer["timeline"], columns=["since", "until", "label", "articles"])
        return frame.assign(
            since=pd.to_datetime(frame["since"]), until=pd.to_datetime(frame["until"])
        )

    def article(self, number: int) -> ArticleAnswer:
        """An article with its mentions and records. Raises NotFoundError."""
        return ArticleAnswer.model_validate(self._answer(f"/api/v1/articles/{number}", {}))

    def entity(self, identifier: str) -> EntityAnswer:
        """A unit, person, model, award, movement or place. Raises NotFoundError."""
        return EntityAnswer.model_validate(self._answer(f"/api/v1/entities/{identifier}", {}))

    def _answer(self, path: str, asked: dict[str, Any]) -> Any:
        return json.loads("".join(self._lines(path, asked)))

    def _rows(self, path: str, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
        lines = self._lines(path, asked)
        rows = [json.loads(line) for line in lines]
        last = rows.pop() if rows else {}
        if last != {"rows": len(rows)}:
            raise ServerError(
                f"Máy chủ ngừng giữa chừng sau {len(rows)} dòng; hãy hỏi lại "
                f"(the answer broke off after {len(rows)} rows)."
            )
        yield from rows

    def _lines(self, path: str, asked: dict[str, Any]) -> list[str]:
        given = {name: value for name, value in asked.items() if value not in (None, "", [], ())}
        attempts = Retrying(
            retry=retry_if_exception_type(_TooOftenError),
            wait=_as_told,
            stop=stop_after_attempt(ATTEMPTS),
            reraise=True,
        )
        return attempts(self._asked, path, given)

    def _asked(self, path: str, given: dict[str, Any]) -> list[str]:
        try:
            with self._http.stream("GET", path, params=given) as answer:
                if answer.is_success:
                    return list(answer.iter_lines())
                answer.read()
                raise _fault(answer)
        except httpx.HTTPError as error:
            raise ServerError(
                f"{self._http.base_url} không trả lời: {error} (the server does not answer)."
            ) from error


def _as_told(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return error.seconds if isinstance(error, _TooOftenError) else 0.0


def _fault(answer: httpx.Response) -> DiembaoError:
    try:
        said = str(answer.json()["detail"])
    except (ValueError, KeyError):
        said = f"{answer.url}: HTTP {answer.status_code}"
    if answer.status_code == 429:
        return _TooOftenError(said, float(answer.headers.get("retry-after", 1)))
    kinds: dict[int, type[DiembaoError]] = {404: NotFoundError, 422: BadInputError}
    return kinds.get(answer.status_code, ServerError)(said)


def _frame(
    rows: Iterator[dict[str, Any]], columns: Sequence[str], *, moments: Sequence[str] = ()
) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(columns))
    local = {name: pd.to_datetime(frame[name], utc=True).dt.tz_convert(ZONE) for name in moments}
    return frame.assign(**local)
