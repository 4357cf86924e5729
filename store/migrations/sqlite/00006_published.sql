-- +goose Up
-- Which revision new conversations begin on: the last row is the current one.
create table published (
  n        integer primary key, -- from 1, without a gap
  revision text    not null references revision (id),
  at       integer not null,
  who      text    not null,
  kind     text    not null check (kind in ('folder', 'command', 'rollback')),
  note     text    not null
) strict;
alter table conversation add column split text not null default ''; -- the flow whose split gave this conversation its flow, or ''
create index conversation_split on conversation (split, flow) where split <> '';
