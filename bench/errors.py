"""Why a benchmark cannot give its figure; the text says what to do or what happened."""


class BenchError(Exception):
    """The others go on without it."""


class MissingToolError(BenchError):
    """A program that the benchmark needs is not installed."""
