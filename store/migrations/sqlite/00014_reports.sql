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

alter table meeting add column moved integer not null default 0; -- how often it was put at another time
create index meeting_start on meeting (start_at) where of = '';
