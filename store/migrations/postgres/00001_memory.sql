-- Instants are microseconds since 1970 in UTC, 0 = none. JSON whose bytes matter is text.

-- +goose Up
create extension if not exists btree_gist;

-- Ends the transaction when a statement that decides the turn touched no row. Others lost the race or sent a message
-- again: the program expects it.
-- +goose StatementBegin
create function refuse(why text) returns bigint language plpgsql as $$
begin
  raise exception 'usher refuses a turn: %', why using errcode = 'USHER';
end $$;
-- +goose StatementEnd

create table revision (
  id      text   primary key,
  sources text   not null, -- JSON: file → text
  at      bigint not null
);

create table visitor (
  id         text   primary key,
  site       text   not null,
  token_hash bytea  unique,    -- null = has no token
  data       text   not null,  -- JSON
  created_at bigint not null,
  seen_at    bigint not null
);

create table conversation (
  id         text   primary key,
  site       text   not null,
  visitor    text   not null,
  seq        bigint not null, -- turns committed: the optimistic lock
  last       bigint not null, -- seq of the last message
  state      text   not null, -- JSON
  flow       text   not null,
  revision   text   not null,
  ending     text   not null, -- '' = open
  wake_at    bigint not null,
  created_at bigint not null,
  updated_at bigint not null
);
create index conversation_due on conversation (wake_at) where wake_at > 0;
create index conversation_visitor on conversation (visitor, created_at);

create table message (
  conversation text   not null,
  seq          bigint not null, -- from 1, without a gap
  client       text   not null, -- the client's id; '' = the bot's words
  sender       text   not null, -- visitor, bot, rep
  name         text   not null,
  body         text   not null,
  ask          text   not null, -- JSON or ''
  meeting      text   not null, -- UID of the meeting the words tell of, or ''
  ending       text   not null, -- how the conversation ended with these words, or ''
  at           bigint not null,
  primary key (conversation, seq)
);
create unique index message_client on message (conversation, client) where client <> '';

create table journal (
  conversation text   not null,
  turn         bigint not null,
  n            bigint not null, -- within the turn
  input        text   not null, -- JSON
  at           bigint not null,
  primary key (conversation, turn, n)
);

create table lead (
  id           text             primary key,
  conversation text             not null,
  name         text             not null,
  email        text             not null,
  phone        text             not null,
  company      text             not null,
  score        double precision not null,
  grade        text             not null,
  stage        text             not null,
  rep          text             not null,
  team         text             not null,
  source       text             not null,
  updated_at   bigint           not null
);
create index lead_conversation on lead (conversation);

-- A row blocks its rep over [block_start, block_end) while held or confirmed. Expired holds are removed by the
-- transaction that wants their time. The range is of integers, which are exact; it is half open as tstzrange is.
create table meeting (
  uid          text   primary key,
  conversation text   not null,
  visitor      text   not null,
  rep          text   not null,
  start_at     bigint not null,
  end_at       bigint not null check (end_at > start_at),
  buffer       bigint not null check (buffer >= 0), -- microseconds
  block_start  bigint not null,
  block_end    bigint not null,
  status       text   not null check (status in ('held', 'confirmed', 'cancelled', 'dropped')),
  expires      bigint not null,                     -- of a hold
  sequence     bigint not null,
  title        text   not null,
  place        text   not null,
  attendee     text   not null,
  name         text   not null,
  timezone     text   not null,
  created_at   bigint not null,
  constraint meeting_taken exclude using gist (rep with =, int8range(block_start, block_end) with &&)
    where (status in ('held', 'confirmed'))
);
create index meeting_rep on meeting (rep, block_end) where status in ('held', 'confirmed');
create index meeting_held on meeting (visitor, created_at) where status = 'held';
create index meeting_conversation on meeting (conversation);

create table ledger (
  id           bigint generated always as identity primary key,
  conversation text   not null,
  team         text   not null,
  rep          text   not null,
  kind         text   not null, -- assigned, booked, passed …
  route        bigint not null,
  because      text   not null,
  leads        bigint not null,
  at           bigint not null
);
create index ledger_conversation on ledger (conversation);

-- What the ledger's assigned lines add up to, kept in the same transaction.
create table share (
  team    text   not null,
  rep     text   not null,
  count   bigint not null,
  last_at bigint not null,
  primary key (team, rep)
);

-- One rep's calendar as it was last read.
create table busy (
  rep      text   primary key,
  read_at  bigint not null, -- 0 = never
  until_at bigint not null, -- its busy times are known up to here
  failure  text   not null, -- '' = could be read
  spans    bytea  not null  -- the busy times, packed: see pack in busy.go
);

-- Announced absence.
create table rep_state (
  rep      text   not null,
  start_at bigint not null,
  end_at   bigint not null,
  primary key (rep, start_at, end_at)
);

-- What a channel calls something of ours.
create table link (
  kind  text not null,
  key   text not null,
  value text not null,
  primary key (kind, key)
);

create table job (
  n        bigint generated always as identity primary key,
  id       text   not null unique,
  kind     text   not null,
  key      text   not null, -- jobs of one key run one after the other; '' = of none
  payload  text   not null, -- JSON
  run_at   bigint not null,
  due_at   bigint not null, -- when it may be claimed: run_at, or the end of the lease while running
  attempts bigint not null,
  state    text   not null check (state in ('ready', 'running', 'done', 'dead')),
  error    text   not null
);
create index job_due on job (due_at, n) where state in ('ready', 'running');
create index job_key on job (key, n) where state in ('ready', 'running');
create index job_state on job (state);

create table audit (
  id     bigint generated always as identity primary key,
  who    text   not null,
  what   text   not null,
  whom   text   not null,
  detail text   not null, -- JSON
  at     bigint not null
);

-- One row that is written to learn whether the database can be written.
create table pulse (
  id bigint primary key,
  at bigint not null
);
