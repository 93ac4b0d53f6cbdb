"""The archive's tables. Migrations live in `migrations/`; a test compares the two.

All times are aware UTC datetimes (`Time`). JSON columns hold the JSON of the pydantic types.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from diembao.archive.editing_schema import corrections as corrections
from diembao.archive.editing_schema import decision_clusters as decision_clusters
from diembao.archive.editing_schema import decision_senses as decision_senses
from diembao.archive.editing_schema import decisions as decisions
from diembao.archive.editing_schema import record_parts as record_parts
from diembao.archive.metadata import Time as Time
from diembao.archive.metadata import metadata as metadata
from diembao.archive.office_schema import dossier_articles as dossier_articles
from diembao.archive.office_schema import dossiers as dossiers
from diembao.archive.office_schema import notes as notes
from diembao.archive.office_schema import own_tags as own_tags
from diembao.archive.office_schema import past_searches as past_searches
from diembao.archive.office_schema import sessions as sessions
from diembao.archive.office_schema import users as users

# --- crawl ---------------------------------------------------------------------------------------

sources = Table(
    "sources",
    metadata,
    Column("name", String, primary_key=True),
    Column("source", JSON, nullable=False),  # diembao.source.Source
    Column("last_crawl_at", Time),
    Column("last_article_at", Time),
    Column("next_crawl_at", Time),
    Column("failures", Integer, nullable=False, default=0),
    Column("last_error", Text),
    Column("leased_by", String),
    Column("leased_until", Time),
    Column("last_success_at", Time),
)

gaps = Table(  # times in which a newspaper was not collected, once they are over
    "gaps",
    metadata,
    Column("source", String, ForeignKey("sources.name"), primary_key=True),
    Column("began_at", Time, primary_key=True),
    Column("ended_at", Time, nullable=False),
)

layouts = Table(  # how readings of a newspaper's pages go; a layout that broke is in quarantine
    "layouts",
    metadata,
    Column("source", String, primary_key=True),
    Column("layout", String, primary_key=True),  # its last day; empty for the present one
    Column("usual", JSON, nullable=False),  # diembao.archive.layouts.Usual
    Column("recent", JSON, nullable=False),  # the last readings, oldest first
    Column("quarantined_at", Time),
    Column("fault", Text),  # what broke, and the selector that died
)

crawl_urls = Table(  # what the crawler knows of each address it has asked for or means to
    "crawl_urls",
    metadata,
    Column("url", String, primary_key=True),
    Column("source", String, nullable=False, index=True),
    Column("kind", String, nullable=False),  # feed, sitemap, listing, article
    Column("etag", String),
    Column("last_modified", String),
    Column("status", Integer),
    Column("fetched_at", Time),
    Column("next_visit_at", Time, index=True),
    Column("discovered_at", Time, nullable=False),
    Column("dated", Time),  # the date that a feed or sitemap gives for it
    Column("failures", Integer, nullable=False, default=0),
    Column(
        "cause", Text, index=True
    ),  # of the last visit if it failed: the same for all of its kind
    Column("last_error", Text),
    Column("article_id", Integer, ForeignKey("articles.id")),
    Column("walked_to", Time),  # how far back a walk through the archive has read this entry page
    Column("page_id", Integer),  # the page kept of it while no article was made of it
)

pages = Table(  # raw pages, zlib-compressed
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", String, nullable=False, index=True),
    Column("fetched_at", Time, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# --- articles ------------------------------------------------------------------------------------

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("canonical_url", String, nullable=False, unique=True),
    Column("source", String, ForeignKey("sources.name"), nullable=False, index=True),
    Column("version", Integer, nullable=False),  # the current one, from 1
    Column("title", Text, nullable=False),
    Column("date", Time, nullable=False, index=True),  # published, or else fetched first
    Column("first_seen_at", Time, nullable=False),
    Column("story_id", Integer, index=True),
    Column("withdrawn_at", Time),
)

audit = Table(  # what people changed, kept for good
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Time, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("reason", Text, nullable=False),
)

withdrawn_names = Table(  # names of people that are shown nowhere
    "withdrawn_names",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("at", Time, nullable=False),
    Column("restored_at", Time),
)

versions = Table(
    "versions",
    metadata,
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("article", JSON, nullable=False),  # diembao.article.Article
    Column("digest", String, nullable=False),
    Column("page_id", Integer, ForeignKey("pages.id")),
    Column("fetched_at", Time, nullable=False),
)

extractions = Table(
    "extractions",
    metadata,
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column(
        "extraction", JSON, nullable=False
    ),  # Extraction, mentions with the extractor's own keys
    Column("extractor", String, nullable=False),
    Column("is_award_article", Boolean, nullable=False),
    Column("award_score", Float, nullable=False),
    Column("extracted_at", Time, nullable=False),
    # what the extractor gave, where editors' corrections make `extraction` say something else
    Column("uncorrected", JSON(none_as_null=True)),
)

# --- entities, stories, events: of the current version of each article -----------------------------

entities = Table(
    "entities",
    metadata,
    Column("id", String, primary_key=True),
    Column("label", String, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("words", Text, nullable=False),  # name and aliases, folded
    Column("province", String),
)

senses = Table(  # a name with what one article tells of its bearer; several may be one entity
    "senses",
    metadata,
    Column("id", String, primary_key=True),
    Column("label", String, nullable=False),
    Column("key", Text, nullable=False),  # the form in which spellings of one name are equal
    Column("bearer", JSON, nullable=False),  # what the article tells of it: diembao.entities.senses
    Column("split", String),  # the editors' decision by which it is somebody else
    Column("entity_id", String, ForeignKey("entities.id"), nullable=False, index=True),
    Index("ix_senses_key", "key"),
)

sense_forms = Table(  # how a sense is written, and in how many articles
    "sense_forms",
    metadata,
    Column("sense_id", String, ForeignKey("senses.id"), primary_key=True),
    Column("form", Text, primary_key=True),
    Column("articles", Integer, nullable=False),
)

mentions = Table(
    "mentions",
    metadata,
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, nullable=False),
    Column("label", String, nullable=False),
    Column("form", Text, nullable=False),  # the mention as printed
    Column("sense_id", String, ForeignKey("senses.id"), index=True),
    Column("entity_id", String, ForeignKey("entities.id"), index=True),
)

stories = Table(  # alerts remember ids of stories and events, so none is ever given twice
    "stories",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("created_at", Time, nullable=False),
    sqlite_autoincrement=True,
)

signatures = Table(  # MinHash of an article's text, and its bands for look-up
    "signatures",
    metadata,
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True),
    Column("minhash", LargeBinary, nullable=False),
)

signature_bands = Table(
    "signature_bands",
    metadata,
    Column("band", BigInteger, primary_key=True),
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True, index=True),
)

award_events = Table(
    "award_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("award_key", Text, nullable=False),
    Column("level", String, index=True),
    Column("date", Time, nullable=False, index=True),  # of the conferment, or of the first report
    Column("words", Text, nullable=False),  # folded: award, recipients, conferrer, model
    Column("created_at", Time, nullable=False),
    sqlite_autoincrement=True,
)

conferments = Table(
    "conferments",
    metadata,
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),  # its place in Extraction.awards
    Column("event_id", Integer, ForeignKey("award_events.id"), index=True),
    Column("conferment", JSON, nullable=False),  # diembao.records.Conferment
    Column("facts", JSON, nullable=False),  # diembao.archive.conferring.Facts
    Column("date", Time, nullable=False),
)

conferment_keys = Table(  # award kind + recipient: conferments that may be the same share one
    "conferment_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True, index=True),
    Column("ordinal", Integer, primary_key=True),
)

# --- jobs: the outbox between archive and index, and all work that waits ---------------------------

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # extract, index, read, add_source
    Column("key", String, nullable=False),  # what it is about; one waiting job of a kind and key
    Column("payload", JSON, nullable=False),
    Column("serial", Integer, nullable=False),  # times it was added: a worker ends what it leased
    Column("created_at", Time, nullable=False),
    Column("run_at", Time, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("leased_by", String),
    Column("leased_until", Time),
    Column("failed_at", Time),  # set aside with its cause; never tried again by itself
    Column("error", Text),
    UniqueConstraint("kind", "key"),
    Index("ix_jobs_due", "kind", "run_at"),
    sqlite_autoincrement=True,
)

# --- alerts ----------------------------------------------------------------------------------------

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("subject", String, nullable=False),  # what it tells once: search_api.alerts.subjects
    Column("channels", JSON, nullable=False),  # [{"key", "kind": "webhook", "url", "secret"}]
    Column("feed_token", String, nullable=False, unique=True),  # SHA-256 of the one given out
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", Time, nullable=False),
    Column("deleted_at", Time),  # its alerts stay in the inbox
    Column("schedule", JSON, nullable=False, server_default="{}"),  # search_api.alerts.schedule
    Column("trend", JSON),  # numbers of a trend condition: search_api.alerts.trends
    Column("evaluated_on", Date),  # the last local day on which its trend was looked at
    Column("filters", JSON(none_as_null=True)),  # ["unit:…", "-source:…"]: search_api.alerts.asking
)

judged_versions = Table(  # the latest version of an article that alerts were decided on
    "judged_versions",
    metadata,
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True),
    Column("version", Integer, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription_id", Integer, ForeignKey("subscriptions.id"), nullable=False),
    Column("subject", String, nullable=False),  # "event:12", "story:7", "digest:57-0"
    Column("revision", Integer, nullable=False),  # of the facts told, from 1
    Column("facts", String, nullable=False),  # digest of the facts told
    Column("article_id", Integer, ForeignKey("articles.id"), nullable=False),
    Column("message", JSON, nullable=False),
    Column("created_at", Time, nullable=False, index=True),
    Column("read_at", Time),
    UniqueConstraint("subscription_id", "subject", "revision"),
    Index("ix_alerts_reported", "subscription_id", "article_id"),
    sqlite_autoincrement=True,
)

digest_items = Table(  # what a digest is to tell, or has told
    "digest_items",
    metadata,
    Column("alert_id", Integer, ForeignKey("alerts.id"), primary_key=True),
    Column("reprint_id", Integer, primary_key=True),  # the article that tells it too; 0: the alert
    Column("subscription_id", Integer, ForeignKey("subscriptions.id"), nullable=False),
    Column("printed", JSON),  # the reprint: search_api.alerts.message.Printed
    Column("due_at", Time, nullable=False),
    Column("digest_id", Integer, ForeignKey("alerts.id")),  # the digest that tells it
    Index("ix_digest_items_due", "digest_id", "due_at"),
)

tokens = Table(  # of receivers that give a new one for the old: Zalo
    "tokens",
    metadata,
    Column("name", String, primary_key=True),
    Column("given", String, nullable=False),  # SHA-256 of the setting that the chain began with
    Column("access", Text),
    Column("refresh", Text, nullable=False),
    Column("expires_at", Time),
    Column("leased_until", Time),
)

endpoints = Table(  # where deliveries go: it rests after a failure, and stops for good after a 410
    "endpoints",
    metadata,
    Column("endpoint", String, primary_key=True),  # "webhook:https://...", "email:..."
    Column("failures", Integer, nullable=False),  # in a row
    Column("rests_until", Time),
    Column("stopped_at", Time),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String, primary_key=True),  # uuid; the idempotency key, the same on every retry
    Column("alert_id", Integer, ForeignKey("alerts.id"), nullable=False, index=True),
    Column("channel", JSON, nullable=False),  # without its secret
    Column("endpoint", String, nullable=False),
    Column("state", String, nullable=False),  # pending, sent, dead
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt_at", Time, nullable=False),
    Column("leased_until", Time),
    Column("sent_at", Time),
    Column("last_error", Text),
    Index("ix_deliveries_due", "state", "endpoint", "alert_id"),
)
