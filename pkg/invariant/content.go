package invariant

import (
	"regexp"
	"strings"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"google.golang.org/protobuf/reflect/protopath"
	"google.golang.org/protobuf/reflect/protorange"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// code is what every string in the log looks like: an id, a code, a name of ours.
// It has no blanks, so no sentence fits.
var code = regexp.MustCompile(`^[A-Za-z0-9._:/+*-]{1,128}$`)

// sizes are the lengths of the byte fields that are not SHA-256 hashes.
var sizes = map[protoreflect.FullName]int{
	"stafett.event.v1.Append.request_id":   16,
	"stafett.event.v1.Append.request_hash": 16,
}

// checkContent checks the part of I7 that a history shows: the log holds no
// content. Strings are codes and ids, bytes are hashes, nothing hides in unknown
// fields, and what lies in the vault is committed to by exactly 32 bytes. The
// directory of lines, which is public, is exempt.
func checkContent(f *finder, history []Recorded) {
	for _, r := range history {
		f.applies()
		for _, e := range r.Append.GetEvents() {
			checkCommitments(f, r, e)
		}
		// The callback returns no error but Break, so neither does Range.
		_ = protorange.Range(r.Append.ProtoReflect(), func(p protopath.Values) error {
			if isDirectory(r, p) {
				return protorange.Break
			}
			checkValue(f, r, p)
			return nil
		})
	}
}

// isDirectory tells whether a value is a line's published facts, in that line's own subject.
func isDirectory(r Recorded, p protopath.Values) bool {
	m, ok := p.Index(-1).Value.Interface().(protoreflect.Message)
	return ok && strings.HasPrefix(r.Append.GetSubject(), lineSubject) &&
		m.Descriptor().FullName() == (&eventv1.LinePublished{}).ProtoReflect().Descriptor().FullName()
}

func checkValue(f *finder, r Recorded, p protopath.Values) {
	last := p.Index(-1)
	if last.Step.Kind() == protopath.UnknownAccessStep {
		f.violated(r, "unknown fields at %s", p.Path[1:])
		return
	}
	switch v := last.Value.Interface().(type) {
	case string:
		if !code.MatchString(v) {
			f.violated(r, "%s is not a code: %d bytes", p.Path[1:], len(v))
		}
	case []byte:
		if len(v) != size(last.Step) {
			f.violated(r, "%s is not a hash: %d bytes", p.Path[1:], len(v))
		}
	}
}

func size(s protopath.Step) int {
	if s.Kind() == protopath.FieldAccessStep {
		if n, ok := sizes[s.FieldDescriptor().FullName()]; ok {
			return n
		}
	}
	return 32
}

// checkCommitments finds commitments that are absent.
func checkCommitments(f *finder, r Recorded, e *eventv1.Event) {
	kind := kindOf(e)
	if kind == nil {
		return
	}
	m := kind.ProtoReflect()
	for i := range m.Descriptor().Fields().Len() {
		field := m.Descriptor().Fields().Get(i)
		if field.Kind() == protoreflect.BytesKind && !m.Has(field) {
			f.violated(r, "%s has no %s", m.Descriptor().Name(), field.Name())
		}
	}
}
