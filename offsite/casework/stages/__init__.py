"""The automatic work of each stage: letters drafted and filed, tasks opened. Nothing here decides, gives or sets.

Each step is one short transaction that may run twice: what is filed already stays as it is. No Prefect here, so that a
replay or a test calls the same functions as a flow.
"""
