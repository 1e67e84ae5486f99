"""An HTTP/1.1 client on asyncio's protocols: connections, their pool, and a strict parser."""
