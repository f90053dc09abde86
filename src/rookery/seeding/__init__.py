"""Makes a network of realistic shape and any size, deterministic by its seed, and copies it into the database."""
