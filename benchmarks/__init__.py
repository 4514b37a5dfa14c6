"""Benchmarks: figures for `docs/benchmarks.md`, as ratios within one run on one machine."""
