-- +goose Up
-- One human being, over all conversations. A row whose forward is set is somebody who was merged into that person.
create table person (
  id         text    primary key,
  version    integer not null, -- changes committed: the optimistic lock
  forward    text    not null, -- who this person turned out to be, or ''
  name       text    not null,
  called     text    not null, -- the name in small letters
  email      text    not null,
  phone      text    not null,
  company    text    not null,
  domain     text    not null,
  country    text    not null,
  language   text    not null,
  timezone   text    not null,
  score      real    not null, -- at scored_at
  grade      text    not null,
  scored_at  integer not null,
  stage      text    not null,
  reason     text    not null,
  revisit    integer not null,
  owner      text    not null,
  team       text    not null,
  waiting    text    not null,
  owned_at   integer not null,
  source     text    not null, -- of the first visit: utm.source, or the referrer
  campaign   text    not null, -- of the first visit: utm.campaign
  page       text    not null, -- of the first visit
  channel    text    not null, -- of the first visit
  outbound   integer not null, -- of the first visit
  data       text    not null, -- JSON: fields, sources, consents, standings
  changes    integer not null, -- lines in person_change
  created_at integer not null,
  updated_at integer not null
) strict;
create index person_updated on person (updated_at, id) where forward = '';
create index person_stage on person (stage, updated_at, id) where forward = '';
create index person_owner on person (owner, updated_at, id) where forward = '' and owner <> '';
create index person_waiting on person (waiting, updated_at, id) where forward = '' and waiting <> '';
create index person_domain on person (domain, updated_at, id) where forward = '' and domain <> '';
create index person_called on person (called) where forward = '' and called <> '';
create index person_created on person (created_at) where forward = '';
create index person_forward on person (forward) where forward <> '';

-- What a person is known by.
create table person_key (
  kind   text not null, -- email, phone, visitor
  value  text not null,
  person text not null,
  primary key (kind, value)
) strict, without rowid;
create index person_key_person on person_key (person);

-- The trail. Rows are only added; person alone follows a merge.
create table person_change (
  of           text    not null, -- whose it was when it was written
  n            integer not null, -- of those, from 1, without a gap
  person       text    not null, -- whose it is now
  kind         text    not null, -- stage, owner, grade, merged, contact
  was          text    not null,
  became       text    not null,
  who          text    not null,
  because      text    not null,
  conversation text    not null, -- or ''
  at           integer not null,
  primary key (of, n)
) strict, without rowid;
create index person_change_person on person_change (person, at);
create index person_change_kind on person_change (kind, at);

alter table lead add column person text not null default ''; -- '' = not folded yet
alter table lead add column facts  text not null default ''; -- that the person was told of, with line feeds between
create index lead_person on lead (person) where person <> '';
create index lead_unfolded on lead (conversation) where person = '';
