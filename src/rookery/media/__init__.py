"""Pictures and videos: uploading, processing in child processes, delivery, avatars and headers.

`uploads` and `tus` take bytes in, `processing` turns them into what is served (see `process`, which runs apart),
`delivery` gives them out, `upkeep` deletes what nobody needs any more.
"""
