package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// shape is the tables that the database has, with their columns in order. What is one person's is looked for in the shape and
// not in a list, so that a table of tomorrow is not forgotten.
type shape map[string][]column

// column is one column of a table.
type column struct {
	name   string
	binary bool
}

func (s shape) has(table string, columns ...string) bool {
	for _, name := range columns {
		if !slices.ContainsFunc(s[table], func(c column) bool { return c.name == name }) {
			return false
		}
	}
	return len(s[table]) > 0
}

// tables are the names, in order.
func (s shape) tables() []string {
	var out []string
	for table := range s {
		out = append(out, table)
	}
	slices.Sort(out)
	return out
}

// shape reads the tables of the database.
func (d *DB) shape(ctx context.Context) (shape, error) {
	s := shape{}
	err := d.engine.read(ctx, []step{{sql: readShape, each: func(row scanner) error {
		var table, name, kind string
		if err := row.Scan(&table, &name, &kind); err != nil {
			return err
		}
		kind = strings.ToLower(kind)
		s[table] = append(s[table], column{name, kind == "blob" || kind == "bytea"})
		return nil
	}}})
	if err != nil {
		return nil, fmt.Errorf("read the tables: %w", err)
	}
	return s, nil
}

var readShape = statement{
	lite: `
	select m.name, c.name, c.type
	from sqlite_master m
	join pragma_table_info(m.name) c
	where m.type = 'table' and m.name not like 'sqlite!_%' escape '!'
	order by m.name, c.cid`,
	postgres: `
	select cast(table_name as text), cast(column_name as text), cast(data_type as text)
	from information_schema.columns
	where table_schema = current_schema()
	order by table_name, ordinal_position`,
}

// quoted is a column's name where it may be a word of SQL's own.
func quoted(name string) string { return `"` + name + `"` }
