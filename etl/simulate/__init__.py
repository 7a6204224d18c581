"""Source systems that do not exist here: deliveries that tell the audits' story, marked synthetic everywhere."""

from etl.simulate.run import simulate

__all__ = ["simulate"]
