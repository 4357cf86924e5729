-- +goose Up
-- Who did what, each line with a hash over itself and the line before: see audit.go. Persons are named by ids and keyed
-- hashes alone, so that nobody's erasure needs the chain written anew.
drop table audit;
create table audit (
  n      bigint primary key, -- from 1, without a gap
  at     bigint not null,
  who    text    not null,
  what   text    not null,
  whom   text    not null,
  detail text    not null,    -- JSON
  prev   text    not null,    -- hash of the line before
  hash   text    not null
);
create index audit_at on audit (at);
create index audit_whom on audit (whom, n);

-- An erasure, which stays after the person is gone.
create table erasure (
  id    text    primary key,
  at    bigint not null,
  who   text    not null,
  rows  bigint not null -- that were erased here
);

-- What the person was known by, as keyed hashes: whatever has one of them is not to come back.
create table erased (
  hash    text    primary key,
  erasure text    not null,
  at      bigint not null
);

-- What an erasure has to reach elsewhere.
create table erasure_part (
  erasure text    not null,
  n       bigint not null,
  place   text    not null, -- slack, calendar, …
  target  text    not null, -- JSON for the place's eraser; '' once it is done with
  state   text    not null check (state in ('waiting', 'done', 'left')),
  said    text    not null, -- what was done, or why it could not be
  at      bigint not null,
  primary key (erasure, n)
);
create index erasure_part_state on erasure_part (state);

-- A line of the ledger may lose whom it was about, and nothing else.
-- +goose StatementBegin
create or replace function ledger_refuse() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.conversation = ''
    and (new.id, new.team, new.rep, new.kind, new.route, new.leads, new.at, new.queue, new.among, new.without)
      = (old.id, old.team, old.rep, old.kind, old.route, old.leads, old.at, old.queue, old.among, old.without) then
    return new;
  end if;
  raise exception 'the ledger is only added to';
end $$;
-- +goose StatementEnd
