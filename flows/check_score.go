package flows

import (
	"math"
	"strings"
)

// checkScore holds the scores that can be reached against the grades.
func (s *study) checkScore(survey *Survey) {
	if len(s.f.Score) == 0 {
		return
	}
	s.deadRules()
	all, rough := s.scores()
	low, high := all[0], all[0]
	for _, one := range all {
		if one.low < low.low {
			low = one
		}
		if one.high > high.high {
			high = one
		}
	}
	survey.Scored, survey.Roughly = true, survey.Roughly || rough
	survey.Least, survey.Most = float64(low.low)/100, float64(high.high)/100
	s.unreachedGrades(all, high, low)
	s.ungraded(low)
}

func (s *study) deadRules() {
	for i, rule := range s.rules {
		if _, ok, _ := s.solve(s.everything(), rule); !ok {
			c := s.f.Score[i].If
			s.doubt(c.Place, "dead-condition", "look at the numbers, and at and and or", "", "this can never hold: no answers make %s true", c.Source)
		}
	}
	if _, ok, _ := s.solve(s.everything(), s.show); !ok {
		s.doubt(s.f.Show.If.Place, "dead-condition", "look at the numbers, and at and and or", "", "this can never hold, so nobody is shown the flow")
	}
}

// unreachedGrades reports grades that no score lies in.
func (s *study) unreachedGrades(all []total, high, low total) {
	above := int64(math.MaxInt64)
	for _, g := range s.f.Grades {
		from := cents(g.From)
		reached := false
		for _, one := range all {
			reached = reached || one.high >= from && one.low < above
		}
		if !reached {
			s.unreachedGrade(g, from, high, low)
		}
		above = from
	}
}

func (s *study) unreachedGrade(g Grade, from int64, high, low total) {
	at := s.gradePlace(g.Name)
	switch {
	case from > high.high:
		s.doubt(at, "unreachable-grade", "lower it, or give more points", strings.Join(high.how(), " → "), "nobody can reach the grade %s: it begins at %s, and the most anybody scores is %s", g.Name, plainNumber(g.From), plainNumber(float64(high.high)/100))
	case g == s.f.Grades[len(s.f.Grades)-1]:
		s.doubt(at, "unreachable-grade", "take it away, or raise the one above", "", "nobody can have the grade %s: the least anybody scores is %s", g.Name, plainNumber(float64(low.low)/100))
	default:
		s.doubt(at, "unreachable-grade", "move it, or the one above", "", "nobody can have the grade %s: no answers bring a score between it and the grade above", g.Name)
	}
}

func (s *study) gradePlace(name string) Place {
	for _, row := range s.m.shape.Grades.rows {
		if row.name == name {
			return row.key.place()
		}
	}
	return s.f.Place
}

// ungraded reports scores below the lowest grade.
func (s *study) ungraded(low total) {
	if len(s.f.Grades) == 0 {
		return
	}
	last := s.f.Grades[len(s.f.Grades)-1]
	if low.low < cents(last.From) {
		s.doubt(s.gradePlace(last.Name), "no-grade", "begin the lowest grade at "+plainNumber(float64(low.low)/100)+" or less", strings.Join(low.how(), " → "),
			"a score below %s has no grade, and the least that can be is %s", plainNumber(last.From), plainNumber(float64(low.low)/100))
	}
}

// cents is points in hundredths.
func cents(points float64) int64 { return int64(math.Round(max(-1e12, min(1e12, points)) * 100)) }
