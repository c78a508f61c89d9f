"""Benchmarks: speed as ratios beside a baseline measured in the same run."""
