package audit

import (
	"os"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// TestWhatAnAuditorSeesOfAState: an auditor gets a state byte for byte as the services hold it,
// so a new field is theirs to see at once. This fails until somebody has decided that it may be,
// and has added it to the list. It must hold a code, a number, an instant, a random id or a
// hash.
func TestWhatAnAuditorSeesOfAState(t *testing.T) {
	text, err := os.ReadFile("testdata/shown.txt")
	if err != nil {
		t.Fatal(err)
	}
	decided := strings.Fields(string(text))
	fields := map[string]bool{}
	for _, state := range []proto.Message{&statev1.State{}, &statev1.LineState{}} {
		collect(state.ProtoReflect().Descriptor(), fields)
	}
	for field := range fields {
		if !slices.Contains(decided, field) {
			t.Errorf("nobody has decided whether an auditor may see %s; list it in testdata/shown.txt", field)
		}
	}
	for _, field := range decided {
		if !fields[field] {
			t.Errorf("%s is not a field of a state any more; remove it from testdata/shown.txt", field)
		}
	}
}

// collect adds the fields of a message and of the messages in it.
func collect(m protoreflect.MessageDescriptor, fields map[string]bool) {
	for i := range m.Fields().Len() {
		field := m.Fields().Get(i)
		if name := string(field.FullName()); !fields[name] {
			fields[name] = true
			if field.Message() != nil {
				collect(field.Message(), fields)
			}
		}
	}
}
