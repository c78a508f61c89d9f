"""The pages and the JSON interface: FastAPI and Jinja over the same commands and views as the command line."""
