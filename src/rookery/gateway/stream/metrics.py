"""What `/v1/stream` counts."""

from prometheus_client import Counter, Gauge

from rookery.kit.metrics import REGISTRY

CONNECTIONS = Gauge("rookery_stream_connections", "Open connections of /v1/stream.", registry=REGISTRY)
EVENTS_SENT = Counter("rookery_stream_events_sent", "Events sent to clients.", ["channel"], registry=REGISTRY)
GAPS_SENT = Counter("rookery_stream_gaps_sent", "Clients told to reload.", registry=REGISTRY)
CLOSED = Counter("rookery_stream_closed", "Connections closed by the server.", ["code"], registry=REGISTRY)
EVENTS_READ = Counter("rookery_stream_events_read", "Events read from the live log.", registry=REGISTRY)
HOLES = Counter("rookery_stream_holes", "Times that the live log had lost events.", registry=REGISTRY)
