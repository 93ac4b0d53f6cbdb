"""The pages `/theo-doi` (subscriptions) and `/hop-thu` (inbox), made of what the API answers."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse

from diembao.archive import alerts as archived_alerts
from diembao.errors import BadInputError, IndexUnavailableError
from search_api.alerts import subscribing
from search_api.alerts.message import Message
from search_api.alerts.preview import DAYS, preview
from search_api.page.rendering import render
from search_api.routes import alerts, subscriptions
from search_api.routes.context import Context, Here
from search_api.routes.subscriptions import (
    ChannelAsked,
    Subject,
    SubscriptionAnswer,
    SubscriptionAsked,
    SubscriptionChange,
)

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]
SHOWN = 10
"""Messages that a preview prints; the others are counted."""

READY_MADE = (
    ("ready_events", "", "event"),
    ("ready_high", "level:state OR level:prime_minister", "event"),
    ("ready_unit", 'unit:"…"', "story"),
    ("ready_leader", 'person:"…"', "story"),
    ("ready_models", 'model:"dân vận khéo" AND province:ha-noi', "story"),
)
"""Wording, query, subject. An ellipsis stands for what the reader fills in."""


@router.get("/theo-doi")
def subscription_list(context: Here, request: Request) -> HTMLResponse:
    """All subscriptions."""
    return render(
        request,
        "alerts/subscriptions.html",
        subscriptions=subscriptions.list_all(context),
        dead=len(alerts.list_deliveries(context, "dead")),
    )


@router.get("/theo-doi/moi")
def subscription_form(
    context: Here, request: Request, q: str = "", subject: Subject = "event", name: str = ""
) -> HTMLResponse:
    """The form of a new one, with what it would have sent."""
    asked = SubscriptionAsked(name=name, query=q, subject=subject)
    return _form(context, request, asked, "", "")


@router.post("/theo-doi")
def subscription_made(
    context: Here,
    request: Request,
    name: Text = "",
    q: Text = "",
    subject: Annotated[Subject, Form()] = "event",
    webhook: Text = "",
    email: Text = "",
) -> HTMLResponse:
    """Save it and show its secrets, once."""
    asked = SubscriptionAsked(
        name=name, query=q, subject=subject, channels=_channels(webhook, email)
    )
    try:
        made = subscriptions.create(context, asked)
    except BadInputError as error:
        return _form(context, request, asked, webhook, email, str(error))
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
def subscription_page(context: Here, request: Request, subscription_id: int) -> HTMLResponse:
    """One subscription: its settings, channels and deliveries."""
    return _page(context, request, subscriptions.find(context, subscription_id))


@router.post("/theo-doi/{subscription_id}")
def subscription_changed(
    context: Here,
    request: Request,
    subscription_id: int,
    name: Text = "",
    q: Text = "",
    subject: Annotated[Subject, Form()] = "event",
    active: Annotated[bool, Form()] = False,
    keep: Annotated[list[str], Form()] = [],  # noqa: B006
    webhook: Text = "",
    email: Text = "",
) -> HTMLResponse:
    """Save changes, and show the secrets of channels that were added."""
    asked = SubscriptionChange(
        name=name,
        query=q,
        subject=subject,
        active=active,
        keep=keep,
        channels=_channels(webhook, email),
    )
    try:
        made = subscriptions.change(context, subscription_id, asked)
    except BadInputError as error:
        before = subscriptions.find(context, subscription_id)
        return _page(context, request, before, bad=str(error), status=422)
    if made.secrets:
        return _secrets(request, subscriptions.made_answer(made), 200)
    after = subscriptions.find(context, subscription_id)
    return _page(context, request, after, good="subscription_saved")


@router.post("/theo-doi/{subscription_id}/thu")
def trial(context: Here, request: Request, subscription_id: int, key: Text) -> HTMLResponse:
    """Send a test message."""
    tried = subscriptions.attempt(context, subscription_id, key)
    found = subscriptions.find(context, subscription_id)
    if tried.accepted:
        return _page(context, request, found, good="trial_sent")
    return _page(context, request, found, bad=tried.error, status=502)


@router.post("/theo-doi/{subscription_id}/nguon-tin")
def new_feed(context: Here, request: Request, subscription_id: int) -> HTMLResponse:
    """A new address for the feed."""
    url = subscribing.renew_feed(context.archive, context.settings, subscription_id)
    found = subscriptions.find(context, subscription_id)
    answer = subscriptions.MadeAnswer(subscription=found, feed_url=url, secrets={})
    return _secrets(request, answer, 200)


@router.post("/theo-doi/{subscription_id}/xoa")
def subscription_deleted(context: Here, subscription_id: int) -> RedirectResponse:
    """End a subscription."""
    with context.archive.write() as connection:
        archived_alerts.delete_subscription(connection, subscription_id, context.now())
    return RedirectResponse("/theo-doi", 303)


@router.get("/hop-thu")
def inbox(
    context: Here,
    request: Request,
    subscription: int | None = None,
    unread: bool = False,
    before: int | None = None,
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
def read_one(context: Here, alert_id: int) -> RedirectResponse:
    """Mark one read."""
    alerts.mark_read(context, alert_id)
    return RedirectResponse("/hop-thu", 303)


def _channels(webhook: str, email: str) -> list[ChannelAsked]:
    asked = []
    if webhook.strip():
        asked.append(ChannelAsked(kind="webhook", url=webhook))
    if email.strip():
        asked.append(ChannelAsked(kind="email", to=email))
    return asked


def _form(
    context: Context,
    request: Request,
    asked: SubscriptionAsked,
    webhook: str,
    email: str,
    bad: str | None = None,
) -> HTMLResponse:
    looked = (
        bad is None and "…" not in asked.query and bool(asked.query or asked.subject == "event")
    )
    try:
        messages = _previewed(context, asked) if looked else []
    except BadInputError as error:
        bad, looked, messages = str(error), False, []
    except IndexUnavailableError:
        looked, messages = False, []
    return render(
        request,
        "alerts/new.html",
        422 if bad else 200,
        asked=asked,
        webhook=webhook,
        email=email,
        bad=bad,
        ready_made=READY_MADE,
        looked=looked,
        messages=messages[:SHOWN],
        more=max(len(messages) - SHOWN, 0),
        total=len(messages),
        days=DAYS,
        mails=context.settings.smtp_host is not None,
    )


def _previewed(context: Context, asked: SubscriptionAsked) -> list[Message]:
    return preview(
        context.archive, context.index, context.settings, context.now(), asked.query, asked.subject
    )


def _page(
    context: Context,
    request: Request,
    found: SubscriptionAnswer,
    *,
    good: str | None = None,
    bad: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    return render(
        request,
        "alerts/subscription.html",
        status,
        found=found,
        deliveries=alerts.list_deliveries(context, None, found.id)[:20],
        good=good,
        bad=bad,
        mails=context.settings.smtp_host is not None,
    )


def _secrets(request: Request, made: subscriptions.MadeAnswer, status: int) -> HTMLResponse:
    page = render(request, "alerts/secrets.html", status, made=made)
    page.headers["Cache-Control"] = "no-store"
    return page
