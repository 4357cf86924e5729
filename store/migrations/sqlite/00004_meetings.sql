-- +goose Up
alter table meeting add column language text    not null default '';
alter table meeting add column phone    text    not null default '';
alter table meeting add column kind     text    not null default ''; -- flow/step
alter table meeting add column seats    integer not null default 0;  -- most meetings of the kind on the day; 0 = no bound
alter table meeting add column day      text    not null default ''; -- 2026-11-24 in the roster's zone
alter table meeting add column "with"   text    not null default ''; -- reps who come too, with spaces between
alter table meeting add column of       text    not null default ''; -- the meeting this row blocks one of those for, or '' = the meeting itself
alter table meeting add column made     text    not null default '';
alter table meeting add column because  text    not null default '';
alter table meeting add column clashed  integer not null default 0;
alter table meeting add column answer   text    not null default '';
alter table meeting add column no_show  integer not null default 0;
create index meeting_time on meeting (rep, end_at);
create index meeting_of on meeting (of) where of <> '';
create index meeting_kind on meeting (kind, day) where of = '' and status in ('held', 'confirmed');
