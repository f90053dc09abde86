"""What can go wrong with the embedded servers."""


class EmbeddedError(Exception):
    """A refusal for the person at the terminal, in one line: what is wrong, and where we know it, how to mend it."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(f"{what}: {mend}" if mend else what)
        self.what = what
        self.mend = mend
