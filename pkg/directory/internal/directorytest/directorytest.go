// Package directorytest has what tests of lines share: instants, lines of the example directory and
// closures.
package directorytest

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Instant reads an RFC 3339 text.
func Instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Line is a line of the example directory, which the caller may change.
func Line(t testing.TB, id string) *handoverv1.Line {
	t.Helper()
	for _, line := range linefile.Example() {
		if line.GetName() == "lines/"+id {
			return line
		}
	}
	t.Fatalf("no line %s", id)
	return nil
}

// Closed is a closure at short notice of some channels, or all.
func Closed(t testing.TB, from, until string, reason handoverv1.ClosureReason, channels ...handoverv1.Channel) *handoverv1.Closure {
	t.Helper()
	return &handoverv1.Closure{
		Channels: channels, Reason: reason,
		StartTime: timestamppb.New(Instant(t, from)), EndTime: timestamppb.New(Instant(t, until)),
	}
}
