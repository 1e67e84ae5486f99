"""The examples that a command runs from beginning to end, and the services of two_services."""

import re
import signal

import httpx

from examples import github_app, report, use_own_api
from tests.fastapi_integration.support import Process


async def test_the_report_is_csv_with_a_row_for_each_issue(capsys):
    await report.main(["octocat/hello-world", "no/thing"])

    printed = capsys.readouterr()
    assert printed.out.splitlines()[:2] == [
        "repository,number,state,title",
        "octocat/hello-world,1,open,Found a bug",
    ]
    assert printed.err == "no/thing: no such repository\n"


async def test_the_client_of_an_own_api_reads_all_pages(capsys):
    await use_own_api.main()

    lines = capsys.readouterr().out.splitlines()
    assert lines[3:] == ["2026-004: 0.75", "2026-999: There is no such invoice."]


async def test_the_app_greets(capsys):
    await github_app.main()

    assert "Opened octocat/hello-world#7: Hello from an App" in capsys.readouterr().out


async def test_both_services_run_on_one_command():
    async with Process("examples.two_services", "--port", "0") as process:
        await process.saw("(Ctrl+C ends it)")
        (shop,) = re.findall(r"Shop on (\S+),", process.output)
        async with httpx.AsyncClient(base_url=shop) as client:
            query = {"item": "pen", "iban": "DE02"}
            answer = await client.post("/checkout", params=query)
            assert answer.json()["status"] == "paid"
            assert (await client.get("/items")).json() == ["pen"]
        process.send(signal.SIGINT)
        assert await process.ended() == 0
    assert "Traceback" not in process.output
