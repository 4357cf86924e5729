package store

import (
	"net/url"
	"time"

	"usher/bot"
)

// prospectSteps brings up to date what reports count of the person; what was counted of somebody merged becomes theirs.
func prospectSteps(t bot.PersonTurn) []step {
	p := t.Person
	steps := []step{{sql: saveProspect, args: []any{
		p.ID, micros(p.CreatedAt), sourceOf(p.First), p.First.UTM["campaign"], p.First.Page, p.Fields["industry"].Text,
		p.Language, p.Country, p.First.Channel, p.Grade, p.Stage,
		micros(cameTo(t, bot.StageMQL)), micros(cameTo(t, bot.StageSAL)), micros(cameTo(t, bot.StageSQL)), micros(cameTo(t, bot.StageWon)),
	}}}
	for _, m := range t.Merged {
		steps = append(steps,
			step{sql: mergeProspect, args: []any{p.ID, m.ID}},
			step{sql: deleteProspect, args: []any{m.ID}})
	}
	return steps
}

// sourceOf names where a person came from. Of an address the host is enough: the rest could tell who came.
func sourceOf(s bot.Source) string {
	if source := s.UTM["source"]; source != "" {
		return source
	}
	if u, err := url.Parse(s.Referrer); err == nil {
		return u.Hostname()
	}
	return ""
}

// farness is how far a stage is; the others are no way.
var farness = map[string]int{bot.StageMQL: 1, bot.StageSAL: 2, bot.StageSQL: 3, bot.StageWon: 4}

// cameTo is when the change brought the person to a stage or farther; zero where it did not.
func cameTo(t bot.PersonTurn, stage string) time.Time {
	for _, c := range t.Changes {
		if c.Kind == bot.ChangedStage && farness[c.To] >= farness[stage] {
			return c.At
		}
	}
	return time.Time{}
}

// saveProspect keeps the first times.
var saveProspect = both(`
	insert into prospect (person, created_at, source, campaign, page, industry, language, country, channel, grade, stage,
	  mql_at, sal_at, sql_at, won_at)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
	on conflict (person) do update set
	  created_at = excluded.created_at, source = excluded.source, campaign = excluded.campaign, page = excluded.page,
	  industry = excluded.industry, language = excluded.language, country = excluded.country, channel = excluded.channel,
	  grade = excluded.grade, stage = excluded.stage,
	  mql_at = case when prospect.mql_at = 0 then excluded.mql_at else prospect.mql_at end,
	  sal_at = case when prospect.sal_at = 0 then excluded.sal_at else prospect.sal_at end,
	  sql_at = case when prospect.sql_at = 0 then excluded.sql_at else prospect.sql_at end,
	  won_at = case when prospect.won_at = 0 then excluded.won_at else prospect.won_at end`)

// mergeProspect takes the earlier of the times of both.
var mergeProspect = both(`
	update prospect
	set mql_at = ` + earlier("mql_at") + `, sal_at = ` + earlier("sal_at") + `, sql_at = ` + earlier("sql_at") + `, won_at = ` + earlier("won_at") + `
	where person = $1`)

func earlier(column string) string {
	return `coalesce((select min(e.` + column + `) from prospect as e where e.person in ($1, $2) and e.` + column + ` > 0), 0)`
}

var deleteProspect = both(`
	delete from prospect
	where person = $1`)
