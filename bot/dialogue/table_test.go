package dialogue

import "testing"

func TestTable(t *testing.T) {
	empty := func() table { return table{seen: map[[2]string]string{}, states: map[string]place{}} }
	t.Run("one event with two meanings in one state is refused", func(t *testing.T) {
		b := empty()
		b.add("go", "a", "b")
		b.add("go", "a", "b")
		if b.err != nil || len(b.events) != 1 {
			t.Fatal(b.err, b.events)
		}
		if b.add("go", "a", "c"); b.err == nil {
			t.Fatal("looplab would have taken the last silently")
		}
	})
	t.Run("two states of one name are refused", func(t *testing.T) {
		b := empty()
		b.put("a", place{})
		if b.put("a", place{}); b.err == nil {
			t.Fatal("taken")
		}
	})
	t.Run("a self-transition, which looplab calls an error, is none", func(t *testing.T) {
		b := empty()
		if b.add("go", "a", "a"); len(b.events) != 0 {
			t.Fatal(b.events)
		}
	})
}

func TestCountry(t *testing.T) {
	for _, c := range []struct{ zone, language, want string }{
		{"Asia/Kolkata", "en", "IN"},
		{"Asia/Calcutta", "en-US", "IN"},
		{"UTC", "pt-BR", "BR"},
		{"UTC", "zh-Hant-TW", "TW"},
		{"UTC", "en", ""},
		{"", "", ""},
	} {
		if got := country(c.zone, c.language); got != c.want {
			t.Errorf("%s, %s: %q, not %q", c.zone, c.language, got, c.want)
		}
	}
}
