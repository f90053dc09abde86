"""In which language a text is written: py3langid, a naive Bayes model over byte n-grams (Lui and Baldwin, "langid.py",
ACL 2012), about 20 us for a post. The model takes half a second to read, in a thread, and some 60 MB.
"""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any, Final

import regex

# ISO 639-1. Few enough that a short text is not taken for a language that nobody here writes.
LANGUAGES: Final = (
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga", "gl", "he", "hi",
    "hr", "hu", "hy", "id", "it", "ja", "ka", "km", "ko", "lo", "lt", "lv", "ms", "ne", "nl", "no", "pl", "pt", "ro",
    "ru", "sk", "sl", "sr", "sv", "ta", "te", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip
CONFIDENCE_MIN: Final = 0.3
LETTERS_MIN: Final = 3  # "lol" could be anything; one Chinese word is Chinese

# What is the same in every language: links, names, tags.
_NO_WORDS = regex.compile(r"https?://\S+|[@#$]\w+|\S+\.\S+/\S*")
_LETTERS = regex.compile(r"\p{L}+")


async def detect(text: str) -> str | None:
    """The language of a text, one of LANGUAGES; None where too little speaks for any. Waits for the model."""
    words = _words(text)
    if len(words) >= LETTERS_MIN and not _model.cache_info().currsize:
        await asyncio.shield(asyncio.wrap_future(_reading()))
    return _classify(words)


def detect_now(text: str) -> str | None:
    """As `detect`, for commands that have no event loop to keep free."""
    return _classify(_words(text))


def _words(text: str) -> str:
    return " ".join(_LETTERS.findall(_NO_WORDS.sub(" ", text)))


def _classify(words: str) -> str | None:
    if len(words) < LETTERS_MIN:
        return None
    language, _ = _model().classify(words)
    return None if language == "und" else str(language)


def read_ahead() -> None:
    """Begin to read the model, so that nobody waits for it later. Does not wait; harmless when called again."""
    _reading()


@cache
def _reading() -> Future[Any]:
    """Begun once, however many posts wait for it: each reading more would slow down all and take as much memory."""
    executor = ThreadPoolExecutor(1, thread_name_prefix="language")
    try:
        return executor.submit(_model)
    finally:
        executor.shutdown(wait=False)


@cache
def _model() -> Any:
    """Built from its parts: `set_languages` would keep all languages beside ours, 20 MB that nobody asks for."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
    from py3langid.modelio import load_model

    weights, priors, names, transitions, rows, outputs = load_model(MODEL_DIR / MODEL_FILE)
    ours = [place for place, name in enumerate(names) if name in LANGUAGES]
    return LanguageIdentifier(
        weights[:, ours],
        priors[ours],
        [names[place] for place in ours],
        transitions,
        outputs,
        norm_probs=True,
        min_confidence=CONFIDENCE_MIN,
        tk_row=rows,
    )
