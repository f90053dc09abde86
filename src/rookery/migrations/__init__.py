"""Plain SQL, ordered, applied by `rookery.kit.migrate`; a file never changes once it has landed."""
