/**
 * The scripts, each atomic and one round trip. KEYS are head, entries and overlay of one task (`taskKeys`), in one hash
 * slot. Each compares the owner's token before it writes, and those that make a checkpoint compare the sequence that
 * it builds on as well.
 *
 * Fields of the head: `format`; `token` of the owner; `sequence`, `position` and `count` (entries) of the checkpoint,
 * absent before the first (a `count` that is not the number of entries shows that some were evicted); `staging`: the name of an attempt that writes to the overlay; `overlay`: how many changes of
 * the checkpoint lie in the overlay and not yet in the entries.
 */

/** Version of the layout in Redis. */
export const formatVersion = '1';

/** Lua takes about 8,000 values on its stack. */
const argumentsAtOnce = 4000;

/** One command for the values from `first` to `last`, in as many calls as that takes. */
const send = `
local function send(command, key, values, first, last)
  for from = first, last, ${argumentsAtOnce} do
    redis.call(command, key, unpack(values, from, math.min(from + ${argumentsAtOnce - 1}, last)))
  end
end
`;

/** At most about once a day the time to live of all keys is renewed, together. */
const keepAlive = `
local function keepAlive(ttl)
  local due = tonumber(ttl) - math.min(86400000, tonumber(ttl) / 2)
  if redis.call('PTTL', KEYS[1]) < due or redis.call('PTTL', KEYS[2]) == -1 then
    for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ttl) end
  end
end
`;

/**
 * ARGV: token, time to live. Makes the caller the owner; removes what an attempt that was never flipped has left, and
 * entries without a checkpoint.
 * Answers `acquired`, sequence, position (both "" without a checkpoint) and changes in the overlay; or `newer`, format.
 */
const acquire = `${keepAlive}
local head = redis.call('HMGET', KEYS[1], 'format', 'sequence', 'position', 'staging', 'overlay')
if head[1] and head[1] ~= '${formatVersion}' then return {'newer', head[1]} end
redis.call('HSET', KEYS[1], 'format', '${formatVersion}', 'token', ARGV[1])
if head[4] then
  redis.call('UNLINK', KEYS[3])
  redis.call('HDEL', KEYS[1], 'staging')
end
if not head[2] then redis.call('UNLINK', KEYS[2], KEYS[3]) end
keepAlive(ARGV[2])
return {'acquired', head[2] or '', head[3] or '', head[5] or '0'}
`;

/**
 * ARGV: token, sequence built on, next sequence, position, time to live, number of arguments that follow as key and
 * value; those, and keys to delete.
 * Answers `saved`, `fenced`, or `overlay`: an older checkpoint has to be folded first.
 */
const save = `${send}${keepAlive}
local head = redis.call('HMGET', KEYS[1], 'token', 'sequence', 'overlay', 'count')
if head[1] ~= ARGV[1] or (head[2] or '0') ~= ARGV[2] then return 'fenced' end
if head[3] then return 'overlay' end
if redis.call('HLEN', KEYS[2]) ~= tonumber(head[4] or '0') then return 'fenced' end
local puts = tonumber(ARGV[6])
send('HSET', KEYS[2], ARGV, 7, 6 + puts)
send('HDEL', KEYS[2], ARGV, 7 + puts, #ARGV)
redis.call('HSET', KEYS[1], 'sequence', ARGV[3], 'position', ARGV[4], 'count', redis.call('HLEN', KEYS[2]))
keepAlive(ARGV[5])
return 'saved'
`;

/**
 * ARGV: token, sequence built on, name of the attempt, time to live. Begins a checkpoint beside the old one.
 * Answers `staged`, `fenced` or `overlay`.
 */
const begin = `
local head = redis.call('HMGET', KEYS[1], 'token', 'sequence', 'overlay')
if head[1] ~= ARGV[1] or (head[2] or '0') ~= ARGV[2] then return 'fenced' end
if head[3] then return 'overlay' end
redis.call('UNLINK', KEYS[3])
redis.call('HSET', KEYS[1], 'staging', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 'staged'
`;

/**
 * ARGV: token, sequence built on, name of the attempt, time to live, then keys and marked values ("+" and the value, or
 * "-" for a deletion). Answers `staged` or `fenced`.
 */
