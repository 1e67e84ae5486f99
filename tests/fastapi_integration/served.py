"""An app for tests that run uvicorn in a separate process."""

import logging
import os

from fastapi import FastAPI

from fastapi_integration import SdkDep, sdk_lifespan
from sdk import Sdk

logging.basicConfig(level=logging.INFO, format="%(process)d %(message)s")
logger = logging.getLogger(__name__)

app = FastAPI(lifespan=sdk_lifespan(lambda: Sdk(base_url=os.environ["GITHUB_API_URL"])))


@app.get("/users/{username}")
async def read_user(username: str, sdk: SdkDep) -> str:
    try:
        return (await sdk.users.get(username)).login
    finally:
        logger.info("Call over")
