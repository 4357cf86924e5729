package api

import (
	"testing"
	"time"
)

func FuzzCursor(f *testing.F) {
	list := listOf("meetings", "asha")
	f.Add(cursor{list, time.Date(2026, 11, 23, 12, 0, 0, 123000, time.UTC), "m1"}.String())
	f.Add("eyJsIjoiYSJ9")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := after(text, list)
		if err != nil || text == "" {
			return
		}
		again, err := after(c.String(), list)
		if err != nil || !again.At.Equal(c.At) || again.ID != c.ID {
			t.Errorf("%+v came back as %+v: %v", c, again, err)
		}
	})
}
