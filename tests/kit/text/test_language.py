"""Which language a text is in."""

import asyncio

import pytest
from py3langid.langid import LanguageIdentifier

from rookery.kit.text import language
from rookery.kit.text.language import detect, detect_now

SAMPLES = {
    "en": "Just saw rooks near the harbour.",
    "de": "Heute Krähen am Bahnhof gesehen.",
    "es": "Hoy vi café cerca de la estación.",
    "fr": "Je suis allé au marché ce matin",
    "tr": "Bugün iskele yanında kargalar gördüm.",
    "ja": "今日はカラスと駅を見た。",
    "zh": "我喜欢喝咖啡",
    "ko": "커피 좋아해요",
    "th": "วันนี้อากาศดีมาก",
    "ar": "من يحب القهوة؟",
    "ru": "Сегодня видел грачей у гавани",
}


@pytest.mark.parametrize("language", SAMPLES)
async def test_sentences(language: str) -> None:
    assert detect_now(SAMPLES[language]) == language
    assert await detect(f"{SAMPLES[language]} #rookery @ana https://example.org/the/old/maps") == language


@pytest.mark.parametrize("text", ["", "ok", "🐦 12 !!", "https://example.org/the/old/harbour", "#opensource @somebody"])
async def test_too_little_to_tell(text: str) -> None:
    assert await detect(text) is None


async def test_the_model_is_read_once_however_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who gives up waiting takes it from nobody."""
    read = LanguageIdentifier.from_model_file
    readings = []

    def counted(*arguments: object, **options: object) -> object:
        readings.append(arguments)
        return read(*arguments, **options)

    monkeypatch.setattr(LanguageIdentifier, "from_model_file", counted)
    language._model.cache_clear()
    language._reading.cache_clear()
    waiting = [asyncio.create_task(detect(SAMPLES["en"])) for _ in range(10)]
    await asyncio.sleep(0)
    waiting.pop(0).cancel()
    assert await asyncio.gather(*waiting) == ["en"] * 9
    assert len(readings) == 1
