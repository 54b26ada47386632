"""The tables, as SQLModel classes. Statements on them are Core; they are nowhere else declared.

Every instant is UTC and aware on the way in and on the way out. States are stored as their words,
so that a person with a database browser can read them.
"""

from __future__ import annotations

from gateway.db.columns import Table
from gateway.db.tables.archive import ARCHIVED, HOT, SHEAVES, Build, Sheaf, both, both_limited
from gateway.db.tables.carriers import Carriage, CarrierReceipt
from gateway.db.tables.commerce import (
    Campaign,
    CampaignMember,
    Click,
    Coupon,
    Decision,
    FlowRun,
    Link,
    Referral,
)
from gateway.db.tables.console import (
    AlarmRow,
    ApiToken,
    AuditEntry,
    Epoch,
    HeldJob,
    Invitation,
    LoopTest,
    RequestAnswer,
    Sample,
    User,
    UserSession,
)
from gateway.db.tables.lines import Line, LineDay, LineUse, Node, Note, PersonLine
from gateway.db.tables.persons import ConsentRow, Erasure, PersonRow, ScoreRow, TakenEvent
from gateway.db.tables.receiving import Inbound, InboundPart, Outgoing
from gateway.db.tables.sending import (
    Attempt,
    DeliveryCount,
    Job,
    JobCount,
    LaneRow,
    Part,
    Report,
    SpentJob,
)
from gateway.db.tables.shop import (
    Cart,
    ErasedCustomer,
    EventTally,
    Order,
    OrderLine,
    PersonWord,
    Product,
    ProductView,
    Shipment,
)

JOBS = Table.metadata.tables["jobs"]
PARTS = Table.metadata.tables["parts"]
ATTEMPTS = Table.metadata.tables["attempts"]
REPORTS = Table.metadata.tables["reports"]
INBOUND = Table.metadata.tables["inbound"]
INBOUND_PARTS = Table.metadata.tables["inbound_parts"]
OUTBOX = Table.metadata.tables["outbox"]
LINES = Table.metadata.tables["lines"]
LINE_DAYS = Table.metadata.tables["line_days"]
NOTES = Table.metadata.tables["notes"]
SCORES = Table.metadata.tables["scores"]
CONSENT_EVENTS = Table.metadata.tables["consent_events"]
PERSONS = Table.metadata.tables["persons"]
TAKEN_EVENTS = Table.metadata.tables["taken_events"]
ERASURES = Table.metadata.tables["erasures"]
SPENT_JOBS = Table.metadata.tables["spent_jobs"]
DELIVERY_COUNTS = Table.metadata.tables["delivery_counts"]
CARRIAGES = Table.metadata.tables["carriages"]
CARRIER_RECEIPTS = Table.metadata.tables["carrier_receipts"]
LANES = Table.metadata.tables["lanes"]
JOB_COUNTS = Table.metadata.tables["job_counts"]
LINE_USES = Table.metadata.tables["line_uses"]
PERSON_LINES = Table.metadata.tables["person_lines"]
NODES = Table.metadata.tables["nodes"]
PRODUCTS = Table.metadata.tables["products"]
ORDERS = Table.metadata.tables["orders"]
ORDER_LINES = Table.metadata.tables["order_lines"]
SHIPMENTS = Table.metadata.tables["shipments"]
CARTS = Table.metadata.tables["carts"]
PRODUCT_VIEWS = Table.metadata.tables["product_views"]
PERSON_WORDS = Table.metadata.tables["person_words"]
ERASED_CUSTOMERS = Table.metadata.tables["erased_customers"]
EVENT_TALLIES = Table.metadata.tables["event_tallies"]
FLOW_RUNS = Table.metadata.tables["flow_runs"]
CAMPAIGNS = Table.metadata.tables["campaigns"]
CAMPAIGN_MEMBERS = Table.metadata.tables["campaign_members"]
DECISIONS = Table.metadata.tables["decisions"]
LINKS = Table.metadata.tables["links"]
CLICKS = Table.metadata.tables["clicks"]
COUPONS = Table.metadata.tables["coupons"]
REFERRALS = Table.metadata.tables["referrals"]
ALARMS = Table.metadata.tables["alarms"]
API_TOKENS = Table.metadata.tables["api_tokens"]
AUDIT_ENTRIES = Table.metadata.tables["audit_entries"]
EPOCHS = Table.metadata.tables["epochs"]
HELD_JOBS = Table.metadata.tables["held_jobs"]
INVITATIONS = Table.metadata.tables["invitations"]
LOOP_TESTS = Table.metadata.tables["loop_tests"]
REQUEST_ANSWERS = Table.metadata.tables["request_answers"]
SAMPLES = Table.metadata.tables["samples"]
USERS = Table.metadata.tables["users"]
USER_SESSIONS = Table.metadata.tables["user_sessions"]

__all__ = [
    "ALARMS",
    "API_TOKENS",
    "ARCHIVED",
    "ATTEMPTS",
    "AUDIT_ENTRIES",
    "CAMPAIGNS",
    "CAMPAIGN_MEMBERS",
    "CARRIAGES",
    "CARRIER_RECEIPTS",
    "CARTS",
    "CLICKS",
    "CONSENT_EVENTS",
    "COUPONS",
    "DECISIONS",
    "DELIVERY_COUNTS",
    "EPOCHS",
    "ERASED_CUSTOMERS",
    "ERASURES",
    "EVENT_TALLIES",
    "FLOW_RUNS",
    "HELD_JOBS",
    "HOT",
    "INBOUND",
    "INBOUND_PARTS",
    "INVITATIONS",
    "JOBS",
    "JOB_COUNTS",
    "LANES",
    "LINES",
    "LINE_DAYS",
    "LINE_USES",
    "LINKS",
    "LOOP_TESTS",
    "NODES",
    "NOTES",
    "ORDERS",
    "ORDER_LINES",
    "OUTBOX",
    "PARTS",
    "PERSONS",
    "PERSON_LINES",
    "PERSON_WORDS",
    "PRODUCTS",
    "PRODUCT_VIEWS",
    "REFERRALS",
    "REPORTS",
    "REQUEST_ANSWERS",
    "SAMPLES",
    "SCORES",
    "SHEAVES",
    "SHIPMENTS",
    "SPENT_JOBS",
    "TAKEN_EVENTS",
    "USERS",
    "USER_SESSIONS",
    "AlarmRow",
    "ApiToken",
    "Attempt",
    "AuditEntry",
    "Build",
    "Campaign",
    "CampaignMember",
    "Carriage",
    "CarrierReceipt",
    "Cart",
    "Click",
    "ConsentRow",
    "Coupon",
    "Decision",
    "DeliveryCount",
    "Epoch",
    "ErasedCustomer",
    "Erasure",
    "EventTally",
    "FlowRun",
    "HeldJob",
    "Inbound",
    "InboundPart",
    "Invitation",
    "Job",
    "JobCount",
    "LaneRow",
    "Line",
    "LineDay",
    "LineUse",
    "Link",
    "LoopTest",
    "Node",
    "Note",
    "Order",
    "OrderLine",
    "Outgoing",
    "Part",
    "PersonLine",
    "PersonRow",
    "PersonWord",
    "Product",
    "ProductView",
    "Referral",
    "Report",
    "RequestAnswer",
    "Sample",
    "ScoreRow",
    "Sheaf",
    "Shipment",
    "SpentJob",
    "Table",
    "TakenEvent",
    "User",
    "UserSession",
    "both",
    "both_limited",
]
