"""Which language a text is in."""

import asyncio

import pytest
from py3langid import modelio
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

from rookery.kit.text import language
from rookery.kit.text.language import detect, detect_now, read_ahead

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


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Of the model, each with the file that it read; it is not in memory when the test begins."""
    seen: list[object] = []

    def read(path: object) -> object:
        seen.append(path)
        return load_model(path)

    monkeypatch.setattr(modelio, "load_model", read)
    language._model.cache_clear()
    language._reading.cache_clear()
    return seen


async def test_the_model_is_read_once_however_many_wait(readings: list[object]) -> None:
    """Who gives up waiting takes it from nobody."""
    waiting = [asyncio.create_task(detect(SAMPLES["en"])) for _ in range(10)]
    await asyncio.sleep(0)
    waiting.pop(0).cancel()
    assert await asyncio.gather(*waiting) == ["en"] * 9
    assert len(readings) == 1


async def test_it_is_read_ahead_without_waiting(readings: list[object]) -> None:
    read_ahead()
    read_ahead()
    assert await detect(SAMPLES["de"]) == "de"
    assert len(readings) == 1


async def test_too_little_does_not_read_it(readings: list[object]) -> None:
    assert await detect("ok #opensource") is None
    assert readings == []


def test_only_our_languages_are_kept() -> None:
    """Each of them, and those that share a name as one."""
    model = language._model()
    assert set(model.labels) == set(language.LANGUAGES)
    assert model.nb_ptc.shape[1] == len(model.nb_classes)


def test_the_model_says_what_the_whole_one_would() -> None:
    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    whole.set_languages(list(language.LANGUAGES))
    for text in SAMPLES.values():
        assert language._model().rank(text) == whole.rank(text)
