package check_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// The services' signatures and the log's key are valid; only one header differs, is missing,
// or appears twice.
func TestHeadersSayWhatThePayloadSays(t *testing.T) {
	const at = 70
	messages := history(100)
	names := []string{verify.SignatureHeader}
	for name := range event.Headers(&eventv1.Commit{}) {
		names = append(names, name)
	}
	for _, name := range names {
		begin := []byte("\r\n" + name + ": ")
		for how, with := range map[string]string{
			"another value":                  "\r\n" + name + ": x",
			"none":                           "\r\nx: ",
			"two":                            "\r\n" + name + ": x\r\n" + name + ": ",
			"one more, as clients end lines": "\r\nx: x\n" + name + ": x\r\n" + name + ": ",
			"the same twice":                 "\r\n" + name + ": " + messages[at-1].HeaderValues(name)[0] + "\r\n" + name + ": ",
		} {
			forged := append([]verify.Message(nil), messages...)
			forged[at-1].Header = bytes.Replace(messages[at-1].Header, begin, []byte(with), 1)
			report := checked(t, publish(forged), nil)
			if report.First != at || report.Found == 0 || !strings.Contains(fmt.Sprint(report.Findings), "sign") && !strings.Contains(fmt.Sprint(report.Findings), "header "+name) {
				t.Errorf("%s with %s: %+v", name, how, report)
			}
		}
	}
}

// This program does not know the name of the newer kind.
func TestANewerKindOfEventIsNoFinding(t *testing.T) {
	a := &eventv1.Commit{Id: "1", Subject: "stafett.conversation.x", Service: "intake", Number: 1}
	a.Events = []*eventv1.Event{event.Of(&eventv1.ParticipantJoined{}), {}}
	unknown := protowire.AppendTag(nil, 536870911, protowire.BytesType)
	a.Events[1].ProtoReflect().SetUnknown(protowire.AppendBytes(unknown, nil))
	m := written(a)
	for names, holds := range map[string]bool{
		"ParticipantJoined,Newer": true, "ParticipantLeft,Newer": false, "ParticipantJoined": false, "ParticipantJoined,Newer,Newer": false,
	} {
		told := m
		told.Header = bytes.Replace(m.Header, []byte("ParticipantJoined,"), []byte(names), 1)
		if report := checked(t, publish([]verify.Message{told}), nil); report.Holds() != holds {
			t.Errorf("events %s: %+v", names, report)
		}
	}
}
