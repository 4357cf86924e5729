package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"usher/bot"
)

// resource is a group of operations that want the same scope.
type resource struct {
	server *Server
	api    huma.API
	tag    string
	scope  string
}

// keyScheme is the name of the way to authenticate in the description.
const keyScheme = "key"

func get[I, O any](r resource, path, id, summary string, do func(context.Context, *I) (*O, error)) {
	register(r, huma.Operation{Method: http.MethodGet, Path: path, OperationID: id, Summary: summary}, do)
}

func post[I, O any](r resource, path, id, summary string, do func(context.Context, *I) (*O, error)) {
	register(r, huma.Operation{Method: http.MethodPost, Path: path, OperationID: id, Summary: summary}, do)
}

func patch[I, O any](r resource, path, id, summary string, do func(context.Context, *I) (*O, error)) {
	register(r, huma.Operation{Method: http.MethodPatch, Path: path, OperationID: id, Summary: summary}, do)
}

func remove[I, O any](r resource, path, id, summary string, do func(context.Context, *I) (*O, error)) {
	register(r, huma.Operation{Method: http.MethodDelete, Path: path, OperationID: id, Summary: summary, DefaultStatus: http.StatusNoContent}, do)
}

// alsoCreates describes that a POST there answers 201 where it made something.
func alsoCreates(api huma.API, path string) {
	responses := api.OpenAPI().Paths[path].Post.Responses
	made := *responses["200"]
	made.Description = http.StatusText(http.StatusCreated)
	responses["201"] = &made
}

// alsoUnchanged describes that a GET there answers 304 to a client that has what would be answered.
func alsoUnchanged(api huma.API, path string) {
	api.OpenAPI().Paths[path].Get.Responses["304"] = &huma.Response{Description: http.StatusText(http.StatusNotModified)}
}

// register adds an operation. Its errors become problems; what is nobody's fault but ours is logged and not told.
func register[I, O any](r resource, op huma.Operation, do func(context.Context, *I) (*O, error)) {
	op.Tags = []string{r.tag}
	op.Security = []map[string][]string{{keyScheme: {r.scope}}}
	op.Description = strings.TrimSpace(op.Description + "\n\nNeeds the scope " + r.scope + ".")
	op.MaxBodyBytes, op.BodyReadTimeout = maxBody, readTime
	huma.Register(r.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, r.server.problem(ctx, op.OperationID, err)
		}
		if again, ok := any(out).(interface{ again() bool }); op.Method != http.MethodGet && !(ok && again.again()) {
			r.server.wrote(ctx, op.OperationID, out)
		}
		return out, nil
	})
}

// wrote says in the log and in the audit that a key changed something. That this fails does not undo the change.
func (s *Server) wrote(ctx context.Context, operation string, out any) {
	l := bot.AuditLine{At: s.now(), Who: by(ctx), What: "api." + operation}
	if of, ok := out.(interface{ whom() string }); ok {
		l.Whom = of.whom()
	}
	s.log().Info("api: changed", "key", keyOf(ctx).Name, "operation", operation, "whom", l.Whom)
	if s.Audit == nil || operation == "change-lead" { // which the store writes down with the change
		return
	}
	if err := s.Audit.Audit(context.WithoutCancel(ctx), l); err != nil {
		s.log().Error("api: a change is not in the audit log", "key", keyOf(ctx).Name, "operation", operation, "whom", l.Whom, "err", err)
	}
}
