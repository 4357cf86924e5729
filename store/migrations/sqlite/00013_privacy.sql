-- +goose Up
-- Who did what, each line with a hash over itself and the line before: see audit.go. Persons are named by ids and keyed
-- hashes alone, so that nobody's erasure needs the chain written anew.
drop table audit;
create table audit (
  n      integer primary key, -- from 1, without a gap
  at     integer not null,
  who    text    not null,
  what   text    not null,
  whom   text    not null,
  detail text    not null,    -- JSON
  prev   text    not null,    -- hash of the line before
  hash   text    not null
) strict;
create index audit_at on audit (at);
create index audit_whom on audit (whom, n);

-- An erasure, which stays after the person is gone.
create table erasure (
  id    text    primary key,
  at    integer not null,
  who   text    not null,
  rows  integer not null -- that were erased here
) strict;

-- What the person was known by, as keyed hashes: whatever has one of them is not to come back.
create table erased (
  hash    text    primary key,
  erasure text    not null,
  at      integer not null
) strict;

-- What an erasure has to reach elsewhere.
create table erasure_part (
  erasure text    not null,
  n       integer not null,
  place   text    not null, -- slack, calendar, …
  target  text    not null, -- JSON for the place's eraser; '' once it is done with
  state   text    not null check (state in ('waiting', 'done', 'left')),
  said    text    not null, -- what was done, or why it could not be
  at      integer not null,
  primary key (erasure, n)
) strict;
create index erasure_part_state on erasure_part (state);

-- A line of the ledger may lose whom it was about, and nothing else.
drop trigger ledger_unchanged;
-- +goose StatementBegin
create trigger ledger_unchanged before update on ledger
when not (new.conversation = '' and new.id = old.id and new.team = old.team and new.rep = old.rep and new.kind = old.kind and new.route = old.route
  and new.leads = old.leads and new.at = old.at and new.queue = old.queue and new.among = old.among and new.without = old.without)
begin
  select raise(abort, 'the ledger is only added to');
end;
-- +goose StatementEnd
