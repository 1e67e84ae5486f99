"""The operations of an inbox in Redis, each of them one script, so that it is atomic.

``open`` is the mark of a delivery that waits or is being handled, ``done`` of one that was handled.
"""

# By the clock of Redis, in milliseconds.
_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""

# KEYS: mark, message, queue. ARGV: id, message, size, milliseconds to keep it.
ADD = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 'duplicate' end
if redis.call('LLEN', KEYS[3]) >= tonumber(ARGV[3]) then return 'full' end
redis.call('SET', KEYS[1], 'open', 'PX', ARGV[4])
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'message', ARGV[2], 'runs', 0)
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('RPUSH', KEYS[3], ARGV[1])
return 'accepted'
"""

# KEYS: mark, message, taken. ARGV: id, message, lease, milliseconds to keep it.
# A redelivery of one whose process died is taken over.
CLAIM = (
    _NOW
    + """
local mark = redis.call('GET', KEYS[1])
if mark then
  local ends = redis.call('ZSCORE', KEYS[3], ARGV[1])
  if mark ~= 'open' or not ends or tonumber(ends) > now then return 0 end
end
redis.call('SET', KEYS[1], 'open', 'PX', ARGV[4])
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'message', ARGV[2], 'runs', 1)
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('ZADD', KEYS[3], now + ARGV[3], ARGV[1])
return 1
"""
)

# KEYS: queue, taken. ARGV: prefix of the messages' keys, lease, most runs.
# Messages of dead processes come first, then the oldest that waits. A value of another kind in the
# place of a message is given up.
TAKE = (
    _NOW
    + """
while true do
  local id = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 1)[1]
  if not id then id = redis.call('LPOP', KEYS[1]) end
  if not id then return false end
  local key = ARGV[1] .. id
  local message = redis.pcall('HGET', key, 'message')
  local runs = message and redis.pcall('HINCRBY', key, 'runs', 1)
  if type(message) == 'table' or type(runs) == 'table' then
    redis.call('ZREM', KEYS[2], id)
    return {id, '', 0}
  end
  if message and runs <= tonumber(ARGV[3]) then
    redis.call('ZADD', KEYS[2], now + ARGV[2], id)
    return {id, message, 1}
  end
  redis.call('ZREM', KEYS[2], id)
  if message then return {id, message, 0} end
end
"""
)

# KEYS: queue, taken. Deletes values of another kind, to which nothing can be added.
REPAIR = """
for i, kind in ipairs({'list', 'zset'}) do
  local found = redis.call('TYPE', KEYS[i]).ok
  if found ~= 'none' and found ~= kind then redis.call('DEL', KEYS[i]) end
end
return 1
"""

# KEYS: taken. ARGV: lease, ids.
RENEW = (
    _NOW
    + """
for i = 2, #ARGV do
  if redis.call('ZSCORE', KEYS[1], ARGV[i]) then
    redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[i])
  end
end
return 1
"""
)

# KEYS: mark, message, taken. ARGV: id, milliseconds to remember it.
DONE = """
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], 'done', 'PX', ARGV[2])
return 1
"""

# KEYS: mark, message, taken. ARGV: id.
FAILED = """
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('DEL', KEYS[1], KEYS[2])
return 1
"""

# KEYS: queue, taken. ARGV: id.
RELEASE = """
if redis.call('ZREM', KEYS[2], ARGV[1]) == 1 then redis.call('LPUSH', KEYS[1], ARGV[1]) end
return 1
"""
