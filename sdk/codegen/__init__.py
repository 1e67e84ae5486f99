"""A typed client from any OpenAPI description: ``python -m sdk.codegen``.

Nothing of the SDK imports this package, and it imports nothing of the SDK: it reads a description
and writes a package of Python that stands on ``sdk``.
"""
