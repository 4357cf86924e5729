-- +goose Up
-- Leads that nobody can take now, in their places. A row goes with the turn in which somebody gets the lead.
create table waiting (
  conversation text    primary key,
  place        text    not null, -- the team or rep it waits for
  since        bigint  not null,
  until_at     bigint  not null
);
create index waiting_place on waiting (place, since);
create index waiting_until on waiting (until_at);

alter table lead add column domain text not null default ''; -- of the address, in small letters; whether it is a company's is asked by who looks for it
update lead set domain = lower(split_part(email, '@', 2)) where email <> '';
create index lead_domain on lead (domain, updated_at) where domain <> '' and rep <> '';
create index lead_open on lead (rep, stage) where rep <> '' and stage in ('open', 'qualified');
create index meeting_ahead on meeting (end_at) where status = 'confirmed' and of = '';
