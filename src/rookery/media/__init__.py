"""The media service: what posts show beside their words."""
