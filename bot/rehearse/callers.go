package rehearse

import "slices"

// callers is a heap of those who come again, the first of them on top.
type callers []caller

func (c callers) Len() int           { return len(c) }
func (c callers) Less(i, j int) bool { return compareCallers(&c[i], &c[j]) < 0 }
func (c callers) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }

// Push adds one, for container/heap.
func (c *callers) Push(one any) { *c = append(*c, one.(caller)) }

// Pop takes the last, for container/heap.
func (c *callers) Pop() any {
	last := len(*c) - 1
	one := (*c)[last]
	(*c)[last] = caller{}
	*c = (*c)[:last]
	return one
}

// compareCallers puts earlier ones first; at one moment holds end before anybody is served, then visitors come in the
// order of their numbers.
func compareCallers(a, b *caller) int {
	if a.due == b.due && (a.hold != nil) != (b.hold != nil) {
		if a.hold != nil {
			return -1
		}
		return 1
	}
	return compareGuests(&a.guest, &b.guest)
}

func sortCallers(all []caller) {
	slices.SortFunc(all, func(a, b caller) int { return compareCallers(&a, &b) })
}
