r"""Two services: ``orders_app`` is called by ``shop_app``, with a client made of its description.

The client in ``orders/`` was written by::

    python -m sdk.codegen examples.two_services.orders_app:app \
        --package examples.two_services.orders --base-url env:ORDERS_URL --fastapi
"""
