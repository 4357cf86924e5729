package terminal

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"usher/adapters/terminal/sheet"
)

// importResults are the results in the order in which they are told.
var importResults = []string{lineNew, lineMerged, lineKnown, lineRefused}

// importReport tells what becomes of each line.
type importReport struct {
	json   bool
	out    printer
	lines  lines
	counts map[string]int
	dry    bool
}

// begin says how the table was read.
func (r *importReport) begin(im *importing, form sheet.Form) {
	r.counts = map[string]int{}
	comma := map[byte]string{',': "commas", ';': "semicolons", '\t': "tabs"}[form.Comma]
	if r.json {
		r.print(struct {
			File     string            `json:"file"`
			Encoding string            `json:"encoding"`
			Comma    string            `json:"separator"`
			Columns  map[string]string `json:"columns"` // heading → target
			DryRun   bool              `json:"dry_run"`
		}{im.file, form.Encoding, string(form.Comma), im.told(), r.dry})
		return
	}
	r.out.printf("%s: %s, %s between cells\n", im.file, form.Encoding, comma)
}

// told is which heading is what.
func (im *importing) told() map[string]string {
	out := map[string]string{}
	for target, at := range im.columns {
		for _, i := range at {
			out[im.header[i]] = target
		}
	}
	return out
}

func (r *importReport) line(l importLine) {
	r.counts[l.Result]++
	if r.json {
		r.print(l)
		return
	}
	said := ""
	switch l.Result {
	case lineNew:
		said = "new lead " + l.Lead + " (" + cmp.Or(l.Email, l.Name) + ")"
	case lineMerged:
		said = "merged with " + l.Lead + " (" + cmp.Or(l.Name, l.Email) + ")"
	case lineKnown:
		said = "nothing new of " + l.Lead + " (" + cmp.Or(l.Name, l.Email) + ")"
	default:
		said = "refused: " + l.Because
	}
	if l.Waiting != "" && l.Result != lineRefused {
		l.Notes = append(l.Notes, "waits at "+l.Waiting)
	}
	if len(l.Notes) > 0 {
		said += "; " + strings.Join(l.Notes, "; ")
	}
	r.out.printf("line %d: %s\n", l.Line, said)
}

func (r *importReport) print(v any) { r.out.err = errors.Join(r.out.err, r.lines.Encode(v)) }

// end sums up.
func (r *importReport) end() error {
	if r.json {
		r.print(struct {
			Total  map[string]int `json:"total"`
			DryRun bool           `json:"dry_run"`
		}{r.counts, r.dry})
		return r.out.err
	}
	r.out.printf("%s\n", r.total())
	if r.dry {
		r.out.printf("Nothing was written: this was a dry run.\n")
	}
	return r.out.err
}

func (r *importReport) total() string {
	n := 0
	for _, result := range importResults {
		n += r.counts[result]
	}
	return fmt.Sprintf("%s: %d new, %d merged, %d known already, %d refused", count(n, "line", "lines"),
		r.counts[lineNew], r.counts[lineMerged], r.counts[lineKnown], r.counts[lineRefused])
}

// stopped says how far it came.
func (r *importReport) stopped() error {
	return fmt.Errorf("stopped after %s; start it again, what is in changes nothing", r.total())
}
