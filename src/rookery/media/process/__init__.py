"""What runs in a child process of its own: hostile bytes are decoded here and nowhere else.

`python -m rookery.media.process` reads one Job from standard input, writes Messages to standard output, one JSON object
a line, and files into the job's folder. It imports nothing of the server and is given no secret.
"""
