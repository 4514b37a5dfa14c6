"""Harvest v1, and the v2 writes of interviews (https://developers.greenhouse.io/harvest.html)."""
