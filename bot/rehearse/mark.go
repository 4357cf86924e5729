package rehearse

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"usher/bot/dialogue"
	"usher/flows"
)

// marker writes the mark of a conversation: conversations with the same mark have the same future, as ahead says why.
// It belongs to one goroutine.
type marker struct {
	*ahead
	classes  [][]Class // by field
	stations map[string]*station
	doors    []door
	reps     map[string]uint8
	sets     map[setKey]*setAhead
	exact    bool // for tests: every answer counts
	buf      []byte
	value    []uint16 // class of each field's answer, 0 = not known
	sums     []int32  // by part
}

type setKey struct {
	station *station
	known   uint64
}

func (x *explorer) marker() *marker {
	m := &marker{
		ahead: x.ahead, classes: make([][]Class, len(x.ahead.fields)), stations: x.stations, doors: x.doors, reps: map[string]uint8{},
		sets: map[setKey]*setAhead{}, exact: x.exact, value: make([]uint16, len(x.ahead.fields)), sums: make([]int32, len(x.ahead.parts)),
	}
	for i, f := range x.ahead.fields {
		m.classes[i] = x.classes[f.Name]
	}
	if r := x.Workspace.Roster; r != nil {
		for i, rep := range r.Reps {
			m.reps[rep.ID] = uint8(i + 1)
		}
	}
	return m
}

// mark is the mark; it is good until the next one is written.
func (m *marker) mark(p *position) []byte {
	c := &p.conversation
	if c.End == dialogue.Expired || c.End == dialogue.Stopped {
		return append(m.buf[:0], 0xff) // nothing is proved of those who left
	}
	if m.exact {
		return m.everything(p)
	}
	at := m.stations[c.State]
	b := binary.LittleEndian.AppendUint16(m.buf[:0], at.id)
	b = append(b, p.bits(), uint8(c.Tries), uint8(len(c.Refused)), uint8(len(c.Offers)))
	if m.byRep && c.Assigned != nil {
		b = append(b, m.reps[c.Assigned.Rep])
	}
	if m.asking {
		b = append(b, p.questions)
	}
	if c.End != "" {
		b = append(b, p.said)
		b = append(b, c.Score.Grade...)
		b = append(b, 0)
	}
	if c.Paused != "" {
		b = append(append(b, c.Paused...), 0)
	}
	m.buf = m.answers(b, at, p)
	return m.buf
}

// bits are what happened to the conversation.
func (p *position) bits() (bits uint8) {
	c := &p.conversation
	for i, yes := range [...]bool{
		p.offered, p.handedOff, c.Joined != nil, c.Met, c.Meeting != nil, c.Chosen != nil, !c.HeldUntil.IsZero(), c.Changing,
	} {
		if yes {
			bits |= 1 << i
		}
	}
	return bits
}

// answers writes what of the answers and the score can matter.
func (m *marker) answers(b []byte, at *station, p *position) []byte {
	c := &p.conversation
	clear(m.value)
	var known uint64
	for i := range c.Answers {
		a := &c.Answers[i]
		f, ok := m.index[a.Field]
		if !ok {
			continue
		}
		m.value[f] = m.class(f, &a.Value)
		known |= 1 << (f & 63)
		if m.aging {
			b = binary.LittleEndian.AppendUint32(b, uint32(a.At.Sub(c.Began).Seconds()))
		}
	}
	if m.whole {
		b = binary.LittleEndian.AppendUint32(b, uint32(p.elapsed.Seconds()))
		b = binary.LittleEndian.AppendUint16(b, p.door)
		for _, v := range m.value {
			b = binary.LittleEndian.AppendUint16(b, v)
		}
		return b
	}
	step := ""
	if at.step != nil && c.End == "" {
		step = at.step.ID
	}
	key := setKey{at, known}
	set := m.sets[key]
	if set == nil {
		set = m.keep(step, known, m.doors)
		m.sets[key] = set
	}
	b = binary.LittleEndian.AppendUint16(b, set.doors[p.door])
	if set.clock {
		b = binary.LittleEndian.AppendUint32(b, uint32(p.elapsed.Seconds()))
	}
	for _, f := range set.classes {
		b = binary.LittleEndian.AppendUint16(b, m.value[f])
	}
	for _, f := range set.known {
		b = append(b, uint8(min(1, m.value[f])))
	}
	if c.End != "" && !m.scoring {
		return b // the grade says all
	}
	return m.settled(b, set, &c.Score)
}

// settled writes what the settled rules bring to each part. A receipt lists the rules that hold in their order.
func (m *marker) settled(b []byte, set *setAhead, r *dialogue.Receipt) []byte {
	clear(m.sums)
	next, reasons := 0, r.Reasons
	for _, i := range set.settled {
		rule := m.rules[i]
		for j := next; j < len(reasons); j++ {
			if reasons[j].Because == rule.because && reasons[j].Part == rule.partName {
				m.sums[rule.part] += rule.cents
				next = j + 1
				break
			}
		}
	}
	for _, sum := range m.sums {
		b = binary.LittleEndian.AppendUint32(b, uint32(sum))
	}
	return b
}

// class is the number of the class that a value is of, from 1; a value of none, such as one that the visit brought, is
// told apart by its door.
func (m *marker) class(f int, v *flows.Value) uint16 {
	for i := range m.classes[f] {
		c := &m.classes[f][i].Value
		if c.Text == v.Text && c.Number == v.Number && c.Yes == v.Yes && c.Type == v.Type && len(c.List) == len(v.List) && sameValue(*c, *v) {
			return uint16(i + 1)
		}
	}
	return math.MaxUint16
}

// everything is all of a conversation but what counts up (turns, the way back) and when an answer was given.
func (m *marker) everything(p *position) []byte {
	c := p.conversation
	c.Turns, c.Trail, c.Answers = 0, nil, slices.Clone(c.Answers)
	for i := range c.Answers {
		c.Answers[i].At = c.Began
	}
	slices.SortFunc(c.Answers, func(a, b dialogue.Answer) int { return strings.Compare(a.Field, b.Field) })
	b, err := c.AppendJSON(append(m.buf[:0], p.bits(), p.said, uint8(p.door), uint8(p.door>>8)))
	if err != nil {
		return append(m.buf[:0], 0xfe)
	}
	if m.asking {
		b = append(b, p.questions)
	}
	m.buf = b
	return b
}
