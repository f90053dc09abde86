"""The public edge: wires the services together, mounts their routes, serves the web app."""
