"""What the media service does about posts: a stored one keeps its media, a deleted one takes them along."""

from rookery.contracts.consumers import Subscription
from rookery.contracts.events import AnyEvent, PostCreated, PostDeleted, Topic
from rookery.media.service import Media

GROUP = "media.posts"


def subscriptions(media: Media) -> list[Subscription]:
    async def follow_posts(events: list[AnyEvent]) -> None:
        """Safe to repeat: media that are kept already, or gone, are left alone."""
        kept = [
            (event.post_id, event.author_id, media_id)
            for event in events
            if isinstance(event, PostCreated)
            for media_id in event.media_ids
        ]
        if kept:
            await media.repository.keep(kept)
        deleted = [(event.post_id, event.author_id) for event in events if isinstance(event, PostDeleted)]
        if deleted:
            gone = await media.repository.delete_of_posts(deleted)
            if gone:
                await media.resources.invalidations.publish(*(f"media:{media_id}" for media_id in gone))

    return [Subscription(group=GROUP, topics=[Topic.POSTS], handle=follow_posts)]
