package api_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/adapters/api"
	"usher/bot"
)

// book keeps webhooks and pings them.
type book struct {
	all  []bot.Webhook
	said string
	with string // the secret of the last ping
}

func (b *book) SaveWebhook(_ context.Context, w bot.Webhook) error {
	if err := w.Check(); err != nil {
		return err
	}
	b.all = append(b.all, w)
	return nil
}

func (b *book) Webhooks(context.Context) ([]bot.Webhook, error) { return b.all, nil }

func (b *book) DeleteWebhook(_ context.Context, id string) error {
	n := len(b.all)
	if b.all = slices.DeleteFunc(b.all, func(w bot.Webhook) bool { return w.ID == id }); len(b.all) == n {
		return bot.ErrNotFound
	}
	return nil
}

func (b *book) Ping(_ context.Context, w bot.Webhook) (int, string, time.Duration, error) {
	b.with = w.Secrets[0]
	if w.URL == "https://bad.example/" {
		return 0, "", 0, errors.Join(bot.ErrWebhook)
	}
	return 500, b.said, 20 * time.Millisecond, nil
}

func TestWebhooks(t *testing.T) {
	kept := &book{said: "the receiver answered 500"}
	o := open(t, func(s *api.Server) { s.Webhooks = kept })
	var made api.Webhook
	o.read(o.ask("POST", "/v1/webhooks", `{"url":"https://crm.example/hook","events":["lead.*"]}`), &made)
	if !strings.HasPrefix(made.Secret, "whsec_") || made.By != "api warehouse 7" || !made.Created.Equal(noon) {
		t.Errorf("%+v", made)
	}
	var all api.Webhook
	if o.read(o.ask("POST", "/v1/webhooks", `{"url":"https://all.example/hook"}`), &all); all.Events == nil {
		t.Error("no events are null")
	}
	if listed := o.ask("GET", "/v1/webhooks", ""); !strings.Contains(listed.text, made.ID) || strings.Contains(listed.text, "whsec_") {
		t.Errorf("the secret is told again: %s", listed.text)
	}
	ping := o.ask("POST", "/v1/webhooks/"+made.ID+"/test", "")
	if ping.status != http.StatusOK || !strings.Contains(ping.text, `{"taken":false,"status":500,"said":"the receiver answered 500","took_ms":20}`) || kept.with != made.Secret {
		t.Errorf("%+v", ping)
	}
	for _, body := range []string{`{"url":"http://crm.example/hook"}`, `{"url":"https://crm.example/","events":["lead.sold"]}`, `{"url":"https://crm.example/","secret":"hush"}`} {
		o.refused(o.ask("POST", "/v1/webhooks", body), http.StatusUnprocessableEntity, "webhook")
	}
	if a := o.ask("DELETE", "/v1/webhooks/"+made.ID, ""); a.status != http.StatusNoContent || a.text != "" {
		t.Errorf("%+v", a)
	}
	o.refused(o.ask("DELETE", "/v1/webhooks/"+made.ID, ""), http.StatusNotFound)
	o.refused(o.ask("POST", "/v1/webhooks/"+made.ID+"/test", ""), http.StatusNotFound)
	o.secret = o.key(bot.ScopeReadLeads)
	o.refused(o.ask("GET", "/v1/webhooks", ""), http.StatusForbidden, "webhooks:write")
}

func TestReports(t *testing.T) {
	o := open(t)
	o.begun("c1", noon.Add(-time.Hour), meeting("m1", "asha", noon.Add(-2*time.Hour)), meeting("m2", "asha", noon.Add(-time.Hour)))
	for _, k := range bot.ReportKinds {
		var r api.Report
		o.read(o.ask("GET", "/v1/reports/"+k.Name, ""), &r)
		if r.Name != k.Name || r.Timezone != "Europe/Berlin" || !r.To.Equal(noon) || r.Lines == nil {
			t.Errorf("%+v", r)
		}
	}
	var r api.Report
	o.read(o.ask("GET", "/v1/reports/meetings?by=rep&from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z", ""), &r)
	if len(r.Lines) != 1 || r.Lines[0].(map[string]any)["held"] != 2.0 {
		t.Errorf("%+v", r)
	}
	o.refused(o.ask("GET", "/v1/reports/gossip", ""), http.StatusUnprocessableEntity, "path.name")
	o.refused(o.ask("GET", "/v1/reports/meetings?by=weather", ""), http.StatusUnprocessableEntity, "query.by", "rep, month")
	o.refused(o.ask("GET", "/v1/reports/leads?flow=weather", ""), http.StatusUnprocessableEntity, "query.flow", "funnel")
	o.refused(o.ask("GET", "/v1/reports/funnel?flow=weather", ""), http.StatusUnprocessableEntity, "query.flow", "no such flow")
	o.refused(o.ask("GET", "/v1/reports/leads?from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z", ""), http.StatusUnprocessableEntity, "query.to")
}
