"""Trends: hashtags, links and phrases that more people use than their own past lets expect.

A consumer notes what public posts speak of, jobs count people and hold them against the past, `service.py` serves the
small table that comes of it. The formula (`burst.py`) and the folding of names (`folding.py`) are pure.
"""
