"""`/v1/stream`: home posts and notifications over a WebSocket, as they happen, resumed without loss or repetition."""
