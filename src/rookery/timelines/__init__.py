"""Home timelines: the view over what a reader follows, its cache in Valkey, and the fan-out that keeps it warm."""
