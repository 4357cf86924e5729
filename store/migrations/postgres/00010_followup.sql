-- +goose Up
-- Somebody whom letters go to, by the keyed hash of the address: no address stands here.
create table recipient (
  hash          text    primary key,
  version       bigint not null, -- changes of what follows and of the enrolments: the optimistic lock
  suppressed_at bigint not null, -- since when no letter goes there; 0 = letters go
  because       text    not null  -- unsubscribe, bounce, or who said so by hand
);

-- Somebody who gets the letters of a sequence.
create table enrolment (
  id           text    primary key, -- recipient and sequence
  recipient    text    not null,
  sequence     text    not null,
  conversation text    not null,    -- that began it, and that the letters lead back to
  run          bigint not null,    -- from 1: how often the sequence began
  began_at     bigint not null,
  letters      bigint not null,    -- of this run
  last_at      bigint not null,    -- of the last letter of any run; 0 = none
  next_at      bigint not null,    -- 0 = there is none
  state        text    not null check (state in ('running', 'done', 'stopped')),
  because      text    not null     -- why it stopped
);
create index enrolment_recipient on enrolment (recipient);
create index enrolment_conversation on enrolment (conversation);

-- Every letter that was sent, for the most that one person gets over all sequences.
create table follow_up_letter (
  recipient text    not null,
  sequence  text    not null,
  run       bigint not null,
  n         bigint not null,
  at        bigint not null,
  primary key (recipient, sequence, run, n)
);
create index follow_up_letter_at on follow_up_letter (recipient, at);

-- Further tokens of a visitor: of the browsers in which a link of ours was opened.
create table visitor_token (
  token_hash bytea    primary key,
  visitor    text    not null,
  at         bigint not null
);
create index visitor_token_visitor on visitor_token (visitor);
