package dialogue

import (
	"time"

	"usher/flows"
)

// Input is something that happened: a person's doing, a fact the doer was asked for, or time. It is a sealed sum.
type Input interface{ input() }

type (
	// Started opens the conversation. It comes first and once.
	Started struct {
		Visit flows.Visit            `json:"visit"`
		Known map[string]flows.Value `json:"known,omitempty"` // from a profile or an earlier conversation
	}
	// Said is what the visitor typed (Text) or chose (Value).
	Said struct {
		ID    string `json:"id"` // the client's id of the message
		Text  string `json:"text,omitempty"`
		Value string `json:"value,omitempty"`
	}
	// Visited is a page view.
	Visited struct {
		Page  string `json:"page"`
		Title string `json:"title,omitempty"`
	}
	// Identified brings fields from outside the conversation: window.Usher.identify, a profile.
	Identified struct {
		Known map[string]flows.Value `json:"known"`
	}
	// Assigned answers Assign: a rep always, for every roster has a fallback.
	Assigned struct {
		Assignment
	}
	// Found answers Find; no slots means there is no free time.
	Found struct {
		Slots []Slot `json:"slots,omitempty"`
	}
	// Held answers Hold: the slot is the visitor's until then.
	Held struct {
		Slot  Slot      `json:"slot"`
		Until time.Time `json:"until"`
	}
	// Booked answers Book.
	Booked struct {
		Meeting
	}
	// Taken answers Hold and Book when somebody else has the time.
	Taken struct {
		Slot Slot `json:"slot"`
	}
	// Failed answers any effect that could not be carried out; the flow goes on as if the answer were empty.
	Failed struct {
		Effect string `json:"effect"`
		Reason string `json:"reason"`
	}
	// Joined: a person talks from now on, the bot is silent.
	Joined struct {
		Person
	}
	// Spoke is what the joined person said to the visitor.
	Spoke struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}
	// Left: the person went, the bot goes on where it was.
	Left struct {
		Rep string `json:"rep"`
	}
	// Lapsed: the silence until WakeAt is over. It does nothing when At is not the conversation's WakeAt.
	Lapsed struct {
		At time.Time `json:"at"`
	}
)

func (Started) input()    {}
func (Said) input()       {}
func (Visited) input()    {}
func (Identified) input() {}
func (Assigned) input()   {}
func (Found) input()      {}
func (Held) input()       {}
func (Booked) input()     {}
func (Taken) input()      {}
func (Failed) input()     {}
func (Joined) input()     {}
func (Spoke) input()      {}
func (Left) input()       {}
func (Lapsed) input()     {}

// Entry is one line of a conversation's journal: what came, and when.
type Entry struct {
	Input Input
	At    time.Time
}
