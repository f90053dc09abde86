"""PostgreSQL and Valkey as child processes of one machine, and the supervisor that keeps them and our own
processes alive. Data, sockets and logs live under one folder, `var`; nothing listens on the network but the web server.
"""
