package flows

import "slices"

// MaxVariants of one split: among more no difference can be told.
const MaxVariants = 10

// splits makes the splits of all flows, once all flows are known.
func (l *loader) splits(w *Workspace) {
	var ids []string
	for _, f := range w.Flows {
		ids = append(ids, f.ID)
	}
	for i, f := range w.Flows {
		m := splitMaker{loader: l, shape: &l.flows[i].Split, flow: f, w: w, ids: ids}
		m.make()
	}
}

// splitMaker makes the split of one flow.
type splitMaker struct {
	loader *loader
	shape  *table[number]
	flow   *Flow
	w      *Workspace
	ids    []string
}

func (m *splitMaker) make() {
	if !m.shape.set() {
		return
	}
	for _, row := range m.shape.rows {
		m.variant(row)
	}
	switch n := len(m.shape.rows); {
	case n > MaxVariants:
		m.shape.wrong("too-large", "", "a split has at most %d flows", MaxVariants)
	case n == 1:
		m.shape.doubt("lonely-split", "write a second flow, or take the split away", "this split has one flow, which every visitor gets")
	case n == 0:
		m.shape.wrong("missing-value", "write split: { "+m.flow.ID+": 50, another-flow: 50 }", "this split has no flows")
	}
}

func (m *splitMaker) variant(row row[number]) {
	if row.value.sound && row.value.value <= 0 {
		row.value.wrong("out-of-range", "take a flow that nobody is to get out of the split", "the weight of a flow is above zero")
	}
	other := m.w.Flow(row.name)
	switch {
	case other == nil && !m.loader.unread:
		row.key.wrong("unknown-flow", didYouMean(row.name, m.ids), "there is no flow %q", row.name)
	case other != nil && other != m.flow:
		m.whole(row, other)
	}
	m.flow.Split = append(m.flow.Split, Variant{Flow: row.name, Weight: row.value.value, Place: row.key.place()})
}

// whole refuses a variant that is split again, and keeps one that is written for the split alone from being anybody's
// default.
func (m *splitMaker) whole(row row[number], other *Flow) {
	i := slices.Index(m.w.Flows, other)
	if m.loader.flows[i].Split.set() {
		row.key.wrong("split-of-split", "put its flows into this split", "the flow %q has a split of its own", other.ID)
	}
	other.Within = m.flow.ID
}
