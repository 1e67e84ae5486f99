"""A typed client from any OpenAPI description: ``python -m sdk.codegen``.

The rest of the SDK does not import this package, nor does it import the SDK: it reads a description
and writes a Python package that uses ``sdk``.
"""
