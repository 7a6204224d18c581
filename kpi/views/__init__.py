"""The only read door: every read goes through here with a Viewer, deny by default."""
