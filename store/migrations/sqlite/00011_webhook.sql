-- +goose Up
-- Addresses of other systems that were made by hand, not in hooks.yaml.
create table webhook (
  id         text    primary key,
  url        text    not null,
  secrets    text    not null, -- JSON: a list, each encrypted
  events     text    not null, -- JSON: a list of patterns
  made_by    text    not null,
  created_at integer not null
) strict;

-- What was sent to them, and what is to be.
create table delivery (
  n            integer primary key autoincrement,
  id           text    not null unique,
  message      text    not null,
  webhook      text    not null,
  event        text    not null,
  person       text    not null, -- '' = not known
  conversation text    not null, -- '' = none
  body         text    not null, -- JSON, byte for byte as it is signed
  state        text    not null check (state in ('queued', 'sent', 'dead')),
  attempts     integer not null,
  status       integer not null, -- of HTTP; 0 = none
  error        text    not null,
  created_at   integer not null,
  tried_at     integer not null
) strict;
create index delivery_webhook on delivery (webhook, state);
create index delivery_person on delivery (person) where person <> '';
create index delivery_conversation on delivery (conversation) where conversation <> '';
create index delivery_sent on delivery (tried_at) where state = 'sent';
