"""Assessments: what the presidium, the administration and the units judge where nothing can be counted. Each is signed
with a motivation, confirmed by a second person, and never changed: a new one follows."""
