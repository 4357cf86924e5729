-- +goose Up
alter table message add column picture text not null default ''; -- address of the rep's picture, or ''
create index lead_rep on lead (rep, updated_at);
create index lead_email on lead (lower(email));
