-- +goose Up
alter table message add column picture text not null default ''; -- address of the rep's picture, or ''
create index lead_rep on lead (rep, updated_at);
create index lead_email on lead (lower(email));

-- How often a team's leads were shared out: whoever decided on older shares decides again.
create table draw (
  team text   primary key,
  n    integer not null
) strict;
