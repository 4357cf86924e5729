// Package hubspotfake owns a HubSpot for tests and rehearsals: contacts, companies, meetings, owners, properties and
// associations as the reference of the CRM API v3 describes them, with the faults that a test asks for.
package hubspotfake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fake is a HubSpot account. Start it with New; every method may be called from many goroutines.
type Fake struct {
	*httptest.Server
	Token string
	Now   func() time.Time
	Page  int // results a page of a search or list; 0 = 100

	mu      sync.Mutex
	next    int
	objects map[string]map[string]*Object // by type and id
	unique  map[string]map[string]bool    // by type: properties whose values belong to one object
	links   map[string]bool               // "contacts/1 companies/2"
	owners  []Owner
	faults  []Fault
	calls   []string
	bin     []Object
	aliases map[string]string // contact by another of its addresses
	merged  map[string]string // what came of a record that was merged, by its id
}

// Object is a record.
type Object struct {
	ID         string            `json:"id"`
	Properties map[string]string `json:"properties"`
	CreatedAt  time.Time         `json:"createdAt"`
	UpdatedAt  time.Time         `json:"updatedAt"`
	Archived   bool              `json:"archived"`
}

// Owner is a user who may own records.
type Owner struct {
	ID    string `json:"id"`
	Email string `json:"email"`
}

// Fault is an answer to one call instead of the right one. Status 0 does what was asked and loses the answer.
type Fault struct {
	Path   string // that the call's path has in it; "" = any
	Method string // "" = any
	Status int
	Header map[string]string
}

// New starts an account.
func New(token string, now func() time.Time, owners ...Owner) *Fake {
	f := &Fake{
		Token: token, Now: now, next: 100, objects: map[string]map[string]*Object{}, links: map[string]bool{}, owners: owners, aliases: map[string]string{}, merged: map[string]string{},
		unique: map[string]map[string]bool{"contacts": {"email": true}, "companies": {}, "meetings": {}},
	}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	return f
}

// Fail has the next calls answered wrongly, each fault once.
func (f *Fake) Fail(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, faults...)
}

// Revoke ends the token.
func (f *Fake) Revoke(token string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Token = token
}

// Objects are all records of a type, the oldest first.
func (f *Fake) Objects(kind string) (out []Object) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, o := range f.objects[kind] {
		out = append(out, o.copy())
	}
	slices.SortFunc(out, func(a, b Object) int { return cmp.Compare(number(a.ID), number(b.ID)) })
	return out
}

// Bin is what was deleted and can be taken back, for 90 days.
func (f *Fake) Bin() []Object {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.bin)
}

// Linked says whether two records are associated: "contacts/101", "companies/102".
func (f *Fake) Linked(a, b string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.links[a+" "+b] || f.links[b+" "+a]
}

// Put makes or changes a record as a person in HubSpot does, and gives its id.
func (f *Fake) Put(kind, id string, properties map[string]string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := f.objects[kind][id]
	if o == nil {
		o = f.create(kind)
	}
	f.set(o, properties)
	return o.ID
}

// Alias gives a contact another address: a new contact cannot have it, and the API does not find the old one by it.
func (f *Fake) Alias(contact, email string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.aliases[strings.ToLower(email)] = contact
}

// Merge makes one record of two, as a person in HubSpot does, and gives its id: what the first one says counts, and both old ids
// lead to it.
func (f *Fake) Merge(kind, first, second string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	a, b := f.objects[kind][first], f.objects[kind][second]
	o := f.create(kind)
	delete(f.objects[kind], first)
	delete(f.objects[kind], second)
	all := b.copy().Properties
	ids := []string{first, second, a.Properties[mergedIDs], b.Properties[mergedIDs]}
	for name, value := range a.copy().Properties {
		all[name] = cmp.Or(value, all[name])
	}
	all[mergedIDs] = strings.Join(slices.DeleteFunc(ids, func(id string) bool { return id == "" }), ";")
	f.set(o, all)
	f.merged[first], f.merged[second] = o.ID, o.ID
	f.aliases[strings.ToLower(b.Properties["email"])] = o.ID
	return o.ID
}

// mergedIDs is the property with the records that were merged into one.
const mergedIDs = "hs_merged_object_ids"

// Calls are what was asked so far: "POST /crm/v3/objects/contacts".
func (f *Fake) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

func number(id string) int {
	n, _ := strconv.Atoi(id) // ids are numbers
	return n
}

func (o *Object) copy() Object {
	c := *o
	c.Properties = map[string]string{}
	for k, v := range o.Properties {
		c.Properties[k] = v
	}
	return c
}

func (f *Fake) create(kind string) *Object {
	f.next++
	o := &Object{ID: strconv.Itoa(f.next), Properties: map[string]string{}, CreatedAt: f.Now()}
	if f.objects[kind] == nil {
		f.objects[kind] = map[string]*Object{}
	}
	f.objects[kind][o.ID] = o
	return o
}

// stages are the lifecycle stages in their order: the API moves a record forward alone.
var stages = []string{"subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "evangelist", "other"}

func (f *Fake) set(o *Object, properties map[string]string) {
	for name, value := range properties {
		if name == "lifecyclestage" && slices.Index(stages, value) < slices.Index(stages, o.Properties[name]) {
			continue
		}
		o.Properties[name] = value
	}
	o.UpdatedAt = f.Now()
	o.Properties["lastmodifieddate"] = o.UpdatedAt.UTC().Format("2006-01-02T15:04:05.000Z")
	o.Properties["hs_object_id"] = o.ID
}

// find is the record with that id, or with that value of a unique property.
func (f *Fake) find(kind, id, property string) *Object {
	if property == "" {
		for f.merged[id] != "" {
			id = f.merged[id]
		}
		return f.objects[kind][id]
	}
	for _, o := range f.objects[kind] {
		if strings.EqualFold(o.Properties[property], id) && f.unique[kind][property] {
			return o
		}
	}
	return nil
}

// taken is the other record that has a unique value of these.
func (f *Fake) taken(kind, self string, properties map[string]string) (id, property string) {
	if of := f.aliases[strings.ToLower(properties["email"])]; kind == "contacts" && of != "" && of != self {
		return of, "email"
	}
	for name, value := range properties {
		if o := f.find(kind, value, name); f.unique[kind][name] && value != "" && o != nil && o.ID != self {
			return o.ID, name
		}
	}
	return "", ""
}

// refusal is an error as the API writes it.
func refusal(w http.ResponseWriter, status int, category, format string, args ...any) {
	answer(w, status, map[string]string{
		"status": "error", "message": fmt.Sprintf(format, args...), "correlationId": "00000000-0000-0000-0000-000000000000", "category": category,
	})
}

func answer(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain data
	}
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.WriteHeader(status)
	w.Write(body) //nolint:errcheck // the client is gone
}
