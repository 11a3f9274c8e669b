package yamlread

import (
	"strings"
	"testing"
	"time"
)

// visit reads the shape that the tests write: a mapping with one key of each kind.
func visit(root Value) {
	f := root.Fields("id", "on", "list", "names")
	f.Need("id", "brus").Text("brus")
	if on, ok := f.Get("on"); ok {
		on.Bool()
	}
	if list, ok := f.Get("list"); ok {
		for _, member := range list.List("[nb]") {
			member.Language()
		}
	}
	if names, ok := f.Get("names"); ok {
		names.Texts("{en: Name}")
	}
}

func TestReadRefuses(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"empty":           {"", "f.yaml:1:1: the file is empty; write something in it, or remove it"},
		"only a comment":  {"# nothing\n", "f.yaml:1:1: the file is empty; write something in it, or remove it"},
		"null":            {"~", "f.yaml:1:1: found nothing; write a mapping, for example id: ..."},
		"not a mapping":   {"- id", `f.yaml:1:1: found a list; write a mapping, for example id: ...`},
		"second document": {"id: a\n---\nid: b", "f.yaml:3:1: a second document begins here; write one document per file, without ---"},
		"missing":         {"on: true", "f.yaml:1:1: id is missing; write id: brus"},
		"number for text": {"id: 12", `f.yaml:1:5: found "12"; write text, for example brus`},
		"empty text":      {"id: ''", `f.yaml:1:5: found "''"; write text, for example brus`},
		"no text":         {"id:", `f.yaml:1:5: found nothing; write text, for example brus`},
		"yes for true":    {"id: a\non: yes", `f.yaml:2:5: found "yes"; write true or false`},
		"text for a list": {"id: a\nlist: nb", `f.yaml:2:7: found "nb"; write a list, for example [nb]`},
		"empty list":      {"id: a\nlist: []", `f.yaml:2:7: found an empty list; write a list, for example [nb]`},
		"empty mapping":   {"id: a\nnames: {}", `f.yaml:2:8: found an empty mapping; write a mapping, for example {en: Name}`},
		"key twice":       {"id: a\non: true\nid: b", `f.yaml:3:1: key "id" is already at f.yaml:1:1; keep one of them`},
		"unknown key":     {"id: a\nidd: b", `f.yaml:2:1: unknown key "idd"; write one of id, on, list, names`},
		"number as key":   {"id: a\nnames: {1: x}", `f.yaml:2:9: found "1"; write text, for example {en: Name}`},
		"alias":           {"id: &x a\nnames: {en: *x}", "f.yaml:1:5: found an anchor, alias, tag or merge key; write text, for example brus\nf.yaml:2:13: found an anchor, alias, tag or merge key; write text, for example {en: Name}"},
		"no language":     {"id: a\nlist: [nb, norsk1234567]", `f.yaml:2:12: "norsk1234567" is not a language; write a BCP 47 tag, for example nb, da or en`},
		"undetermined":    {"id: a\nlist: [und]", `f.yaml:2:8: "und" is not a language; write a BCP 47 tag, for example nb, da or en`},
		"odd spelling":    {"id: a\nnames: {en_gb: x}", `f.yaml:2:9: "en_gb" is not how BCP 47 writes this language; write en-GB`},
		"not UTF-8":       {"id: a\nnames: {en: \xff}", "f.yaml:2:1: the line is not UTF-8; save the file as UTF-8"},
		"not YAML":        {"id: [a", "f.yaml:1:5: not YAML: sequence end token ']' not found; fix this first; the rest is not read"},
		"in file order":   {"on: 1\nlist: x\nid: 2", "f.yaml:1:5: found \"1\"; write true or false\nf.yaml:2:7: found \"x\"; write a list, for example [nb]\nf.yaml:3:5: found \"2\"; write text, for example brus"},
	} {
		t.Run(name, func(t *testing.T) {
			err := Read("f.yaml", []byte(test.text), visit)
			if err == nil || err.Error() != test.want {
				t.Errorf("Read(%q) =\n%v\nwant\n%s", test.text, err, test.want)
			}
		})
	}
}

func TestReadTakes(t *testing.T) {
	text := "id: |\n  brus\non: true\nlist:\n  - nb\n  - no\n  - en-GB\nnames: {no: Ja, da: Ja}\n"
	if err := Read("f.yaml", []byte(text), visit); err != nil {
		t.Error(err)
	}
}

// Without the limits these cases take minutes or exhaust the memory.
func TestReadIsBounded(t *testing.T) {
	const size = 1 << 17
	for name, text := range map[string]string{
		"too large":     strings.Repeat("#", Usual.Bytes+1),
		"lists":         strings.Repeat("[", size),
		"lists by line": strings.Repeat("[\n", size/2),
		"mappings":      strings.Repeat("{a: ", size/4),
		"dashes":        strings.Repeat("- ", size/2),
		"questions":     strings.Repeat("? ", size/2),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if err := Read("f.yaml", []byte(text), visit); err == nil {
				t.Error("was taken")
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("id: a\non: true\nlist: [nb]\nnames: {en: Name}\n"))
	f.Add([]byte("- &a [*a, !!str b]\n"))
	f.Add([]byte("\ufeff? a\n: {b, [c: d]}\ne:\n- f\n- : g\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_ = Read("f.yaml", text, visit)
	})
}

func TestInt(t *testing.T) {
	for text, want := range map[string]string{
		"n: 12": "", "n: -3": "",
		"n: twelve":     `f.yaml:1:4: found "twelve"; write a whole number, for example 4`,
		"n: 1.5":        `f.yaml:1:4: found "1.5"; write a whole number, for example 4`,
		"n: 3000000000": `f.yaml:1:4: found "3000000000"; write a whole number, for example 4`,
		"n: {a: 1}":     `f.yaml:1:4: found a mapping; write a whole number, for example 4`,
	} {
		var got int32
		err := Read("f.yaml", []byte(text), func(root Value) { got = root.Fields("n").Need("n", "4").Int(4) })
		if want == "" && (err != nil || got == 0) || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
}
