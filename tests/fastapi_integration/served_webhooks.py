"""An app that receives webhooks, for tests that run uvicorn in a separate process."""

import asyncio
import logging

from fastapi import FastAPI

from fastapi_integration import webhook_router, webhooks_lifespan
from sdk.webhooks import Webhooks

logging.basicConfig(level=logging.INFO, format="%(message)s")
logger = logging.getLogger(__name__)

SECRET = "a secret of the tests"
hooks = Webhooks(secret=SECRET)


@hooks.on("push")
async def handle(delivery):
    await asyncio.sleep(0.3)
    logger.info("Handled %s", delivery.id)


app = FastAPI(lifespan=webhooks_lifespan(hooks))
app.include_router(webhook_router(hooks))
