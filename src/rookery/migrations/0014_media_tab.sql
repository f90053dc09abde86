-- The media tab of a profile: an author's posts with media, newest first.

CREATE INDEX posts_media_by_author ON posts.posts (author_id, id DESC) WHERE media_ids <> '{}';
