"""Posts in several languages, with mentions, hashtags, URLs and emoji in the proportions of a lively timeline.

How often a word is used falls with its rank as Zipf and Mandelbrot have it (Mandelbrot, "An informational theory of the
statistical structure of language", 1953): 1 / (rank + 2.7). The first ranks are the words written down here; the others
are made of a language's syllables, so that there are as many different words as people use.
"""

import random
from functools import cache
from itertools import accumulate

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
SYLLABLES = {
    "en": "an ber cor dle en fer gle har ing kel lan mer nor ous per quill ran ster tion ver wick ard",
    "de": "auf ber chen dorf ei fahr gen heit ig keit lich mann nach ort pfad ring schaft tag ung wer zeit",
    "es": "ar bra cion dad ente fer gua illo jar la mien nada or pre que rio sar tor uelo vez",
    "ja": "山 川 田 中 木 石 花 火 水 土 風 空 町 村 道 車 店 島 橋 野 森 月 日 星 音 色 声 夜 朝 夏 冬 春 秋",
    "tr": "ak bel cı dır er git han ıl ka lar mak nı ol pek rı sın tı um ver ya zan",
    "ar": "ال با تر جم حر دا رس سل شم صب طر عل فك قر كت لم مد نه ور يس",
}
VOCABULARY = 20_000  # words of a language
MANDELBROT = 2.7
MORE_WORDS = range(6)  # behind a sentence, each number as likely
P_MENTION, P_TAG, P_URL, P_EMOJI, P_SECOND_SENTENCE = 0.15, 0.25, 0.2, 0.25, 0.35


class Writer:
    """Writes posts; each well under 280 weighted characters. `usernames` are those that can be mentioned."""

    def __init__(self, rng: random.Random, usernames: list[str]) -> None:
        self._rng = rng
        self._usernames = usernames
        self._languages = list(LANGUAGES)
        self._shares = [share for share, _, _ in LANGUAGES.values()]
        self._vocabularies = {language: vocabulary(language) for language in LANGUAGES}
        self._weights = list(accumulate(1 / (rank + MANDELBROT) for rank in range(1, VOCABULARY + 1)))

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
        rng = self._rng
        first, second, *more = rng.choices(
            self._vocabularies[language], cum_weights=self._weights, k=2 + rng.choice(MORE_WORDS)
        )
        joint = "" if language == "ja" else " "
        sentence = rng.choice(LANGUAGES[language][1]).format(a=first, b=second)
        return " ".join((sentence, joint.join(more))) if more else sentence


@cache
def vocabulary(language: str) -> list[str]:
    """VOCABULARY different words, the most used first; the same in each run."""
    rng = random.Random(language)  # noqa: S311 - made-up words, no secrets
    words = dict.fromkeys(LANGUAGES[language][2])
    syllables = SYLLABLES[language].split()
    while len(words) < VOCABULARY:
        words["".join(rng.choices(syllables, k=rng.choice((1, 2, 2, 3, 3, 4))))] = None
    return list(words)
