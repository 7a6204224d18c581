"""Builders of warehouse content for tests."""
