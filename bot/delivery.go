package bot

import (
	"context"
	"time"
)

// Delivery is one message to one webhook. Its text is made once and stays the same, however often it is sent.
type Delivery struct {
	ID           string // of the message at this webhook
	Message      string // of the message: the same at every webhook, and each time it is sent
	Webhook      string // id
	Event        string // HookStage …
	Person       string // whom it is about; "" = not known
	Conversation string // "" = none
	Body         []byte // JSON
	State        string // DeliveryQueued …
	Attempts     int
	Status       int    // that the receiver answered last; 0 = none
	Error        string // of the last attempt
	CreatedAt    time.Time
	TriedAt      time.Time // the last attempt
}

// States of a delivery.
const (
	DeliveryQueued = "queued"
	DeliverySent   = "sent" // the receiver has it
	DeliveryDead   = "dead" // given up; kept for the operator
)

// Deliveries remembers what was sent to webhooks and what is still to be.
type Deliveries interface {
	// SaveDeliveries stores new ones with the jobs that send them; what is known already is left alone.
	SaveDeliveries(ctx context.Context, ds []Delivery, jobs ...Job) error
	// Delivery reads one, or ErrNotFound.
	Delivery(ctx context.Context, id string) (Delivery, error)
	// Delivered writes how an attempt came out: State, Attempts, Status, Error and TriedAt.
	Delivered(ctx context.Context, d Delivery) error
	// ListDeliveries lists them, the oldest first.
	ListDeliveries(ctx context.Context, q DeliveryQuery) ([]Delivery, error)
	// DeliveryCounts counts them by webhook.
	DeliveryCounts(ctx context.Context) ([]DeliveryCount, error)
}

// DeliveryQuery is a page of deliveries.
type DeliveryQuery struct {
	Webhook, Person, State string    // "" = any
	Since                  time.Time // made since then
	After                  Delivery  // the last of the page before; zero = the first page
	Limit                  int
}

// DeliveryCount is how it stands with one webhook.
type DeliveryCount struct {
	Webhook            string
	Queued, Dead, Sent int       // Sent are those of the days that are remembered
	LastSent           time.Time // zero = never
	LastFailed         time.Time
	Error              string // of the last failure
}
