-- +goose Up
-- What reports count of a conversation, apart from it so that counting reads little. Every turn adds to it.
create table journey (
  conversation text   primary key,
  flow         text   not null,
  revision     text   not null,
  began_at     integer not null,
  ending       text   not null, -- '' = open
  wanted_at    integer not null, -- when the visitor came to want a person, or the flow found so; 0 = never
  met_at       integer not null, -- the first words of a person, or a booked meeting, since; 0 = none
  rep          text   not null, -- who said them, or else has the lead
  team         text   not null,
  path         text   not null  -- the steps with their times: see bot.Walk
) strict;
create index journey_began on journey (began_at);
create index journey_wanted on journey (wanted_at) where wanted_at > 0;

-- What reports count of a person, likewise. Every change of the person brings it up to date.
create table prospect (
  person     text   primary key,
  created_at integer not null,
  source     text   not null, -- of the first visit: utm.source, or the host of the referrer
  campaign   text   not null,
  page       text   not null,
  industry   text   not null, -- the answer to a field of that name
  language   text   not null,
  country    text   not null,
  channel    text   not null,
  grade      text   not null,
  stage      text   not null,
  mql_at     integer not null, -- when the person first was so far, or farther; 0 = never
  sal_at     integer not null,
  sql_at     integer not null,
  won_at     integer not null
) strict;
create index prospect_created on prospect (created_at);
create index prospect_mql on prospect (mql_at) where mql_at > 0;
create index prospect_sql on prospect (sql_at) where sql_at > 0;
create index prospect_won on prospect (won_at) where won_at > 0;

alter table meeting add column moved integer not null default 0; -- how often it was put at another time
create index meeting_start on meeting (start_at) where of = '';
