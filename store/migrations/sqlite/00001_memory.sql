-- Instants are microseconds since 1970 in UTC, 0 = none. JSON whose bytes matter is text.

-- +goose Up
create table revision (
  id      text   primary key,
  sources text   not null, -- JSON: file → text
  at      integer not null
) strict;

create table visitor (
  id         text   primary key,
  site       text   not null,
  token_hash blob   unique,    -- null = has no token
  data       text   not null,  -- JSON
  created_at integer not null,
  seen_at    integer not null
) strict;

create table conversation (
  id         text   primary key,
  site       text   not null,
  visitor    text   not null,
  seq        integer not null, -- turns committed: the optimistic lock
  last       integer not null, -- seq of the last message
  state      text   not null, -- JSON
  flow       text   not null,
  revision   text   not null,
  ending     text   not null, -- '' = open
  wake_at    integer not null,
  created_at integer not null,
  updated_at integer not null
) strict;
create index conversation_due on conversation (wake_at) where wake_at > 0;
create index conversation_visitor on conversation (visitor, created_at);

create table message (
  conversation text   not null,
  seq          integer not null, -- from 1, without a gap
  client       text   not null, -- the client's id; '' = the bot's words
  sender       text   not null, -- visitor, bot, rep
  name         text   not null,
  body         text   not null,
  ask          text   not null, -- JSON or ''
  meeting      text   not null, -- UID of the meeting the words tell of, or ''
  ending       text   not null, -- how the conversation ended with these words, or ''
  at           integer not null,
  primary key (conversation, seq)
) strict, without rowid;
create unique index message_client on message (conversation, client) where client <> '';

create table journal (
  conversation text   not null,
  turn         integer not null,
  n            integer not null, -- within the turn
  input        text   not null, -- JSON
  at           integer not null,
  primary key (conversation, turn, n)
) strict, without rowid;

create table lead (
  id           text             primary key,
  conversation text             not null,
  name         text             not null,
  email        text             not null,
  phone        text             not null,
  company      text             not null,
  score        real             not null,
  grade        text             not null,
  stage        text             not null,
  rep          text             not null,
  team         text             not null,
  source       text             not null,
  updated_at   integer           not null
) strict;
create index lead_conversation on lead (conversation);

-- A row blocks its rep over [block_start, block_end) while held or confirmed. Expired holds are removed by the
-- transaction that wants their time.
create table meeting (
  uid          text   primary key,
  conversation text   not null,
  visitor      text   not null,
  rep          text   not null,
  start_at     integer not null,
  end_at       integer not null check (end_at > start_at),
  buffer       integer not null check (buffer >= 0), -- microseconds
  block_start  integer not null,
  block_end    integer not null,
  status       text   not null check (status in ('held', 'confirmed', 'cancelled', 'dropped')),
  expires      integer not null,                     -- of a hold
  sequence     integer not null,
  title        text   not null,
  place        text   not null,
  attendee     text   not null,
  name         text   not null,
  timezone     text   not null,
  created_at   integer not null
) strict;
create index meeting_rep on meeting (rep, block_end) where status in ('held', 'confirmed');
-- +goose StatementBegin
create trigger meeting_insert before insert on meeting when new.status in ('held', 'confirmed')
begin
  select raise(abort, 'the time is taken') where exists (
    select 1 from meeting
    where rep = new.rep and status in ('held', 'confirmed')
      and block_end > new.block_start and +block_start < new.block_end);
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger meeting_update before update on meeting when new.status in ('held', 'confirmed')
begin
  select raise(abort, 'the time is taken') where exists (
    select 1 from meeting
    where rep = new.rep and status in ('held', 'confirmed') and uid <> old.uid
      and block_end > new.block_start and +block_start < new.block_end);
end;
-- +goose StatementEnd
create index meeting_held on meeting (visitor, created_at) where status = 'held';
create index meeting_conversation on meeting (conversation);

create table ledger (
  id           integer primary key autoincrement,
  conversation text   not null,
  team         text   not null,
  rep          text   not null,
  kind         text   not null, -- assigned, booked, passed …
  route        integer not null,
  because      text   not null,
  leads        integer not null,
  at           integer not null
) strict;
create index ledger_conversation on ledger (conversation);

-- What the ledger's assigned lines add up to, kept in the same transaction.
create table share (
  team    text   not null,
  rep     text   not null,
  count   integer not null,
  last_at integer not null,
  primary key (team, rep)
) strict, without rowid;

-- One rep's calendar as it was last read.
create table busy (
  rep      text    primary key,
  read_at  integer not null, -- 0 = never
  until_at integer not null, -- its busy times are known up to here
  failure  text    not null, -- '' = could be read
  spans    blob    not null  -- the busy times, packed: see pack in busy.go
) strict;

-- Announced absence.
create table rep_state (
  rep      text   not null,
  start_at integer not null,
  end_at   integer not null,
  primary key (rep, start_at, end_at)
) strict, without rowid;

-- What a channel calls something of ours.
create table link (
  kind  text not null,
  key   text not null,
  value text not null,
  primary key (kind, key)
) strict, without rowid;

create table job (
  n        integer primary key autoincrement,
  id       text   not null unique,
  kind     text   not null,
  key      text   not null, -- jobs of one key run one after the other; '' = of none
  payload  text   not null, -- JSON
  run_at   integer not null,
  due_at   integer not null, -- when it may be claimed: run_at, or the end of the lease while running
  attempts integer not null,
  state    text   not null check (state in ('ready', 'running', 'done', 'dead')),
  error    text   not null
) strict;
create index job_due on job (due_at, n) where state in ('ready', 'running');
create index job_key on job (key, n) where state in ('ready', 'running');
create index job_state on job (state);

create table audit (
  id     integer primary key autoincrement,
  who    text   not null,
  what   text   not null,
  whom   text   not null,
  detail text   not null, -- JSON
  at     integer not null
) strict;

-- One row that is written to learn whether the database can be written.
create table pulse (
  id integer primary key,
  at integer not null
) strict;
