"""Faults done to the real processes under a steady load: nothing acknowledged is lost, nothing counts twice."""
