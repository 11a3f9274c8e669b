package logrules

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// public are a line's published facts and rota.
var public = map[protoreflect.MessageDescriptor]bool{
	(&eventv1.LinePublished{}).ProtoReflect().Descriptor(): true,
	(&eventv1.RotaPublished{}).ProtoReflect().Descriptor(): true,
}

// content checks the part of I7 that a history shows: the log holds no content.
// Strings are codes and ids, bytes are hashes, nothing hides in unknown fields,
// and what lies in the vault is committed to by exactly 32 bytes. The directory of
// lines, which is public, is exempt in its own subjects.
type content struct {
	rule.Base
	shapes map[protoreflect.MessageDescriptor]*shape
}

func NewContent(f rule.Base) rule.Reader {
	return &content{Base: f, shapes: map[protoreflect.MessageDescriptor]*shape{}}
}

// Read looks at the commit's own fields and then at each event's kind: Event is a
// choice of many, most of which are never there.
func (c *content) Read(at facts.Mark, r facts.Stored) {
	c.Applies()
	c.message(at, r.Commit.ProtoReflect())
	for _, e := range r.GetEvents() {
		c.unknown(at, e.ProtoReflect())
		if kind := facts.KindOf(e); kind != nil {
			c.message(at, kind.ProtoReflect())
			c.size(at, kind)
		}
	}
}

// buckets are the sizes to which content is padded, so that its length tells little. The largest is
// of earlier histories.
var buckets = []uint32{256, 1024, 4096, 16384, 65536}

func (c *content) size(at facts.Mark, kind proto.Message) {
	k, sized := kind.(interface{ GetSizeBucket() uint32 })
	if sized && !slices.Contains(buckets, k.GetSizeBucket()) {
		c.Violated(at, "a size of %d tells the length of what was written", k.GetSizeBucket())
	}
}

func (c *content) message(at facts.Mark, m protoreflect.Message) {
	if public[m.Descriptor()] && strings.HasPrefix(at.Subject, facts.LineSubject) {
		return
	}
	shape := c.shape(m.Descriptor())
	c.unknown(at, m)
	for _, field := range shape.fields {
		switch {
		case m.Has(field.FieldDescriptor):
			c.field(at, field, m.Get(field.FieldDescriptor))
		case field.required:
			c.Violated(at, "%s has no %s", shape.name, field.Name())
		}
	}
}

func (c *content) unknown(at facts.Mark, m protoreflect.Message) {
	if len(m.GetUnknown()) > 0 {
		c.Violated(at, "%s has unknown fields", m.Descriptor().Name())
	}
}

func (c *content) field(at facts.Mark, field shapeField, v protoreflect.Value) {
	switch {
	case field.IsMap():
		v.Map().Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
			c.value(at, field, key.Value())
			c.value(at, field, value)
			return true
		})
	case field.IsList():
		for i := range v.List().Len() {
			c.value(at, field, v.List().Get(i))
		}
	default:
		c.value(at, field, v)
	}
}

func (c *content) value(at facts.Mark, field shapeField, value protoreflect.Value) {
	switch v := value.Interface().(type) {
	case string:
		if !isCode(v) {
			c.Violated(at, "%s.%s is not a code: %d bytes", field.Parent().Name(), field.Name(), len(v))
		}
	case []byte:
		c.bytes(at, field, v)
	case protoreflect.Message:
		c.message(at, v)
	}
}

func (c *content) bytes(at facts.Mark, field shapeField, v []byte) {
	if field.form != nil {
		if !field.form.Match(v) {
			c.Violated(at, "%s.%s is not of its form: %d bytes", field.Parent().Name(), field.Name(), len(v))
		}
		return
	}
	if field.embedded == nil {
		if !slices.Contains(field.sizes, len(v)) {
			c.Violated(at, "%s.%s is not a hash or a key: %d bytes", field.Parent().Name(), field.Name(), len(v))
		}
		return
	}
	inside := field.embedded.New()
	if err := proto.Unmarshal(v, inside.Interface()); err != nil {
		c.Violated(at, "%s.%s is not a %s", field.Parent().Name(), field.Name(), field.embedded.Descriptor().Name())
		return
	}
	c.message(at, inside)
}

// isCode tells whether a string looks like every string in the log: an id, a code,
// a name of ours. It has no blanks, so no sentence fits.
func isCode(s string) bool {
	for i := range len(s) {
		if !codeBytes[s[i]] {
			return false
		}
	}
	return len(s) > 0 && len(s) <= 128
}

// codeBytes are the bytes of which codes are made.
var codeBytes = func() (allowed [256]bool) {
	for _, b := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/+*-") {
		allowed[b] = true
	}
	return allowed
}()
