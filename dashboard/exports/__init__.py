"""Files of what has been released: the same typed cells as CSV, as a workbook and as a paper."""
