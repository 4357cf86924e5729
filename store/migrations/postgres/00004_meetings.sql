-- +goose Up
alter table meeting
  add column language text   not null default '',
  add column phone    text   not null default '',
  add column kind     text   not null default '', -- flow/step
  add column seats    bigint not null default 0,  -- most meetings of the kind on the day; 0 = no bound
  add column day      text   not null default '', -- 2026-11-24 in the roster's zone
  add column "with"   text   not null default '', -- reps who come too, with spaces between
  add column of       text   not null default '', -- the meeting this row blocks one of those for, or '' = the meeting itself
  add column made     text   not null default '',
  add column because  text   not null default '',
  add column clashed  bigint not null default 0,
  add column answer   text   not null default '',
  add column no_show  bigint not null default 0;
create index meeting_time on meeting (rep, end_at);
create index meeting_of on meeting (of) where of <> '';
create index meeting_kind on meeting (kind, day) where of = '' and status in ('held', 'confirmed');

-- One row for each kind and day with seats. Whoever takes a seat writes it first and then counts, so that two cannot
-- count at once, whatever the isolation level.
create table seat (
  kind text   not null,
  day  text   not null,
  n    bigint not null, -- how often seats were asked for
  primary key (kind, day)
);
