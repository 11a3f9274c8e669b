package logrules

import (
	"regexp"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/invariant/internal/conversationrules"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/staffkey"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// sizes are the lengths of the byte fields that are not SHA-256 hashes.
var sizes = map[protoreflect.FullName][]int{
	"stafett.event.v1.Commit.request_id":          {16},
	"stafett.event.v1.Commit.request_hash":        {16},
	"stafett.event.v1.TicketIssued.request_id":    {16},
	"stafett.event.v1.AccessGranted.content_key":  {16},
	"stafett.event.v1.SignedCheckpoint.signature": {64},
	"stafett.seal.v1.SignedKey.signature":         {64},
	"stafett.seal.v1.LineKey.public_key":          {32, 1216}, // Ed25519, MLKEM768-X25519
	"stafett.handover.v1.SecurityKey.cose_key":    {42, 77},   // EdDSA, ES256
	"stafett.handover.v1.StaffKey.ed25519":        {32},

	"stafett.handover.v1.SecondSignature.signature":          {64, 67, 68, 69, 70, 71, 72}, // Ed25519, ES256 in DER
	"stafett.handover.v1.SecondSignature.authenticator_data": {37},
	"stafett.handover.v1.Shown.nonce":                        {16},
}

// forms are byte fields that hold text of one form.
var forms = map[protoreflect.FullName]*regexp.Regexp{
	"stafett.handover.v1.SecondSignature.client_data": staffkey.ClientDataForm,
}

// embedded are byte fields that hold a serialized message, which is looked at like any other.
var embedded = map[protoreflect.FullName]protoreflect.MessageType{
	"stafett.seal.v1.SignedKey.key":             (&sealv1.LineKey{}).ProtoReflect().Type(),
	"stafett.handover.v1.SecondSignature.shown": (&handoverv1.Shown{}).ProtoReflect().Type(),
}

// shape is what there is to look at in one type of message.
type shape struct {
	name   protoreflect.Name
	fields []shapeField
}

// shapeField is a field that could hold content.
type shapeField struct {
	protoreflect.FieldDescriptor
	sizes    []int
	embedded protoreflect.MessageType // nil: the bytes are a hash or a key
	form     *regexp.Regexp           // nil: the bytes are not text
	required bool
}

// shape returns what there is to look at, worked out once for each type.
func (c *content) shape(d protoreflect.MessageDescriptor) *shape {
	if known, ok := c.shapes[d]; ok {
		return known
	}
	worked := &shape{name: d.Name()}
	for i := range d.Fields().Len() {
		if field := d.Fields().Get(i); field.Message() != facts.Kinds.Parent() && holds(field) {
			worked.fields = append(worked.fields, shapeOf(field))
		}
	}
	c.shapes[d] = worked
	return worked
}

// holds tells whether a field can hold text, bytes or a message. Times are left
// out: they are numbers.
func holds(field protoreflect.FieldDescriptor) bool {
	if conversationrules.IsTime(field) {
		return false
	}
	switch field.Kind() {
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return true
	}
	return field.IsMap()
}

// shapeOf: an event commits to what it names, so its byte fields are never empty.
func shapeOf(field protoreflect.FieldDescriptor) shapeField {
	allowed, other := sizes[field.FullName()]
	if !other {
		allowed = []int{32}
	}
	bytes := field.Kind() == protoreflect.BytesKind
	return shapeField{field, allowed, embedded[field.FullName()], forms[field.FullName()], bytes && isKind(field.ContainingMessage())}
}

func isKind(d protoreflect.MessageDescriptor) bool {
	for i := range facts.Kinds.Fields().Len() {
		if facts.Kinds.Fields().Get(i).Message() == d {
			return true
		}
	}
	return false
}
