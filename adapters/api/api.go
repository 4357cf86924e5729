// Package api owns the JSON API for other systems: leads, conversations and meetings over HTTP under /v1/, described by
// OpenAPI 3.1, with keys that may do what their scopes say. It decides nothing: it reads what the house remembers and
// asks the house for changes, in the name of the key.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"usher/bot"
)

// Server serves the API. Its exported fields are set before the first use and not changed after.
type Server struct {
	Keys          Keys
	Requests      bot.Requests
	Leads         Leads
	LeadChanges   LeadChanges
	Conversations Conversations
	Meetings      Meetings
	Changes       MeetingChanges
	Reports       bot.ReportMemory
	Webhooks      Webhooks         // nil = there are none to make
	Audit         Audit            // nil = changes are not written down
	Log           *slog.Logger     // nil = slog.Default
	Now           func() time.Time // nil = time.Now
	Rate          Rate
	URL           string // where the server is reached, for the description; "" = where it was asked for
}

// Keys knows who may ask.
type Keys interface {
	// APIKey reads by id, or bot.ErrNotFound.
	APIKey(ctx context.Context, id string) (bot.APIKey, error)
	UsedAPIKey(ctx context.Context, id string, at time.Time) error
}

// Audit writes down who did what.
type Audit interface {
	Audit(ctx context.Context, l bot.AuditLine) error
}

// Bounds of a request.
const (
	maxBody  = 256 << 10 // a lead has a few KB
	readTime = 10 * time.Second
	workTime = 15 * time.Second // a store that answers later is not there
)

// Join makes the API of the bot and its store.
func Join(b *bot.Bot) *Server {
	return &Server{
		Keys: b.Store, Requests: b.Store, Leads: b.Store, LeadChanges: b, Conversations: b.Store, Meetings: b.Store, Changes: b, Reports: b.Store, Audit: b,
		Log: b.Log, Now: b.Now,
	}
}

// Beside serves the API's paths and lets the rest through: the chat has some of its own under /v1/.
func (s *Server) Beside(rest http.Handler) http.Handler {
	api := s.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path, ours := strings.CutPrefix(r.URL.Path, "/v1/"); ours && path != "chat" && !strings.HasPrefix(path, "chat/") {
			api.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}

// Handler serves the API.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	api := humago.New(mux, description(s.URL))
	api.UseMiddleware(s.limitWork, s.authenticate(api))
	s.routes(api)
	s.about(mux, api)
	mux.HandleFunc("/", s.nowhere(mux))
	return s.guard(mux)
}

// routes are all paths of the API.
func (s *Server) routes(api huma.API) {
	leads := resource{s, api, "Leads", bot.ScopeReadLeads}
	get(leads, "/v1/leads", "list-leads", "List leads, by when they came: whom somebody can write to or should talk to", s.listLeads)
	get(leads, "/v1/leads/{id}", "read-lead", "Read a lead with its trail and its conversations", s.readLead)
	alsoUnchanged(api, "/v1/leads/{id}")

	people := resource{s, api, "Leads", bot.ScopeWriteLeads}
	post(people, "/v1/leads", "create-lead", "Make a lead, or add to the one that is known by the address", s.createLead)
	alsoCreates(api, "/v1/leads")
	patch(people, "/v1/leads/{id}", "change-lead", "Move a lead to another stage, or give it to another rep", s.changeLead)

	conversations := resource{s, api, "Conversations", bot.ScopeReadConversations}
	get(conversations, "/v1/conversations", "list-conversations", "List conversations, the oldest first", s.listConversations)
	get(conversations, "/v1/conversations/{id}", "read-conversation", "Read a conversation", s.readConversation)
	get(conversations, "/v1/conversations/{id}/messages", "list-messages", "List what was said in a conversation", s.listMessages)

	meetings := resource{s, api, "Meetings", bot.ScopeReadMeetings}
	get(meetings, "/v1/meetings", "list-meetings", "List meetings by their start", s.listMeetings)
	get(meetings, "/v1/meetings/{uid}", "read-meeting", "Read a meeting", s.readMeeting)

	changes := resource{s, api, "Meetings", bot.ScopeWriteMeetings}
	post(changes, "/v1/meetings/{uid}/cancel", "cancel-meeting", "Cancel a meeting that has not begun", s.cancelMeeting)
	post(changes, "/v1/meetings/{uid}/no-show", "miss-meeting", "Take that the visitor did not come", s.missMeeting)

	reports := resource{s, api, "Reports", bot.ScopeReadReports}
	get(reports, "/v1/reports/{name}", "read-report", "Count what came of the conversations", s.readReport)

	if s.Webhooks == nil {
		return
	}
	webhooks := resource{s, api, "Webhooks", bot.ScopeWriteWebhooks}
	get(webhooks, "/v1/webhooks", "list-webhooks", "List the webhooks that were made by hand", s.listWebhooks)
	post(webhooks, "/v1/webhooks", "create-webhook", "Have an address told what happens", s.createWebhook)
	remove(webhooks, "/v1/webhooks/{id}", "delete-webhook", "Tell an address nothing more", s.deleteWebhook)
	post(webhooks, "/v1/webhooks/{id}/test", "try-webhook", "Send a signed ping, and say how it was taken", s.tryWebhook)
}

func (s *Server) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

func (s *Server) log() *slog.Logger {
	if s.Log == nil {
		return slog.Default()
	}
	return s.Log
}
