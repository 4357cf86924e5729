package flows

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"strconv"
)

// Variant is one of the flows that a split gives visitors.
type Variant struct {
	Flow   string
	Weight float64 // its share is this of the sum of all
	Place  Place
}

// Variant is the id of the flow that this visitor gets in place of this one: itself where there is no split. The same
// visitor gets the same variant wherever and whenever it is asked. When a weight grows, visitors move to that variant
// alone; when it shrinks, they move away from it alone (weighted rendezvous hashing: Thaler and Ravishankar 1998).
func (f *Flow) Variant(visitor string) string {
	best, most := f.ID, math.Inf(-1)
	for _, v := range f.Split {
		if s := v.Weight / -math.Log(draw(visitor, f.ID, v.Flow)); s > most {
			best, most = v.Flow, s
		}
	}
	return best
}

// draw is a number between 0 and 1, both left out, that hangs on the names alone.
func draw(names ...string) float64 {
	var text []byte
	for _, n := range names {
		text = append(strconv.AppendInt(text, int64(len(n)), 10), ':')
		text = append(text, n...)
	}
	sum := sha256.Sum256(text)
	return (float64(binary.BigEndian.Uint64(sum[:])>>11) + 0.5) / (1 << 53)
}
