package simulation

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// chooser draws the fields of a request that a line sends.
type chooser struct {
	*drawer
	line string
}

func (c chooser) Person(as protoreflect.Name) string {
	switch {
	case as != "participant":
		return counsellor(c.line, 2)
	case c.one(15):
		return c.stranger(c.line)
	}
	return c.here(c.line)
}

func (c chooser) Line() string { return c.elsewhere(c.line) }

// Flag is mostly true.
func (c chooser) Flag() bool { return !c.one(5) }

func (c chooser) Code(allowed []protoreflect.EnumNumber) protoreflect.EnumNumber {
	return allowed[c.random.IntN(len(allowed))]
}

// Codes draws any of them, and usually the first, without which a consent is refused.
func (c chooser) Codes(allowed []protoreflect.EnumNumber) (some []protoreflect.EnumNumber) {
	if !c.one(15) {
		some = append(some, allowed[0])
	}
	for _, code := range allowed[1:] {
		if c.one(2) {
			some = append(some, code)
		}
	}
	return some
}

func (c chooser) Lines() []string {
	if c.one(5) {
		return []string{c.Line()}
	}
	return nil
}

func (c chooser) Topics() []string {
	topics := []string{"V.bullying", "MH", "FR", "V.physical"}
	n := c.random.IntN(len(topics) + 1)
	if n == len(topics) {
		return nil
	}
	return topics[n : n+1]
}

func (c chooser) Instant(protoreflect.Name) time.Time { return c.now.Add(c.span(20 * time.Hour)) }

func (c chooser) Duration() time.Duration {
	if c.one(10) {
		return c.span(48 * time.Hour)
	}
	return 0
}

// setText sets a text of a request that has such a field.
func setText(request proto.Message, name protoreflect.Name, text string) {
	m := request.ProtoReflect()
	if field := m.Descriptor().Fields().ByName(name); field != nil {
		m.Set(field, protoreflect.ValueOfString(text))
	}
}

// counsellor names the n-th counsellor of a line; the third never talks with a child.
func counsellor(line string, n int) string { return line + string(rune('1'+n)) }

// here returns a counsellor of the line who is there, or else the first.
func (d *drawer) here(line string) string {
	for _, p := range d.conversation().Participants {
		if p.Line == line && p.Role == handoverv1.Role_ROLE_COUNSELLOR && p.Present {
			return p.Id
		}
	}
	return counsellor(line, 0)
}

func (d *drawer) stranger(line string) string {
	if d.one(3) {
		return child
	}
	return counsellor(line, d.random.IntN(3))
}

// elsewhere picks a line other than the one that gives the order.
func (d *drawer) elsewhere(line string) string {
	for {
		if to := Lines[d.random.IntN(len(Lines))]; to != line || d.one(20) {
			return to
		}
	}
}

var _ order.Chooser = chooser{}
