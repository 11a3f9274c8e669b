package export

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/event"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// row is one event. docs/exports.md describes the columns.
type row struct {
	Position     int64     `parquet:"position"`
	EventNumber  int32     `parquet:"event_number"`
	RecordTime   time.Time `parquet:"record_time,timestamp(microsecond)"`
	SubjectKind  string    `parquet:"subject_kind,dict"`
	SubjectID    string    `parquet:"subject_id,dict"`
	AppendNumber int64     `parquet:"append_number"`
	Service      string    `parquet:"service,dict"`
	Caller       string    `parquet:"caller,dict"`
	Command      string    `parquet:"command,dict"`
	EventType    string    `parquet:"event_type,dict"`
	Handover     *int64    `parquet:"handover,optional"`
	Offer        *int64    `parquet:"offer,optional"`
	Line         *string   `parquet:"line,optional,dict"`
	Facts        string    `parquet:"facts"`
	PayloadHash  string    `parquet:"payload_hash"`
	PreviousHash string    `parquet:"previous_hash"`
}

// rows returns the events of a commit.
func rows(stored *auditv1.StoredCommit) ([]row, error) {
	a := stored.Commit
	kind, id := subject(a.Subject)
	all := make([]row, len(a.Events))
	for i, e := range a.Events {
		facts, err := facts(e)
		if err != nil {
			return nil, err
		}
		all[i] = row{
			Position: int64(stored.Position), EventNumber: int32(i + 1), RecordTime: a.RecordTime.AsTime(),
			SubjectKind: kind, SubjectID: id, AppendNumber: int64(a.Number), Service: a.Service, Caller: a.Caller, Command: a.Command,
			EventType: event.Name(e), Handover: number(e, "handover"), Offer: number(e, "offer"), Line: text(e, "line"), Facts: facts,
			PayloadHash: hex.EncodeToString(stored.PayloadHash), PreviousHash: hex.EncodeToString(a.PreviousHash),
		}
	}
	return all, nil
}

// subject splits stafett.conversation.ID.
func subject(text string) (kind, id string) {
	kind, id, _ = strings.Cut(strings.TrimPrefix(text, "stafett."), ".")
	return kind, id
}

// facts returns an event's fields in the API's JSON, without the spaces that protobuf
// inserts at random.
func facts(e *eventv1.Event) (string, error) {
	text, err := protojson.Marshal(event.What(e))
	if err != nil {
		return "", err
	}
	var compact bytes.Buffer
	err = json.Compact(&compact, text)
	return compact.String(), err
}

// number returns an event's numeric field, if it has one of that name.
func number(e *eventv1.Event, name protoreflect.Name) *int64 {
	field, value := find(e, name)
	if field == nil || field.Kind() != protoreflect.Uint32Kind {
		return nil
	}
	n := int64(value.Uint())
	return &n
}

// text returns an event's text field, if it has one of that name.
func text(e *eventv1.Event, name protoreflect.Name) *string {
	field, value := find(e, name)
	if field == nil || field.Kind() != protoreflect.StringKind {
		return nil
	}
	named := value.String()
	return &named
}

func find(e *eventv1.Event, name protoreflect.Name) (protoreflect.FieldDescriptor, protoreflect.Value) {
	what := event.What(e).ProtoReflect()
	field := what.Descriptor().Fields().ByName(name)
	if field == nil || !what.Has(field) {
		return nil, protoreflect.Value{}
	}
	return field, what.Get(field)
}
