"""The social graph: follows, follow requests, blocks and mutes, one event for each real change."""
