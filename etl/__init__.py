"""Deliveries into the warehouse: sources, mappings, staging, versions."""
