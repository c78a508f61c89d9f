"""What runs when, and where: the list of deployments, the embedded server, the worker, `prefect deploy`."""