const stage = `${send}
local head = redis.call('HMGET', KEYS[1], 'token', 'sequence', 'staging')
if head[1] ~= ARGV[1] or (head[2] or '0') ~= ARGV[2] or head[3] ~= ARGV[3] then return 'fenced' end
send('HSET', KEYS[3], ARGV, 5, #ARGV)
redis.call('PEXPIRE', KEYS[3], ARGV[4])
return 'staged'
`;

/**
 * ARGV: token, sequence built on, name of the attempt, next sequence, position, number of changes, time to live.
 * Makes what was staged the checkpoint. Answers `saved`, `fenced`, or `incomplete`: changes are missing.
 */
const flip = `
local head = redis.call('HMGET', KEYS[1], 'token', 'sequence', 'staging', 'count')
if head[1] ~= ARGV[1] or (head[2] or '0') ~= ARGV[2] or head[3] ~= ARGV[3] then return 'fenced' end
if redis.call('HLEN', KEYS[2]) ~= tonumber(head[4] or '0') then return 'fenced' end
if redis.call('HLEN', KEYS[3]) ~= tonumber(ARGV[6]) then return 'incomplete' end
redis.call('HSET', KEYS[1], 'sequence', ARGV[4], 'position', ARGV[5], 'overlay', ARGV[6],
  'count', redis.call('HLEN', KEYS[2]))
redis.call('HDEL', KEYS[1], 'staging')
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[7]) end
return 'saved'
`;

/**
 * ARGV: token, cursor, about how many changes. Moves some changes from the overlay to the entries: what both together
 * mean stays the same.
 * Answers `folded` when nothing is left; `more`, the cursor and how many bytes were moved; `fenced`; or `damaged`:
 * changes are missing.
 */
const fold = `${send}
local head = redis.call('HMGET', KEYS[1], 'token', 'overlay', 'count')
if head[1] ~= ARGV[1] then return {'fenced'} end
if not head[2] then return {'folded'} end
if redis.call('HLEN', KEYS[2]) ~= tonumber(head[3]) or redis.call('HLEN', KEYS[3]) ~= tonumber(head[2]) then
  return {'damaged'}
end
local found = redis.call('HSCAN', KEYS[3], ARGV[2], 'COUNT', ARGV[3])
local changes = found[2]
local moved, puts, deletions, bytes = {}, {}, {}, 0
for at = 1, #changes, 2 do
  local field, marked = changes[at], changes[at + 1]
  bytes = bytes + #field + #marked
  moved[#moved + 1] = field
  if string.sub(marked, 1, 1) == '+' then
    puts[#puts + 1] = field
    puts[#puts + 1] = string.sub(marked, 2)
  else
    deletions[#deletions + 1] = field
  end
end
send('HSET', KEYS[2], puts, 1, #puts)
send('HDEL', KEYS[2], deletions, 1, #deletions)
send('HDEL', KEYS[3], moved, 1, #moved)
local left = redis.call('HLEN', KEYS[3])
redis.call('HSET', KEYS[1], 'count', redis.call('HLEN', KEYS[2]), 'overlay', left)
if redis.call('PTTL', KEYS[2]) == -1 then redis.call('PEXPIRE', KEYS[2], redis.call('PTTL', KEYS[1])) end
if left > 0 then return {'more', found[1], bytes} end
redis.call('HDEL', KEYS[1], 'overlay')
return {'folded'}
`;

/** ARGV: token. Removes a checkpoint that is damaged; the caller stays the owner. Answers `removed` or `fenced`. */
const reset = `
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 'fenced' end
redis.call('UNLINK', KEYS[2], KEYS[3])
redis.call('HDEL', KEYS[1], 'sequence', 'position', 'count', 'staging', 'overlay')
return 'removed'
`;

export const scripts = { acquire, save, begin, stage, flip, fold, reset } as const;

export type ScriptName = keyof typeof scripts;

/** Every command that a script or the adapter sends: what an ACL user must be allowed. */
export const neededCommands = [
  ...['eval', 'evalsha', 'hget', 'hmget', 'hset', 'hdel', 'hlen', 'hscan', 'pttl', 'pexpire', 'unlink', 'info'],
] as const;
