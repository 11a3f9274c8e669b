package rpc

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	_ "github.com/stafett/stafett/proto/stafett/audit/v1"
	_ "github.com/stafett/stafett/proto/stafett/intake/v1"
	_ "github.com/stafett/stafett/proto/stafett/routing/v1"
	_ "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// sentence is what no field of the history may hold. With capitals it is tried, too.
const sentence = "ola-nordmann-born-2012-kongsgata-5"

// elsewhere says why a field may look like a sentence all the same.
var elsewhere = map[string]string{
	"door":          "the directory must have it",
	"unit":          "the rota must have it",
	"file_name":     "it is in answers alone, and recorded nowhere",
	"relying_party": "it is the host at which the line's people sign in",
}

// TestNoRequestHoldsASentence: wherever a line writes a text into the history, the text has a format in
// which no sentence fits, or names something that the platform already knows.
func TestNoRequestHoldsASentence(t *testing.T) {
	tried, used := 0, map[string]bool{}
	for kind := range requests {
		for _, path := range texts(kind.Descriptor(), nil) {
			tried++
			request := kind.New()
			for _, text := range []string{sentence, strings.ToUpper(sentence)} {
				put(request, path, text)
				if name := named(path); !refuses(t, request.Interface(), name) {
					used[last(path)] = true
					if elsewhere[last(path)] == "" {
						t.Errorf("%s.%s takes %q", kind.Descriptor().Name(), name, text)
					}
				}
			}
		}
	}
	if tried < 100 || len(used) != len(elsewhere) {
		t.Errorf("%d fields were tried, and %v need an exception", tried, used)
	}
}

// requests are the requests that record something.
func requests(yield func(protoreflect.MessageType) bool) {
	protoregistry.GlobalTypes.RangeMessages(func(m protoreflect.MessageType) bool {
		records := m.Descriptor().Fields().ByName("request_id") != nil && strings.HasSuffix(string(m.Descriptor().Name()), "Request")
		return !records || yield(m)
	})
}

// texts are the paths of a message's text fields.
func texts(d protoreflect.MessageDescriptor, before []protoreflect.FieldDescriptor) (all [][]protoreflect.FieldDescriptor) {
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		path := append(slices.Clone(before), f)
		switch {
		case f.Kind() == protoreflect.StringKind:
			all = append(all, path)
		case f.Kind() == protoreflect.MessageKind && !strings.HasPrefix(string(f.Message().FullName()), "google.protobuf.") && len(path) < 5:
			all = append(all, texts(f.Message(), path)...)
		}
	}
	return all
}

// put sets the field at the end of a path.
func put(m protoreflect.Message, path []protoreflect.FieldDescriptor, text string) {
	for _, f := range path[:len(path)-1] {
		if f.IsList() {
			list := m.Mutable(f).List()
			if list.Len() == 0 {
				list.AppendMutable()
			}
			m = list.Get(0).Message()
			continue
		}
		m = m.Mutable(f).Message()
	}
	f := path[len(path)-1]
	if f.IsList() {
		list := m.NewField(f).List()
		list.Append(protoreflect.ValueOfString(text))
		m.Set(f, protoreflect.ValueOfList(list))
		return
	}
	m.Set(f, protoreflect.ValueOfString(text))
}

func last(path []protoreflect.FieldDescriptor) string { return string(path[len(path)-1].Name()) }

func named(path []protoreflect.FieldDescriptor) string {
	var names []string
	for _, f := range path {
		names = append(names, string(f.Name()))
	}
	return strings.Join(names, ".")
}

// refuses reports whether a request's validation names a field.
func refuses(t *testing.T, request proto.Message, name string) bool {
	t.Helper()
	var invalid *protovalidate.ValidationError
	if err := protovalidate.Validate(request); err != nil && !errors.As(err, &invalid) {
		t.Fatal(err)
	} else if err == nil {
		return false
	}
	for _, violation := range invalid.Violations {
		var names []string
		for _, element := range violation.Proto.GetField().GetElements() {
			names = append(names, element.GetFieldName())
		}
		if strings.Join(names, ".") == name {
			return true
		}
	}
	return false
}
