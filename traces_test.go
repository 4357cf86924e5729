package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mark is a word that stands nowhere but in what one person told, and markPhone their number.
const (
	mark      = "Zanzibarqux"
	markPhone = "30901820"
)

// hasMark says whether a text has something of the marked person.
func hasMark(text string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(mark)) || strings.Contains(text, markPhone)
}

// nothingIsLeft searches every table and file of a server, and everything around it.
func nothingIsLeft(t *testing.T, o *surroundings, n *node, database, data string) {
	t.Helper()
	for table, column := range everyColumn(t, database) {
		t.Errorf("%s has it in %s", table, column)
	}
	folders := []string{data}
	if file, ok := strings.CutPrefix(database, "sqlite:"); ok {
		folders = append(folders, filepath.Dir(file))
	}
	for _, file := range filesWithMark(t, folders) {
		t.Errorf("%s has it", file)
	}
	for _, c := range o.channels {
		for _, m := range o.slack.Messages(c) {
			if m.Bot && m.Ephemeral == "" && hasMark(m.Words()) {
				t.Errorf("in %s: %s", c, m.Words())
			}
		}
	}
	if shown := o.calendar.shows(t); hasMark(shown) {
		t.Errorf("the calendar has it: %s", shown)
	}
	for _, kind := range []string{"contacts", "meetings"} {
		for _, r := range o.crm.Objects(kind) {
			t.Errorf("the CRM has %s %v", kind, r.Properties)
		}
	}
	if hasMark(n.log.text()) {
		t.Error("the log has it")
	}
}

// everyColumn searches every column of every table, also of those that come tomorrow.
func everyColumn(t *testing.T, url string) map[string]string {
	t.Helper()
	driver, at := "pgx", url
	columns := "select table_name, column_name from information_schema.columns where table_schema = current_schema()"
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, at = "sqlite", file
		columns = "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'"
	}
	db, err := sql.Open(driver, at)
	must(t, err)
	defer db.Close()
	rows, err := db.Query(columns)
	must(t, err)
	var all [][2]string
	for rows.Next() {
		var c [2]string
		must(t, rows.Scan(&c[0], &c[1]))
		all = append(all, c)
	}
	must(t, rows.Err())
	rows.Close()
	found := map[string]string{}
	for _, c := range all {
		var n int
		must(t, db.QueryRow(fmt.Sprintf(`select count(*) from %s where lower(cast("%s" as text)) like '%%%s%%' or lower(cast("%[2]s" as text)) like '%%%[4]s%%'`, c[0], c[1], strings.ToLower(mark), markPhone)).Scan(&n))
		if n > 0 {
			found[c[0]] = c[1]
		}
	}
	if len(all) < 50 {
		t.Fatalf("%d columns", len(all))
	}
	return found
}

// filesWithMark searches the bytes of every file: also those of pages that a database does not use any more.
func filesWithMark(t *testing.T, folders []string) (found []string) {
	t.Helper()
	for _, folder := range folders {
		must(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if slices.ContainsFunc([][]byte{[]byte(strings.ToLower(mark)), []byte(markPhone)}, func(w []byte) bool { return bytes.Contains(bytes.ToLower(text), w) }) {
				found = append(found, path)
			}
			return err
		}))
	}
	return found
}
