"""The pages `/theo-doi` (subscriptions) and `/hop-thu` (inbox), made of what the API answers."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse

from diembao.archive import alerts as archived_alerts
from diembao.archive import sources
from diembao.errors import BadInputError, IndexUnavailableError
from diembao.vietnamese.provinces import present_provinces
from search_api.alerts import ready_made, subscribing
from search_api.alerts.asking import FILTERS, field_of
from search_api.alerts.channels import CHANNELS
from search_api.alerts.preview import DAYS
from search_api.alerts.rules import OF_RECORDS
from search_api.page.rendering import language_of, render, translated
from search_api.routes import alerts, subscriptions
from search_api.routes.alert_forms import SubscriptionForm, filled
from search_api.routes.context import LARGEST_ID, Context, Here, RowId
from search_api.routes.following import filter_names
from search_api.routes.subscriptions import Subject, SubscriptionAnswer

if TYPE_CHECKING:
    from search_api.alerts.message import Message

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]
Filters = Annotated[list[str], Query(default_factory=list, description="FIELD:VALUE.")]
SHOWN = 10
"""Messages that a preview prints; the others are counted."""


@router.get("/theo-doi")
def subscription_list(context: Here, request: Request) -> HTMLResponse:
    """All subscriptions."""
    return render(
        request,
        "alerts/subscriptions.html",
        subscriptions=(found := subscriptions.list_all(context)),
        filters=_filter_names(context, request, *found),
        dead=len(alerts.list_deliveries(context, "dead")),
    )


@router.get("/theo-doi/moi")
def subscription_form(
    context: Here,
    request: Request,
    filter: Filters,
    exclude: Filters,
    q: str = "",
    subject: Subject = "event",
    name: str = "",
    dated: Annotated[bool, Query(description="A period was left behind.")] = False,
    ready: Annotated[str, Query(description="Key of a ready-made one.")] = "",
    fill: Annotated[str, Query(description="What is filled into it.")] = "",
) -> HTMLResponse:
    """The form of a new one, as it was asked for or ready-made, with what it would have sent."""
    form = SubscriptionForm(name=name, q=q, filter=filter, exclude=exclude, subject=subject)
    if made := ready_made.find(ready):
        title = translated(request, f"ready_{ready}")
        named = f"{title}: {fill.strip()}" if fill.strip() else title
        form = SubscriptionForm(name=named, q=made.query(fill), subject=made.subject)
    return _form(context, request, form, dated=dated)


@router.post("/theo-doi/moi")
def subscription_previewed(
    context: Here, request: Request, form: Annotated[SubscriptionForm, Form()]
) -> HTMLResponse:
    """The form as it was filled in, with what it would have sent."""
    return _form(context, request, form)


@router.post("/theo-doi")
def subscription_made(
    context: Here, request: Request, form: Annotated[SubscriptionForm, Form()]
) -> HTMLResponse:
    """Save it and show its secrets, once."""
    try:
        made = subscriptions.create(context, form.asked())
    except BadInputError as error:
        return _form(context, request, form, str(error))
    return _secrets(request, subscriptions.made_answer(made), 201)


@router.get("/theo-doi/luot-gui")
def delivery_list(context: Here, request: Request, state: str = "dead") -> HTMLResponse:
    """Deliveries, the dead letters first of all."""
    chosen = state if state in {"pending", "sent", "dead"} else None
    return render(
        request,
        "alerts/deliveries.html",
        deliveries=alerts.list_deliveries(context, chosen),
        state=chosen,
    )


@router.post("/theo-doi/luot-gui/{delivery_id}/gui-lai")
def delivery_again(context: Here, delivery_id: str) -> RedirectResponse:
    """Send a dead letter again."""
    alerts.send_again(context, delivery_id)
    return RedirectResponse("/theo-doi/luot-gui", 303)


@router.get("/theo-doi/{subscription_id}")
def subscription_page(context: Here, request: Request, subscription_id: RowId) -> HTMLResponse:
    """One subscription: its settings, channels and deliveries."""
    return _page(context, request, subscriptions.find(context, subscription_id))


@router.post("/theo-doi/{subscription_id}")
def subscription_changed(
    context: Here,
    request: Request,
    subscription_id: int,
    form: Annotated[SubscriptionForm, Form()],
) -> HTMLResponse:
    """Save changes, and show the secrets of channels that were added."""
    try:
        made = subscriptions.change(context, subscription_id, form.change())
    except BadInputError as error:
        before = subscriptions.find(context, subscription_id)
        return _page(context, request, before, form=form, bad=str(error), status=422)
    if made.secrets:
        return _secrets(request, subscriptions.made_answer(made), 200)
    after = subscriptions.find(context, subscription_id)
    return _page(context, request, after, good="subscription_saved")


@router.post("/theo-doi/{subscription_id}/thu")
def trial(context: Here, request: Request, subscription_id: RowId, key: Text) -> HTMLResponse:
    """Send a test message."""
    tried = subscriptions.attempt(context, subscription_id, key)
    found = subscriptions.find(context, subscription_id)
    if tried.accepted:
        return _page(context, request, found, good="trial_sent")
    return _page(context, request, found, bad=tried.error, status=502)


@router.post("/theo-doi/{subscription_id}/nguon-tin")
def new_feed(context: Here, request: Request, subscription_id: RowId) -> HTMLResponse:
    """A new address for the feed."""
    url = subscribing.renew_feed(context.archive, context.settings, subscription_id)
    found = subscriptions.find(context, subscription_id)
    answer = subscriptions.MadeAnswer(subscription=found, feed_url=url, secrets={})
    return _secrets(request, answer, 200)


@router.post("/theo-doi/{subscription_id}/xoa")
def subscription_deleted(context: Here, subscription_id: RowId) -> RedirectResponse:
    """End a subscription."""
    with context.archive.write() as connection:
        archived_alerts.delete_subscription(connection, subscription_id, context.now())
    return RedirectResponse("/theo-doi", 303)


@router.get("/hop-thu")
def inbox(
    context: Here,
    request: Request,
    subscription: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
    unread: bool = False,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
) -> HTMLResponse:
    """The inbox."""
    names = {one.id: one.name for one in subscriptions.list_all(context)}
    return render(
        request,
        "alerts/inbox.html",
        inbox=alerts.inbox(context, subscription, unread, before),
        names=names,
        chosen=subscription,
        unread_only=unread,
    )


@router.post("/hop-thu/doc")
def read_up_to(context: Here, up_to: Annotated[int | None, Form()] = None) -> RedirectResponse:
    """Mark all that was shown, and older, read."""
    alerts.mark_read(context, up_to=up_to)
    return RedirectResponse("/hop-thu", 303)


@router.post("/hop-thu/{alert_id}/doc")
def read_one(context: Here, alert_id: RowId) -> RedirectResponse:
    """Mark one read."""
    alerts.mark_read(context, alert_id)
    return RedirectResponse("/hop-thu", 303)


def _form(
    context: Context,
    request: Request,
    form: SubscriptionForm,
    bad: str | None = None,
    *,
    dated: bool = False,
) -> HTMLResponse:
    asked = form.search()
    looked = bad is None and (not asked.is_everything or form.subject in OF_RECORDS)
    messages: list[Message] = []
    if looked:
        try:
            messages = subscriptions.previewed_messages(context, asked, form.subject, form.trend())
        except BadInputError as error:
            bad, looked = str(error), False
        except IndexUnavailableError:
            looked = False
    with context.archive.read() as connection:
        newspapers = [one.source for one in sources.health(connection)]
    return render(
        request,
        "alerts/new.html",
        422 if bad else 200,
        form=form,
        filters=_filter_names(context, request, form),
        dated=dated,
        bad=bad,
        ready_made=ready_made.READY_MADE,
        provinces=present_provinces(),
        newspapers=newspapers,
        looked=looked,
        messages=messages[:SHOWN],
        more=max(len(messages) - SHOWN, 0),
        total=len(messages),
        days=DAYS,
        kinds=_kinds(context),
    )


def _filter_names(
    context: Context, request: Request, *asking: SubscriptionForm | SubscriptionAnswer
) -> dict[str, str]:
    """All filters of these, as they are printed; those that are none are left out."""
    filters = {pair for one in asking for pair in (*one.filter, *one.exclude)}
    known = [pair for pair in filters if field_of(pair) in FILTERS]
    with context.archive.read() as connection:
        return filter_names(connection, known, language_of(request))


def _kinds(context: Context) -> list[str]:
    return [kind for kind, channel in CHANNELS.items() if channel.is_open(context.settings)]


def _page(
    context: Context,
    request: Request,
    found: SubscriptionAnswer,
    *,
    form: SubscriptionForm | None = None,
    good: str | None = None,
    bad: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    return render(
        request,
        "alerts/subscription.html",
        status,
        found=found,
        form=form or filled(found),
        filters=_filter_names(context, request, form or filled(found)),
        deliveries=alerts.list_deliveries(context, None, found.id)[:20],
        good=good,
        bad=bad,
        kinds=_kinds(context),
    )


def _secrets(request: Request, made: subscriptions.MadeAnswer, status: int) -> HTMLResponse:
    page = render(request, "alerts/secrets.html", status, made=made)
    page.headers["Cache-Control"] = "no-store"
    return page
