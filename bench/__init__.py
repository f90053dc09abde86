"""Benchmarks of the hot paths: every figure is a ratio to a yardstick measured in the same run, alternating with it."""
