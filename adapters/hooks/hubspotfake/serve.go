package hubspotfake

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (f *Fake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, r.Method+" "+r.URL.Path)
	if r.Header.Get("Authorization") != "Bearer "+f.Token {
		refusal(w, http.StatusUnauthorized, "INVALID_AUTHENTICATION", "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview")
		return
	}
	if fault, ok := f.fault(r); ok {
		f.fail(w, r, fault)
		return
	}
	f.route(w, r)
}

// fault is what goes wrong with this call.
func (f *Fake) fault(r *http.Request) (Fault, bool) {
	for i, fault := range f.faults {
		if strings.Contains(r.URL.Path, fault.Path) && (fault.Method == "" || fault.Method == r.Method) {
			f.faults = slices.Delete(f.faults, i, i+1)
			return fault, true
		}
	}
	return Fault{}, false
}

func (f *Fake) fail(w http.ResponseWriter, r *http.Request, fault Fault) {
	for name, value := range fault.Header {
		w.Header().Set(name, value)
	}
	switch fault.Status {
	case 0:
		f.route(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler) // the connection ends without an answer
	case http.StatusTooManyRequests:
		answer(w, fault.Status, map[string]string{
			"status": "error", "message": "You have reached your ten_secondly_rolling limit.", "errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING",
		})
	default:
		refusal(w, fault.Status, "SERVER_ERROR", "a fault that was asked for")
	}
}

// route answers as the reference says.
func (f *Fake) route(w http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /crm/v3/objects/{kind}", f.make)
	mux.HandleFunc("GET /crm/v3/objects/{kind}/{id}", f.read)
	mux.HandleFunc("PATCH /crm/v3/objects/{kind}/{id}", f.change)
	mux.HandleFunc("DELETE /crm/v3/objects/{kind}/{id}", f.remove)
	mux.HandleFunc("POST /crm/v3/objects/contacts/gdpr-delete", f.forget)
	mux.HandleFunc("POST /crm/v3/objects/{kind}/search", f.search)
	mux.HandleFunc("PUT /crm/v4/objects/{a}/{aid}/associations/default/{b}/{bid}", f.link)
	mux.HandleFunc("GET /crm/v3/owners", f.listOwners)
	mux.HandleFunc("POST /crm/v3/properties/{kind}", f.property)
	mux.HandleFunc("POST /crm/v3/properties/{kind}/groups", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusCreated, map[string]string{}) })
	mux.ServeHTTP(w, r)
}

type input struct {
	Properties map[string]string `json:"properties"`
}

func (f *Fake) make(w http.ResponseWriter, r *http.Request) {
	kind := r.PathValue("kind")
	var in input
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		refusal(w, http.StatusBadRequest, "VALIDATION_ERROR", "Invalid input JSON")
		return
	}
	if id, property := f.taken(kind, "", in.Properties); id != "" {
		if kind == "contacts" && property == "email" {
			refusal(w, http.StatusConflict, "CONFLICT", "Contact already exists. Existing ID: %s", id)
			return
		}
		refusal(w, http.StatusBadRequest, "VALIDATION_ERROR", "Property values were not valid: %s already has that value for %s", id, property)
		return
	}
	o := f.create(kind)
	f.set(o, in.Properties)
	answer(w, http.StatusCreated, o)
}

func (f *Fake) read(w http.ResponseWriter, r *http.Request) {
	o := f.find(r.PathValue("kind"), r.PathValue("id"), r.URL.Query().Get("idProperty"))
	if o == nil {
		refusal(w, http.StatusNotFound, "OBJECT_NOT_FOUND", "Object not found.")
		return
	}
	answer(w, http.StatusOK, o)
}

func (f *Fake) change(w http.ResponseWriter, r *http.Request) {
	kind := r.PathValue("kind")
	var in input
	o := f.find(kind, r.PathValue("id"), r.URL.Query().Get("idProperty"))
	switch {
	case json.NewDecoder(r.Body).Decode(&in) != nil:
		refusal(w, http.StatusBadRequest, "VALIDATION_ERROR", "Invalid input JSON")
	case o == nil:
		refusal(w, http.StatusNotFound, "OBJECT_NOT_FOUND", "Object not found.")
	default:
		if id, _ := f.taken(kind, o.ID, in.Properties); id != "" {
			refusal(w, http.StatusConflict, "CONFLICT", "Contact already exists. Existing ID: %s", id)
			return
		}
		f.set(o, in.Properties)
		answer(w, http.StatusOK, o)
	}
}

