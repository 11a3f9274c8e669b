package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// headers checks that each of a commit's headers appears once and agrees with its payload,
// because the signature covers the payload alone.
func (b *bundle) headers(position int64, m verify.Message) {
	a := &eventv1.Commit{}
	if err := proto.Unmarshal(m.Payload, a); err != nil {
		b.find(position, "its payload is not a commit")
		return
	}
	if count := len(m.HeaderValues(verify.SignatureHeader)); count > 1 {
		b.find(position, fmt.Sprintf("it has %d signatures", count))
	}
	says := event.Headers(a)
	for _, name := range slices.Sorted(maps.Keys(says)) {
		got, want := m.HeaderValues(name), says[name]
		if len(got) == 1 && (got[0] == want || name == event.NamesHeader && sameKinds(got[0], a.Events)) {
			continue
		}
		b.find(position, fmt.Sprintf("its header %s says %q, and its payload %q", name, strings.Join(got, ","), want))
	}
}

// sameKinds reports whether a header names the kinds of events, as far as this program knows
// them: a newer version may have written them.
func sameKinds(header string, events []*eventv1.Event) bool {
	names := strings.Split(header, ",")
	for i, known := range event.Names(events) {
		if i < len(names) && known != "" && known != names[i] {
			return false
		}
	}
	return len(names) == len(events)
}
