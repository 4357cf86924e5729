package flows

import "go.yaml.in/yaml/v4"

// sharesShape is a percentage, or answers with their shares in the order written.
type sharesShape struct {
	item
	percent number
	rows    []row[number]
}

func (s *sharesShape) read(v item) {
	s.keep(v)
	if v.node.Kind != yaml.MappingNode {
		s.percent.read(v)
		return
	}
	var t table[number]
	t.read(v)
	s.rows = t.rows
}

func (s *sharesShape) isMap() bool { return s.node.Kind == yaml.MappingNode }
