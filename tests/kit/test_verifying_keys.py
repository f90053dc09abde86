"""Public keys in a process that does not sign."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rookery.kit import verifying_keys as module
from rookery.kit.problems import Unavailable
from rookery.kit.verifying_keys import VerifyingKeys

RAW = Ed25519PrivateKey.generate().public_key().public_bytes_raw()


class Source:
    def __init__(self) -> None:
        self.keys = {"first": RAW}
        self.asked = 0
        self.gone = False

    async def load(self) -> dict[str, bytes]:
        self.asked += 1
        if self.gone:
            raise Unavailable("away")
        return self.keys


async def test_keys_are_loaded_once_and_again_for_unknown_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    keys = VerifyingKeys(source.load)
    for _ in range(3):
        found = await keys.verifier("first")
        assert found is not None and found.public_bytes_raw() == RAW
    assert source.asked == 1
    assert await keys.verifier("second") is None
    assert source.asked == 1, "a miss asks again once a second at most"
    monkeypatch.setattr(module, "MISS_RELOAD_S", 0.0)
    source.keys = {"first": RAW, "second": RAW}
    assert await keys.verifier("second") is not None
    assert source.asked == 2


async def test_known_keys_stay_while_nobody_can_be_asked() -> None:
    source = Source()
    keys = VerifyingKeys(source.load)
    source.gone = True
    with pytest.raises(Unavailable):
        await keys.verifier("first")
    source.gone = False
    assert await keys.verifier("first") is not None
    source.gone = True
    keys.forget()
    assert await keys.verifier("first") is not None
    source.gone, source.keys = False, {}
    keys.forget()
    assert await keys.verifier("first") is None
