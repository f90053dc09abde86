"""The public edge: one ASGI middleware around the application. Who asks, may they, what every answer carries."""

from rookery.gateway.edge.edge import Edge

__all__ = ["Edge"]
