package hsds

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/stafett/stafett/pkg/directory/linefile"
)

var update = flag.Bool("update", false, "write the golden file again")

// The HSDS form of the example directory matches the version that somebody last reviewed.
func TestMarshalExample(t *testing.T) {
	const golden = "testdata/example.json"
	got, err := Marshal(linefile.Example())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("it is something else; look at it, and write it again with -update")
	}
}

// Everything that HSDS 3 requires is present, and ids are unique within a service.
func TestMarshalHasWhatIsRequired(t *testing.T) {
	text, err := Marshal(linefile.Example())
	if err != nil {
		t.Fatal(err)
	}
	var services []map[string]any
	if err := json.Unmarshal(text, &services); err != nil {
		t.Fatal(err)
	}
	for _, service := range services {
		seen := map[any]bool{}
		checkRequired(t, service, []string{"name", "status"}, seen)
		for list, required := range map[string][]string{
			"phones": {"number"}, "schedules": {}, "service_areas": {}, "languages": {}, "attributes": {"taxonomy_term"},
		} {
			members, _ := service[list].([]any)
			for _, member := range members {
				checkRequired(t, member.(map[string]any), required, seen)
			}
		}
	}
}

func checkRequired(t *testing.T, object map[string]any, keys []string, seen map[any]bool) {
	t.Helper()
	for _, key := range append(keys, "id") {
		if object[key] == nil || object[key] == "" {
			t.Errorf("%v has no %s", object, key)
		}
	}
	if seen[object["id"]] {
		t.Errorf("%v is there twice", object["id"])
	}
	seen[object["id"]] = true
}

func TestMarshalNothing(t *testing.T) {
	if text, err := Marshal(nil); err != nil || string(text) != "[]" {
		t.Errorf("%s, %v", text, err)
	}
}
