package dialogue

import (
	"slices"
	"strings"
	"time"

	"usher/bot/answer"
	"usher/flows"
)

// Why times are looked for once more; "" is the first time.
const (
	seekOther  = "none"   // none of those shown was wanted
	seekTaken  = "taken"  // somebody else has the chosen one
	seekWish   = "wish"   // the visitor said when
	seekReturn = "return" // the visitor came back after a long silence
	seekClash  = "clash"  // the rep's calendar took the time that was booked
	seekChange = "change" // the visitor wants the meeting at another time
)

// find asks for times that were not refused.
func (t *turn) find(why string, wish *Wish) error {
	n := t.at.node
	if err := t.shift(eventFind, finding); err != nil {
		return err
	}
	t.c.Seeking, t.c.WakeAt = why, time.Time{}
	t.do(Find{
		Rep: t.c.Assigned.Rep, Minutes: n.minutes(), Offer: n.offers(), Rules: n.Book.Rules,
		Not: t.c.Refused, Wish: wish, Team: t.pool(n), Terms: t.terms(n),
	})
	return nil
}

// found takes the times and shows them.
func (t *turn) found(in Found) error {
	if t.at.phase != finding {
		return t.unexpected(in)
	}
	why := t.c.Seeking
	t.c.Seeking = ""
	if len(in.Slots) == 0 {
		return t.nothing(why)
	}
	slots := slices.Clone(in.Slots[:min(len(in.Slots), MaxOffers)])
	for i := range slots {
		slots[i] = slots[i].instant()
	}
	t.c.Offers, t.c.Tries = slots, 0
	if err := t.shift(eventOffer, offered); err != nil {
		return err
	}
	p := phrasesIn(t.c.Language)
	switch why {
	case seekOther:
		return t.offer(p.OtherTimes)
	case seekTaken:
		return t.offer(p.TakenTimes)
	case seekWish:
		if in.Near {
			return t.offer(p.NotThat)
		}
		return t.offer(p.Fitting)
	case seekReturn:
		return t.offer(p.BackTimes)
	case seekClash:
		return t.offer(p.ClashTimes)
	case seekChange:
		return t.offer(p.ChangeTimes)
	}
	return t.offer("")
}

func (s Slot) instant() Slot {
	return Slot{Rep: s.Rep, Start: instant(s.Start), End: instant(s.End), With: s.With}
}

// nothing takes that no time is free: of a wish the times as they were are shown again, else the flow goes on.
func (t *turn) nothing(why string) error {
	p := phrasesIn(t.c.Language)
	switch why {
	case seekWish:
		if len(t.c.Offers) > 0 {
			if err := t.shift(eventOffer, offered); err != nil {
				return err
			}
			return t.offer(p.NotThat)
		}
		t.speak(p.NoOther)
	case seekOther, seekReturn:
		t.speak(p.NoOther)
	case seekTaken:
		t.speak(p.TakenNone)
	case seekClash:
		t.speak(p.ClashNone)
	case seekChange:
		t.speak(p.ChangeNone)
	}
	return t.unbooked()
}

// offer shows the times, in the words given or in the author's. Beside a person they are told and not asked.
func (t *turn) offer(text string) error {
	if text == "" {
		var err error
		if text, err = t.render(t.at.node.Say); err != nil {
			return err
		}
	}
	if text == "" {
		text = phrasesIn(t.c.Language).Times
	}
	say := Say{Step: t.stepID(), Text: text}
	if t.c.Joined == nil {
		say.Ask = t.slotAsk()
	}
	t.do(say)
	t.wait()
	return nil
}

func (t *turn) slotAsk() *Ask {
	return &Ask{Field: TypeSlot, Type: TypeSlot, Options: t.slotOptions()}
}

func (t *turn) slotOptions() []Option {
	loc := location(t.c.Timezone)
	options := make([]Option, len(t.c.Offers))
	for i, s := range t.c.Offers {
		day, clock := answer.ShowTime(s.Start.In(loc), t.c.Language)
		options[i] = Option{Value: s.Start.Format(time.RFC3339), Label: clock, Day: day, Start: s.Start, End: s.End}
	}
	return options
}

// picked takes what was said about the times shown.
func (t *turn) picked(in Said) error {
	text := strings.TrimSpace(in.Text)
	if in.Value != "" {
		if at, err := time.Parse(time.RFC3339, in.Value); err == nil {
			return t.pickedAt(at)
		}
		if text == "" {
			text = in.Value
		}
	}
	if t.returned {
		return t.pickedLate(text)
	}
	if i := slices.IndexFunc(t.slotOptions(), func(o Option) bool { return o.called(text) }); i >= 0 {
		return t.choose(t.c.Offers[i])
	}
	if answer.Wished(t.c.Language, text) == answer.WishNone {
		return t.refuseOffers()
	}
	if done, err := t.wished(text); done || err != nil {
		return err
	}
	if wish, ok := answer.ReadTime(t.asked(nil), text); ok {
		return t.wishedTime(wish)
	}
	if len(t.c.Offers) == 1 {
		if v, err := answer.Read(t.asked(&flows.Field{Type: flows.TypeYesNo}), text); err == nil {
			return t.pickedOnly(v.Yes)
		}
	}
	if done, err := t.faq(text); done || err != nil {
		return err
	}
	return t.unclear()
}

// pickedOnly takes a yes or a no to the one time shown.
func (t *turn) pickedOnly(yes bool) error {
	if yes {
		return t.choose(t.c.Offers[0])
	}
	return t.refuseOffers()
}

// pickedLate takes words of a visitor who came back: the times shown are old, so others are looked for.
func (t *turn) pickedLate(text string) error {
	if done, err := t.wished(text); done || err != nil {
		return err
	}
	return t.find(seekReturn, nil)
}

// called says whether the words are the option's own.
func (o Option) called(text string) bool {
	return strings.EqualFold(text, o.Day+", "+o.Label) || strings.EqualFold(text, o.Day+" "+o.Label)
}

// pickedAt takes a chosen option; one of an earlier offer is not on offer any more.
func (t *turn) pickedAt(at time.Time) error {
	for _, s := range t.c.Offers {
		if s.Start.Equal(at) {
			return t.choose(s)
		}
	}
	return t.offer(phrasesIn(t.c.Language).NotOffered)
}

// unclear asks for one of the times again; after the last try the flow goes on without a meeting.
func (t *turn) unclear() error {
	if t.c.Tries++; t.c.Tries >= flows.DefaultTries {
		return t.unbooked()
	}
	return t.offer(phrasesIn(t.c.Language).NotOffered)
}

// refuseOffers looks for other times than those shown.
func (t *turn) refuseOffers() error {
	t.c.Refused = append(slices.Clip(t.c.Refused), t.c.Offers...)
	if len(t.c.Refused) >= MaxRefused {
		t.speak(phrasesIn(t.c.Language).NoOther)
		return t.unbooked()
	}
	return t.find(seekOther, nil)
}
