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
	// Returned: the visitor opened a letter's link, seeing this page. Page is "" where none is to be kept.
	Returned struct {
		Page  string `json:"page,omitempty"`
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
	// Queued answers Assign where nobody can take the lead now and its route lets it wait.
	Queued struct {
		Waiting
	}
	// Freed: somebody may take the lead that waits since then; or it has waited long enough (Over); or nobody is to get it
	// any more (Closed). Of any other lead it does nothing.
	Freed struct {
		Since  time.Time `json:"since"`
		Over   bool      `json:"over,omitempty"`
		Closed bool      `json:"closed,omitempty"`
	}
	// Found answers Find; no slots means there is no free time.
	Found struct {
		Slots []Slot `json:"slots,omitempty"`
		Near  bool   `json:"near,omitempty"` // nothing fits the wish: these are nearest to it
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
	// Spoke is what the joined person said to the visitor. Rep is who spoke, where it is known.
	Spoke struct {
		ID   string `json:"id"`
		Text string `json:"text"`
		Rep  string `json:"rep,omitempty"`
	}
	// Left: the person went, the bot goes on where it was.
	Left struct {
		Rep string `json:"rep"`
	}
	// Claimed: a rep takes the lead. The first wins; of any other it does nothing, unless By hands the lead Over.
	Claimed struct {
		Rep  string `json:"rep"`
		Over bool   `json:"over,omitempty"`
		By   string `json:"by,omitempty"`
	}
	// Passed: the rep who has the lead gives it away, did not claim it in time (Waited), nobody of a tier did (Tier), or the
	// rep is not in the roster any more (Gone). Of anybody else it does nothing, and so does the end of a tier's time for a
	// lead that is claimed or booked.
	Passed struct {
		Rep     string `json:"rep"`
		Because string `json:"because,omitempty"`
		Waited  bool   `json:"waited,omitempty"`
		Tier    bool   `json:"tier,omitempty"`
		Gone    bool   `json:"gone,omitempty"`
	}
	// Snoozed: the rep who has the lead wants to hear of it later. Of anybody else it does nothing.
	Snoozed struct {
		Rep   string    `json:"rep"`
		Until time.Time `json:"until"`
	}
	// Cancelled: the meeting does not take place. Of any other meeting it does nothing.
	Cancelled struct {
		UID     string `json:"uid"`
		Because string `json:"because,omitempty"`
	}
	// Rescheduled: the visitor, or ByRep the rep for them, chose another time for the meeting, or one in place of a clashed
	// meeting. Without a rep it is a time of the meeting's own. Of any other meeting it does nothing.
	Rescheduled struct {
		UID   string `json:"uid"`
		Slot  Slot   `json:"slot"`
		ByRep bool   `json:"by_rep,omitempty"`
	}
	// Clashed: the rep's calendar has the time of the meeting taken. Of any other meeting it does nothing.
	Clashed struct {
		UID     string `json:"uid"`
		Because string `json:"because,omitempty"`
	}
	// Shifted: the rep put the meeting at another time. Of any other meeting, and of a time that it has, it does nothing.
	Shifted struct {
		UID   string    `json:"uid"`
		Start time.Time `json:"start"`
		End   time.Time `json:"end"`
	}
	// Placed: the place of the meeting is known. Of any other meeting, and of a place that it has, it does nothing.
	Placed struct {
		UID   string `json:"uid"`
		Place string `json:"place"`
	}
	// Replied: the visitor's calendar answered the invitation. Of any other meeting it does nothing.
	Replied struct {
		UID      string `json:"uid"`
		Answer   string `json:"answer"`
		Sequence int    `json:"sequence"` // of the invitation
	}
	// Missed: the visitor did not come to the meeting. Of any other meeting it does nothing.
	Missed struct {
		UID string `json:"uid"`
	}
	// Lapsed: the silence until WakeAt is over. It does nothing when At is not the conversation's WakeAt.
	Lapsed struct {
		At time.Time `json:"at"`
	}
)

func (Started) input()     {}
func (Said) input()        {}
func (Visited) input()     {}
func (Returned) input()    {}
func (Identified) input()  {}
func (Assigned) input()    {}
func (Queued) input()      {}
func (Freed) input()       {}
func (Found) input()       {}
func (Held) input()        {}
func (Booked) input()      {}
func (Taken) input()       {}
func (Failed) input()      {}
func (Joined) input()      {}
func (Spoke) input()       {}
func (Left) input()        {}
func (Claimed) input()     {}
func (Passed) input()      {}
func (Snoozed) input()     {}
func (Cancelled) input()   {}
func (Rescheduled) input() {}
func (Clashed) input()     {}
func (Shifted) input()     {}
func (Placed) input()      {}
func (Replied) input()     {}
func (Missed) input()      {}
func (Lapsed) input()      {}
