package web

import "testing"

func TestGlobalPrivacyControl(t *testing.T) {
	for name, c := range map[string]struct {
		frame  string
		header []string
		kept   bool
	}{
		"the header":             {hello, []string{"Sec-GPC", "1"}, false},
		"the browser's property": {hello[:len(hello)-1] + `,"gpc":true}`, nil, false},
		"neither":                {hello, nil, true},
		"a header of no":         {hello, []string{"Sec-GPC", "0"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			_, h, ts := serve(t, nil)
			resp, w := request(t, "POST", ts.URL+"/v1/chat", c.frame, c.header...)
			if resp.StatusCode != 200 {
				t.Fatal(resp.StatusCode)
			}
			if h.arrival.Visit.GPC == c.kept {
				t.Errorf("arrived with %+v", h.arrival.Visit)
			}
			resp, _ = request(t, "POST", ts.URL+"/v1/chat", `{"type":"visit","page":{"url":"/docs"}}`, append(bearer(w), c.header...)...)
			if resp.StatusCode != 204 {
				t.Fatal(resp.StatusCode)
			}
			if len(c.header) > 0 && (len(h.seen) > 0) != c.kept {
				t.Errorf("seen %v", h.seen)
			}
		})
	}
}
