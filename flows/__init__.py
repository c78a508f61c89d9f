"""Prefect flows: one file a stage, and sweep, dispatch, intake. Thin: the work itself is in offsite/casework.

A flow does what can be done now, records it, and ends; it waits for nobody and may run twice. Prefect holds no truth;
parameters, names, tags, logs and artifacts hold references only.
"""
