"""All routes of the users service."""

from rookery.users.accounts.routes import ROUTES as ACCOUNT_ROUTES
from rookery.users.graph.routes import ROUTES as GRAPH_ROUTES
from rookery.users.profiles.routes import ROUTES as PROFILE_ROUTES

ROUTES = [*ACCOUNT_ROUTES, *PROFILE_ROUTES, *GRAPH_ROUTES]
