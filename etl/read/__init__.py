"""Reads a delivery's bytes: CSV and XLSX, each to `etl.table.Table`; what cannot be read is refused with a sentence."""
