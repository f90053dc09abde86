"""Posts in several languages, with mentions, hashtags, URLs and emoji in the proportions of a lively timeline."""

import random

LANGUAGES: dict[str, tuple[float, list[str], list[str]]] = {
    # share, sentence patterns, words
    "en": (
        0.5,
        [
            "Just saw {a} near the {b}.",
            "Thinking about {a} and {b} again",
            "Does anyone else miss {a}?",
            "New {a} at the {b} today, and it is lovely",
            "{a} before {b}, always.",
            "Why is {a} never about {b}?",
        ],
        [
            "rooks",
            "the harbour",
            "morning coffee",
            "rain",
            "trains",
            "old maps",
            "the library",
            "bread",
            "bicycles",
            "open source",
            "the market",
            "winter light",
            "good tests",
            "slow food",
            "the river",
            "chess",
            "typefaces",
        ],
    ),
    "de": (
        0.12,
        ["Heute {a} am {b} gesehen.", "Wer mag eigentlich {a}?", "Erst {a}, dann {b}.", "{a} ist besser als {b}"],
        ["Krähen", "Bahnhof", "Kaffee", "Regen", "Fahrräder", "Hafen", "Brot", "Bücher", "Frühling", "Straßenbahn"],
    ),
    "es": (
        0.12,
        ["Hoy vi {a} cerca de {b}.", "¿Quién más quiere {a}?", "Primero {a}, después {b}", "Nada como {a} y {b}"],
        ["café", "la estación", "los pájaros", "el mercado", "la lluvia", "el río", "mañana", "música", "señales"],
    ),
    "ja": (
        0.1,
        ["今日は{a}と{b}を見た。", "{a}が好きです", "{b}で{a}。", "やっぱり{a}より{b}だね"],
        ["カラス", "駅", "珈琲", "雨", "自転車", "図書館", "朝ごはん", "海", "本", "電車"],
    ),
    "tr": (
        0.08,
        ["Bugün {b} yanında {a} gördüm.", "{a} ve {b} üzerine", "Kim {a} sever?"],
        ["kargalar", "iskele", "kahve", "yağmur", "bisiklet", "kitaplar", "simit", "ışık", "vapur"],
    ),
    "ar": (
        0.08,
        ["رأيت اليوم {a} قرب {b}", "من يحب {a}؟", "{a} ثم {b}"],
        ["الطيور", "المحطة", "القهوة", "المطر", "الكتب", "البحر", "الصباح", "السوق"],
    ),
}
TAGS = ["rookery", "birds", "coffee", "カラス", "photo", "reading", "Berlin", "música", "opensource", "rain", "trains"]
EMOJI = ["🐦", "☕", "🌧️", "📚", "🚲", "👋🏽", "🎉", "❤️", "👩‍💻", "🇹🇷"]
P_MENTION, P_TAG, P_URL, P_EMOJI, P_SECOND_SENTENCE = 0.15, 0.25, 0.2, 0.25, 0.35


class Writer:
    """Writes posts; each well under 280 weighted characters. `usernames` are those that can be mentioned."""

    def __init__(self, rng: random.Random, usernames: list[str]) -> None:
        self._rng = rng
        self._usernames = usernames
        self._languages = list(LANGUAGES)
        self._shares = [share for share, _, _ in LANGUAGES.values()]

    def language(self) -> str:
        """A language to stay with: people mostly write in one."""
        return self._rng.choices(self._languages, self._shares)[0]

    def post(self, language: str) -> str:
        rng = self._rng
        parts = [self._sentence(language)]
        if rng.random() < P_SECOND_SENTENCE:
            parts.append(self._sentence(language))
        if rng.random() < P_MENTION:
            parts.insert(rng.randrange(2), f"@{rng.choice(self._usernames)}")
        if rng.random() < P_TAG:
            parts += [f"#{tag}" for tag in rng.sample(TAGS, rng.choice((1, 1, 2)))]
        if rng.random() < P_URL:
            parts.append(f"https://example.org/{language}/{rng.randrange(10**6)}")
        if rng.random() < P_EMOJI:
            parts.append(rng.choice(EMOJI))
        return " ".join(parts)

    def _sentence(self, language: str) -> str:
        _, patterns, words = LANGUAGES[language]
        first, second = self._rng.sample(words, 2)
        return self._rng.choice(patterns).format(a=first, b=second)
