-- +goose Up
-- What lets other systems in. Of a key only its digest is kept.
create table api_key (
  id         text    primary key, -- stands in the key
  name       text    not null,
  digest     bytea   not null,    -- SHA-256 of the key
  scopes     text    not null,    -- with spaces between
  who        text    not null,    -- made it
  created_at bigint  not null,
  expires_at bigint  not null,    -- 0 = never
  revoked_at bigint  not null,    -- 0 = not
  used_at    bigint  not null     -- 0 = never
);
create unique index api_key_name on api_key (name) where revoked_at = 0;

-- Requests that are sent again do their work once.
create table api_request (
  key    text    not null, -- id of the key
  id     text    not null, -- as the other system calls the request
  digest bytea   not null, -- SHA-256 of what was asked
  made   text    not null, -- id of what the request made or changed; '' = still at work
  status bigint  not null, -- of the answer
  at     bigint  not null,
  primary key (key, id)
);
create index api_request_at on api_request (at);
