package sheet_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"usher/adapters/terminal/sheet"
)

// read reads a whole table: its rows, and the lines that are broken.
func read(t testing.TB, text string, alone func([]string) bool) (f sheet.Form, rows []string, broken []string) {
	t.Helper()
	in := strings.NewReader(text)
	f, err := sheet.Look(in, "")
	if err != nil {
		t.Fatal(err)
	}
	in.Seek(0, io.SeekStart)
	r, err := sheet.NewReader(in, f)
	if err != nil {
		t.Fatal(err)
	}
	r.Alone = alone
	for range len(text) + 2 {
		row, err := r.Next()
		var bad *sheet.RowError
		switch {
		case errors.Is(err, io.EOF):
			return f, rows, broken
		case errors.As(err, &bad):
			broken = append(broken, bad.Error())
		case err != nil:
			t.Fatal(err)
		default:
			rows = append(rows, fmt.Sprintf("%d %q", row.Line, row.Cells))
		}
	}
	t.Fatal("the table does not end")
	return f, nil, nil
}

func encoded(t *testing.T, e interface{ String(string) (string, error) }, text string) string {
	t.Helper()
	out, err := e.String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestForms(t *testing.T) {
	text := "E-Mail;Name;Größe\r\nana@acme.example;Ana Müller;50–200 €\r\nbo@acme.example;Bo Ñandú;1\r\n"
	want := []string{`1 ["E-Mail" "Name" "Größe"]`, `2 ["ana@acme.example" "Ana Müller" "50–200 €"]`, `3 ["bo@acme.example" "Bo Ñandú" "1"]`}
	for name, c := range map[string]struct{ text, encoding string }{
		"UTF-8":                      {text, sheet.UTF8},
		"UTF-8 with a mark":          {"\xEF\xBB\xBF" + text, sheet.UTF8},
		"Windows-1252":               {encoded(t, charmap.Windows1252.NewEncoder(), text), sheet.Windows},
		"UTF-16LE with a mark":       {encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), text), sheet.UTF16LE},
		"UTF-16BE with a mark":       {encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder(), text), sheet.UTF16BE},
		"UTF-16LE without a mark":    {encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder(), text), sheet.UTF16LE},
		"UTF-16BE without a mark":    {encoded(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder(), text), sheet.UTF16BE},
		"lines that end with LF":     {strings.ReplaceAll(text, "\r\n", "\n"), sheet.UTF8},
		"lines that end with CR":     {strings.ReplaceAll(text, "\r\n", "\r"), sheet.UTF8},
		"no end of the last line":    {strings.TrimSpace(text), sheet.UTF8},
		"blank lines at the end":     {text + "\r\n;;\r\n\r\n", sheet.UTF8},
		"the separator as tab":       {strings.ReplaceAll(text, ";", "\t"), sheet.UTF8},
		"the separator as comma":     {strings.ReplaceAll(text, ";", ","), sheet.UTF8},
		"quotes around every cell":   {`"` + strings.NewReplacer(";", `";"`, "\r\n", "\"\r\n\"").Replace(strings.TrimSpace(text)) + `"`, sheet.UTF8},
		"more cells that are empty":  {strings.ReplaceAll(text, "€", "€;;"), sheet.UTF8},
		"a space before each quote ": {`"E-Mail"; "Name"; "Größe"` + "\n" + strings.SplitAfterN(text, "\n", 2)[1], sheet.UTF8},
	} {
		t.Run(name, func(t *testing.T) {
			f, rows, broken := read(t, c.text, nil)
			if f.Encoding != c.encoding || !slices.Equal(rows, want) || len(broken) > 0 {
				t.Errorf("%s %q %q", f.Encoding, rows, broken)
			}
		})
	}
	t.Run("Latin-1 of a Portuguese list is told from UTF-8", func(t *testing.T) {
		f, rows, _ := read(t, encoded(t, charmap.ISO8859_1.NewEncoder(), "nome,cidade\nJoão,São Paulo\n"), nil)
		if f.Encoding != sheet.Windows || rows[1] != `2 ["João" "São Paulo"]` {
			t.Error(f, rows)
		}
	})
	t.Run("a line that says what the separator is, is no header", func(t *testing.T) {
		_, rows, _ := read(t, "sep=;\na,b;c\n1;2\n", nil)
		if !slices.Equal(rows, []string{`2 ["a,b" "c"]`, `3 ["1" "2"]`}) {
			t.Error(rows)
		}
	})
	t.Run("an empty file is said to be empty, and one that an editor left a mark in", func(t *testing.T) {
		for _, text := range []string{"", "\xEF\xBB\xBF", "\n\n"} {
			if _, err := sheet.Look(strings.NewReader(text), ""); !errors.Is(err, sheet.ErrEmpty) {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
	t.Run("an encoding that somebody knows is taken", func(t *testing.T) {
		f, err := sheet.Look(strings.NewReader("a,b\n"), sheet.Windows)
		if err != nil || f.Encoding != sheet.Windows {
			t.Error(f, err)
		}
	})
}

func TestRows(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		rows   []string // after the header
		broken []string
	}{
		"a cell may have lines, separators and quotes in it": {
			"a,b\n1,\"x, \"\"y\"\"\r\nz\"\n2,3\n", []string{`2 ["1" "x, \"y\"\nz"]`, `4 ["2" "3"]`}, nil,
		},
		"too few and too many cells cost their row alone": {
			"a,b\n1\n2,3\n4,5,6\n7,8,\n",
			[]string{`3 ["2" "3"]`, `5 ["7" "8"]`},
			[]string{"line 2: it has 1 cells, the header has 2", "line 4: it has 3 cells, the header has 2"},
		},
		"a quote that is not closed costs its row alone": {
			"a,b\n1,\"x\n2,y\n3,\"z\"\n", []string{`3 ["2" "y"]`, `4 ["3" "z"]`}, []string{"line 2: a quote is not closed"},
		},
		"a quote that is not closed up to the end does too": {
			"a,b\n1,\"x\n2,y\n3,z", []string{`3 ["2" "y"]`, `4 ["3" "z"]`}, []string{"line 2: a quote is not closed"},
		},
		"a quote that closes by chance does too": {
			"a,b\n1,\"x\n2@,y\n3,\"\"\"\n4@,\"\"\n",
			[]string{`3 ["2@" "y"]`, `5 ["4@" ""]`},
			[]string{"line 2: a quote is not closed", "line 4: a quote is not closed"},
		},
		"a quote after a quoted cell does too": {
			"a,b\n1,\"x\"y\n2,\"z\"\n", []string{`3 ["2" "z"]`}, []string{"line 2: a quote stands where none belongs"},
		},
		"quotes within a cell are nothing special": {
			"a,b\n5\" disk,it's \"new\"\n", []string{`2 ["5\" disk" "it's \"new\""]`}, nil,
		},
		"a line in another encoding costs itself": {
			"a,b\nJoão,1\nJosé,2\nJos\xE9,3\nAna,4\n",
			[]string{`2 ["João" "1"]`, `3 ["José" "2"]`, `5 ["Ana" "4"]`},
			[]string{"line 4: the line is not in the encoding of the rest"},
		},
		"a line that is far too long costs itself": {
			"a,b\n" + strings.Repeat("x", 70<<10) + ",1\n2,3\n", []string{`3 ["2" "3"]`}, []string{"line 2: the line is longer than 64 KiB"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, rows, broken := read(t, c.text, func(cells []string) bool { return strings.Contains(cells[0], "@") })
			if !slices.Equal(rows[1:], c.rows) || !slices.Equal(broken, c.broken) {
				t.Errorf("%q %q", rows, broken)
			}
		})
	}
	t.Run("what encoding/csv writes comes back, cell by cell", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			width := rapid.IntRange(1, 4).Draw(t, "width")
			cell := rapid.StringMatching(`[a-zé ,;"'` + "\n" + `]{0,6}x`)
			want := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 1, 8).Draw(t, "rows")
			var b strings.Builder
			w := csv.NewWriter(&b)
			w.Comma = rapid.SampledFrom([]rune(",;\t")).Draw(t, "comma")
			header := []string{"a", "b", "c", "d"}[:width]
			if width == 1 {
				w.Comma = ','
			}
			if err := w.WriteAll(append([][]string{header}, want...)); err != nil {
				t.Fatal(err)
			}
			in := strings.NewReader(b.String())
			f, err := sheet.Look(in, "")
			if err != nil {
				t.Fatal(err)
			}
			in.Seek(0, io.SeekStart)
			r, err := sheet.NewReader(in, f)
			if err != nil {
				t.Fatal(err)
			}
			for i, cells := range append([][]string{header}, want...) {
				row, err := r.Next()
				if err != nil || !slices.Equal(row.Cells, cells) {
					t.Fatalf("row %d of %q: %q, not %q: %v", i, b.String(), row.Cells, cells, err)
				}
			}
		})
	})
}

func FuzzReader(f *testing.F) {
	f.Add("a;b\n1;\"x\ny\"\n")
	f.Add("\xFF\xFEa\x00,\x00")
	f.Add("sep=\t\n\"\"\"")
	f.Add("a,b\n\"\n\"\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		in := strings.NewReader(text)
		form, err := sheet.Look(in, "")
		if err != nil {
			return
		}
		in.Seek(0, io.SeekStart)
		r, err := sheet.NewReader(in, form)
		if err != nil {
			t.Fatal(err)
		}
		r.Alone = func(cells []string) bool { return strings.Contains(cells[0], "@") }
		last, width := 0, 0
		for range len(text) + 2 {
			row, err := r.Next()
			var broken *sheet.RowError
			line := row.Line
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &broken):
				line = broken.Line
			case err != nil:
				t.Fatal(err)
			case width == 0:
				width = len(row.Cells)
			}
			if line <= last || err == nil && len(row.Cells) != width {
				t.Fatalf("line %d after %d, %d cells of %d", line, last, len(row.Cells), width)
			}
			last = line
		}
		t.Fatal("it does not end")
	})
}
