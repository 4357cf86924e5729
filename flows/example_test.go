package flows

import "testing"

func TestExample(t *testing.T) {
	w, _, problems := Prove(Example())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, f := range w.Flows {
		t.Log(f.ID, len(f.Steps))
	}
	again, problems := Load(SourceFS(w.Sources))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if again.Revision != w.Revision {
		t.Errorf("the revision of the sources is %s, of the folder %s", again.Revision, w.Revision)
	}
}
