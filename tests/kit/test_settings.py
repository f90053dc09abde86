"""Settings are read once, typed, and wrong ones named."""

import pytest

from rookery.kit.settings import Settings, SettingsError, load_settings, require


def test_nothing_set_is_the_defaults() -> None:
    assert load_settings({}) == Settings()


def test_values_are_typed() -> None:
    settings = load_settings(
        {
            "ROOKERY_PORT": "9000",
            "ROOKERY_RATE_LIMITS": "false",
            "ROOKERY_CORS_ORIGINS": "https://a.example, https://b.example,",
            "ROOKERY_REQUEST_TIMEOUT_S": "2.5",
        }
    )
    assert (settings.port, settings.rate_limits, settings.request_timeout_s) == (9000, False, 2.5)
    assert settings.cors_origins == ["https://a.example", "https://b.example"]


def test_port_is_the_platform_s_unless_ours_is_set() -> None:
    assert load_settings({"PORT": "1234"}).port == 1234
    assert load_settings({"PORT": "1234", "ROOKERY_PORT": "4321"}).port == 4321


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROOKERY_PORT", "many"),
        ("ROOKERY_PORT", "70000"),
        ("ROOKERY_RATE_LIMITS", "perhaps"),
        ("ROOKERY_SECRET_KEY", "short"),
        ("ROOKERY_BUS_URL", "amqp://somewhere"),
        ("ROOKERY_FOLLOWING_MAX", "1.5"),
        ("ROOKERY_LINK_CARD_NETWORKS", "10.0.0.1/8"),
        ("ROOKERY_LINK_CARD_NETWORKS", "intranet"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: value})


def test_what_a_command_needs_is_named() -> None:
    with pytest.raises(SettingsError, match="ROOKERY_CACHE_URL"):
        require(Settings(database_url="postgresql://x"), "database_url", "cache_url")
