"""Harvest v3 (https://harvestdocs.greenhouse.io)."""
