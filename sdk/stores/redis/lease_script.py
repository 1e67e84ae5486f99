"""The script that reserves calls of a rate limit for one process.

The calls that can be reserved are those that the API has left, minus those that all processes hold:
calls that they may still make, and calls in flight that the API may not have counted. A process
reports what it holds and what the API said in one message, so that a call that has ended is counted
in one of the two.
"""

from __future__ import annotations

from typing import cast

from sdk.transport.shared_state import LeaseGrant, LeaseReport

# A process that has not reported for this long holds nothing.
_GONE_SECONDS = 15.0

# By the clock of Redis, because the clocks of machines may differ. Each field except `reset` and
# `remaining` is a process, with the number of calls that it holds and the time of its report. A
# process is granted a share of the rest, so that the shares become smaller towards the end.
_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local reset, remaining = tonumber(ARGV[2]), tonumber(ARGV[3])
local held, workers = tonumber(ARGV[4]), tonumber(ARGV[5])
local fields = redis.call('HGETALL', KEYS[1])
local others, known = 0, {}
for i = 1, #fields, 2 do
  local field, value = fields[i], fields[i + 1]
  if field == 'reset' or field == 'remaining' then
    known[field] = tonumber(value)
  elseif field ~= ARGV[1] then
    local number, at = string.match(value, '^(%d+) (%d+)$')
    if at and now - at < tonumber(ARGV[6]) then
      others = others + number
    else
      redis.call('HDEL', KEYS[1], field)
    end
  end
end
if known.reset and known.remaining and known.reset >= reset then
  if known.reset > reset then
    reset, remaining = known.reset, known.remaining
  else
    remaining = math.min(remaining, known.remaining)
  end
end
local calls, free = 0, remaining - others - held
if workers > 0 and free > 0 then
  calls = math.max(1, math.floor(free / (2 * workers)))
end
redis.call('HSET', KEYS[1], 'reset', string.format('%.0f', reset),
           'remaining', string.format('%.0f', remaining))
if held + calls > 0 then
  local mine = string.format('%.0f %.0f', held + calls, now)
  redis.call('HSET', KEYS[1], ARGV[1], mine)
else
  redis.call('HDEL', KEYS[1], ARGV[1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[7])
return {reset, remaining, calls}
"""


def lease_command(
    key: str, process: str, report: LeaseReport, workers: int
) -> tuple[str | bytes | float, ...]:
    """Return the command that reports what a process holds, and asks for more if it wants."""
    lives = int((report.seconds + _GONE_SECONDS) * 1000)
    numbers = report.reset, report.remaining, report.held, workers if report.wanted else 0
    return ("EVAL", _SCRIPT, 1, key, process, *numbers, int(_GONE_SECONDS * 1000), lives)


def read_grant(reply: object) -> LeaseGrant | None:
    """Read the reply to the command; None if it is not one."""
    values = cast("list[object]", reply) if isinstance(reply, list) else []
    numbers = [each for each in values if isinstance(each, int)]
    return LeaseGrant(*numbers) if len(numbers) == len(LeaseGrant._fields) else None
