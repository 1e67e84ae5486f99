"""Calls with the credentials of an App, for its tests."""


async def call(view, method="GET"):
    return (await view.request(method, "/repos/o/r/issues")).json()
