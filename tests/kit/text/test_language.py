"""Which language a text is in."""

import pytest

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
