package desk

// full is the days on which the seats of the step are taken.
func (d *Desk) full(q question) (days []string) {
	for day, taken := range d.agenda.Seats[q.Kind] {
		if q.Seats > 0 && taken >= q.Seats {
			days = append(days, day)
		}
	}
	return days
}
