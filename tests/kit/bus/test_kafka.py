"""What only the Kafka adapter has: topics of the right width, a broker that goes silent."""

import asyncio
import time

import pytest

from rookery.kit.bus import kafka as kafka_module
from rookery.kit.bus.kafka import (
    CLOSE_TIMEOUT_S,
    KafkaBus,
    TopicMismatch,
    bootstrap_servers,
    ensure_topics,
)
from tests.brokers import Broker
from tests.kit.bus.harness import KAFKA_SESSION_TIMEOUT_S, fresh


async def test_a_topic_of_another_width_is_refused(kafka_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys would not meet their partitions: better no start than another order."""
    topic = fresh("narrow")
    monkeypatch.setattr(kafka_module, "PARTITIONS", 3)
    await ensure_topics(bootstrap_servers(kafka_url), [topic])
    monkeypatch.undo()
    with pytest.raises(TopicMismatch, match="has 3 partitions, not 16"):
        await KafkaBus(kafka_url).open(fresh("group"), [topic])


@pytest.mark.parametrize("url", ["", "postgresql://x", "kafka://"])
def test_a_url_that_names_no_broker_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not a kafka"):
        bootstrap_servers(url)


def test_a_url_may_name_several_brokers() -> None:
    assert bootstrap_servers("kafka://a:9092,b:9093") == ["a:9092", "b:9093"]


async def test_a_silent_broker_does_not_delay_closing(own_broker: Broker) -> None:
    """The second member of a group says good-bye when it closes; nobody answers, and it does not wait for that."""
    own_broker.start()
    bus = KafkaBus(own_broker.url, session_timeout_s=KAFKA_SESSION_TIMEOUT_S)
    topic, group = fresh("topic"), fresh("group")
    await (await bus.open(group, [topic])).close()
    consumer = await bus.open(group, [topic])
    with own_broker.frozen():
        started = time.monotonic()
        await consumer.close()
        assert time.monotonic() - started < CLOSE_TIMEOUT_S + 2
    await asyncio.gather(*kafka_module._leaving)
