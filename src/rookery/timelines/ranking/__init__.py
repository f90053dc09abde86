"""The ranked timeline: candidates, signals, one score, and for each item the reasons that the score was made of.

`service.py` puts it together; scoring itself (`signals.py`, `scoring.py`, `explaining.py`) is pure and does no I/O.
"""
