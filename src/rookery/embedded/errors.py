"""What can go wrong with the embedded servers."""


class EmbeddedError(Exception):
    """A refusal whose text is one line for the person at the terminal: what is wrong and how to mend it."""
