"""Requests to the fake server that check the status of their response."""

H = "/repos/octocat/hello-world"


async def values(api, path, key):
    response = await api.get(path)
    assert response.status_code == 200, response.text
    return [each[key] for each in response.json()]


async def post(api, path, status=201, method="POST", **body):
    response = await api.request(method, path, json=body)
    assert response.status_code == status, response.text
    return response.json() if response.content else None


async def patch(api, path, status=200, **body):
    return await post(api, path, status, "PATCH", **body)