// remove moves a record to the recycling bin; one that is not there is none any more.
func (f *Fake) remove(w http.ResponseWriter, r *http.Request) {
	if o := f.find(r.PathValue("kind"), r.PathValue("id"), ""); o != nil {
		delete(f.objects[r.PathValue("kind")], o.ID)
		f.bin = append(f.bin, o.copy())
	}
	w.WriteHeader(http.StatusNoContent)
}

// forget takes a contact away for ever (developers.hubspot.com/docs/api/crm/contacts, GDPR delete).
func (f *Fake) forget(w http.ResponseWriter, r *http.Request) {
	var in struct{ ObjectID, IDProperty string }
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.ObjectID == "" {
		refusal(w, http.StatusBadRequest, "VALIDATION_ERROR", "Invalid input JSON")
		return
	}
	if o := f.find("contacts", in.ObjectID, in.IDProperty); o != nil {
		delete(f.objects["contacts"], o.ID)
	}
	w.WriteHeader(http.StatusNoContent)
}

func (f *Fake) search(w http.ResponseWriter, r *http.Request) {
	var in struct {
		FilterGroups []struct {
			Filters []struct {
				PropertyName string `json:"propertyName"`
				Operator     string `json:"operator"`
				Value        string `json:"value"`
			} `json:"filters"`
		} `json:"filterGroups"`
		After string `json:"after"`
		Limit int    `json:"limit"`
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.Limit > 200 || len(in.FilterGroups) != 1 {
		refusal(w, http.StatusBadRequest, "VALIDATION_ERROR", "Invalid input JSON")
		return
	}
	var found []*Object
	for _, o := range f.objects[r.PathValue("kind")] {
		fits := true
		for _, filter := range in.FilterGroups[0].Filters {
			switch is := o.Properties[filter.PropertyName]; filter.Operator {
			case "EQ":
				fits = fits && strings.EqualFold(is, filter.Value)
			case "GTE":
				fits = fits && o.UpdatedAt.UnixMilli() >= int64(number(filter.Value))
			}
		}
		if fits {
			found = append(found, o)
		}
	}
	slices.SortFunc(found, func(a, b *Object) int {
		return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), cmp.Compare(number(a.ID), number(b.ID)))
	})
	page(w, found, number(in.After), min(cmp.Or(in.Limit, 10), cmp.Or(f.Page, 100)))
}

// page answers some results, with where to go on.
func page[T any](w http.ResponseWriter, all []T, after, limit int) {
	out := map[string]any{"total": len(all)}
	end := min(after+limit, len(all))
	out["results"] = append([]T{}, all[min(after, len(all)):end]...)
	if end < len(all) {
		out["paging"] = map[string]any{"next": map[string]string{"after": strconv.Itoa(end)}}
	}
	answer(w, http.StatusOK, out)
}

func (f *Fake) link(w http.ResponseWriter, r *http.Request) {
	a, b := r.PathValue("a")+"/"+r.PathValue("aid"), r.PathValue("b")+"/"+r.PathValue("bid")
	if f.objects[r.PathValue("a")][r.PathValue("aid")] == nil || f.objects[r.PathValue("b")][r.PathValue("bid")] == nil {
		refusal(w, http.StatusBadRequest, "VALIDATION_ERROR", "One or more of the objects do not exist")
		return
	}
	f.links[a+" "+b] = true
	answer(w, http.StatusOK, map[string]any{"status": "COMPLETE", "results": []string{}})
}

func (f *Fake) listOwners(w http.ResponseWriter, r *http.Request) {
	page(w, f.owners, number(r.URL.Query().Get("after")), cmp.Or(f.Page, 100))
}

func (f *Fake) property(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name   string `json:"name"`
		Unique bool   `json:"hasUniqueValue"`
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		refusal(w, http.StatusBadRequest, "VALIDATION_ERROR", "Invalid input JSON")
		return
	}
	kind := r.PathValue("kind")
	if _, there := f.unique[kind][in.Name]; there {
		refusal(w, http.StatusConflict, "OBJECT_ALREADY_EXISTS", "A property named '%s' already exists.", in.Name)
		return
	}
	f.unique[kind][in.Name] = in.Unique
	answer(w, http.StatusCreated, map[string]any{"name": in.Name, "createdAt": f.Now().Format(time.RFC3339)})
}
