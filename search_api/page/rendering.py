"""`render`: a template and its values become a page.

Every template has `t(key, **values)` (a wording of the catalogue in the reader's language),
`language`, `path`, `address(**changes)` (this page's address with other parameters), `here(name)`
(whether a menu entry is the present page), `signed_in` (the name of who is known to ask) and the
filters `day`, `moment`, `iso`, `number`, `province` and `marked`.
The language is the cookie `language`, which `?lang=vi` and `?lang=en` set.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from diembao.vietnamese.dates import local
from diembao.vietnamese.provinces import province_name
from search_api.page.marking import marked
from search_api.page.numerals import percent
from search_api.page.texts import word
from search_api.reports.press_review import roman

if TYPE_CHECKING:
    from starlette.requests import Request

    from search_api.page.texts import Language

FOLDER = Path(__file__).parent
LANGUAGE_COOKIE = "language"
YEAR = 365 * 24 * 3600


def moment(value: datetime) -> str:
    """`07:05 11/12/2024`, local time."""
    return local(value).strftime("%H:%M %d/%m/%Y")


def day(value: date | datetime) -> str:
    """`11/12/2024`, local."""
    on = local(value) if isinstance(value, datetime) else value
    return on.strftime("%d/%m/%Y")


def iso(value: date | datetime) -> str:
    """The machine's form for a `time` element."""
    on = local(value) if isinstance(value, datetime) else value
    return on.isoformat()


def number(value: int) -> str:
    """`12.345`, as Vietnamese print thousands."""
    return f"{value:,}".replace(",", ".")


def province(slug: str) -> str:
    """The printed name of a province, `Hà Nội`; a slug that is none stays as it is."""
    try:
        return province_name(slug)
    except KeyError:
        return slug


def sentence(name: str) -> str:
    """A name as the first word of a line."""
    return name[:1].upper() + name[1:]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "moment": moment,
        "day": day,
        "iso": iso,
        "number": number,
        "percent": percent,
        "sentence": sentence,
        "roman": roman,
        "marked": marked,
        "province": province,
    }
    return environment


_TEMPLATES = _environment()


def language_of(request: Request) -> Language:
    """The reader's language: the address first, then the cookie, else Vietnamese."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return "en" if chosen == "en" else "vi"


def address(request: Request, /, **changes: Any) -> str:
    """The present address with parameters replaced; None takes a parameter away."""
    kept = [
        (key, value)
        for key, value in request.query_params.multi_items()
        if key not in changes and key != "lang" and value
    ]
    for key, value in changes.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        kept += [(key, str(one)) for one in values if one is not None and one != ""]
    return f"{request.url.path}?{urlencode(kept)}" if kept else request.url.path


def render(request: Request, template: str, /, status: int = 200, **context: Any) -> HTMLResponse:
    """The page that a template (`search.html`, `alerts/inbox.html`) makes of its values."""
    language = language_of(request)
    path = request.url.path
    body = _TEMPLATES.get_template(template).render(
        t=partial(word, language),
        language=language,
        path=path,
        address=partial(address, request),
        here=lambda root: path == root if root == "/" else path.startswith(root),
        signed_in=getattr(getattr(request.state, "asker", None), "name", ""),
        **context,
    )
    response = HTMLResponse(body, status_code=status)
    if "lang" in request.query_params:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, samesite="lax", httponly=True)
    return response


def drawn(template: str, language: Language, /, **context: Any) -> Markup:
    """The picture that a template makes of its values."""
    page = _TEMPLATES.get_template(template)
    return Markup(page.render(t=partial(word, language), language=language, **context))


def translated(request: Request, key: str, **values: object) -> str:
    """A wording for code that has the request at hand."""
    return word(language_of(request), key, **values)
