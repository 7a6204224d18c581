"""Swedish numbers and days, as pages, files and papers write them: `kpi.format`."""

from kpi.format import *  # noqa: F403 # the same functions under the name that pages use
