package apitest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/identity"
)

// FileLine is one of fourLines as written in a file, for some ages.
func FileLine(id, ages string) string {
	return "  - {id: " + id + ", names: {nb: " + id + ", da: " + id + ", en: " + id + "}, operator: test, country: \"NO\", " +
		"time_zone: Europe/Oslo, topics: [\"*\"], ages: " + ages + ", languages: [nb], anonymous: true, " +
		"hours: {chat: [\"every day 00:00-24:00\"]}}\n"
}

// LinesFile is a file of lines.
func LinesFile(lines ...string) *routingv1.ApplyLinesRequest {
	return &routingv1.ApplyLinesRequest{RequestId: uuid.NewString(), File: []byte("lines:\n" + strings.Join(lines, ""))}
}

// AuditorDesk is an auditor who calls RPCs for lines.
func (w *World) AuditorDesk() Desk {
	w.T.Helper()
	return Desk{w.Auditor(), w, "auditor"}
}

// Operator calls RPCs for operators.
func (w *World) Operator() Desk {
	w.T.Helper()
	return Desk{w.Peer(identity.Operator, "operator"), w, "operator"}
}

// Closure closes first for an hour.
func (w *World) Closure() *routingv1.CloseLineRequest {
	return &routingv1.CloseLineRequest{
		RequestId: uuid.NewString(), Line: "lines/first", Reason: handoverv1.ClosureReason_CLOSURE_REASON_SHORT_STAFFED,
		EndTime: timestamppb.New(w.Clock.Now().Add(time.Hour)),
	}
}

// CloseFor closes a desk's own line for a time.
func (d Desk) CloseFor(lasts time.Duration) (*handoverv1.Recorded, error) {
	r := d.Closure()
	r.Line, r.EndTime = "lines/"+d.Line, timestamppb.New(d.Clock.Now().Add(lasts))
	return Placed(d.Directory.CloseLine(d.Ctx, r))
}

// the client's methods without their options.
func (d Desk) CloseLine(ctx context.Context, r *routingv1.CloseLineRequest) (*handoverv1.Recorded, error) {
	return Placed(d.Directory.CloseLine(ctx, r))
}

func (d Desk) ReopenLine(ctx context.Context, r *routingv1.ReopenLineRequest) (*handoverv1.Recorded, error) {
	return Placed(d.Directory.ReopenLine(ctx, r))
}

// Availability is whether a line can take a child now, as an auditor sees it.
func (w *World) Availability(line string) *routingv1.Availability {
	w.T.Helper()
	w.Settle()
	return Must[*routingv1.Availability](w.T)(w.Auditor().Directory.GetAvailability(w.Ctx, &routingv1.GetAvailabilityRequest{Name: "lines/" + line + "/availability"}))
}

// ChatAvailability is the same for chat only, for which the line must have hours.
func (w *World) ChatAvailability(line string) *routingv1.ChannelAvailability {
	w.T.Helper()
	for _, channel := range w.Availability(line).Channels {
		if channel.Channel == Chat {
			return channel
		}
	}
	w.T.Fatalf("%s has no hours for chats", line)
	return nil
}

// WantOffer checks that a new handover of sender's to a line is offered.
func (w *World) WantOffer(line string) {
	w.T.Helper()
	_, handover := w.Desk("sender").Offered(line)
	w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_OFFERED)
}

// WantNoOffer checks that a new handover of sender's to a line returns.
func (w *World) WantNoOffer(line string) {
	w.T.Helper()
	_, handover := w.Desk("sender").Offered(line)
	h := w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_RETURNED)
	if h.ReturnReason != handoverv1.ReturnReason_RETURN_REASON_NO_LINE_OPEN {
		w.T.Errorf("%s came back because of %v", handover, h.ReturnReason)
	}
}

// NewQuietWorld is a world whose desks report seats only when the test does.
func NewQuietWorld(t *testing.T, lines []*handoverv1.Line) *World {
	t.Helper()
	w := NewWorldOf(t, lines)
	w.Quiet = true
	return w
}

// ChangedLines are the four lines, one of them changed.
func ChangedLines(line string, change func(*handoverv1.Line)) (lines []*handoverv1.Line) {
	for _, l := range FourLines() {
		l = proto.CloneOf(l)
		if l.Name == "lines/"+line {
			change(l)
		}
		lines = append(lines, l)
	}
	return lines
}

// GetOffer is an offer of a handover of sender's.
func (w *World) GetOffer(handover string, n int) *routingv1.Offer {
	w.T.Helper()
	w.Settle()
	h := Must[*routingv1.Handover](w.T)(w.Desk("sender").Routing.GetHandover(w.Ctx, &routingv1.GetHandoverRequest{Name: handover}))
	if len(h.Offers) < n {
		w.T.Fatalf("%s plans %v, want %d lines", handover, h.Offers, n)
	}
	return h.Offers[n-1]
}

// Planned brings a handover to first and then second to the point where first is asked.
func Planned(w *World) (handover string) {
	for _, line := range []string{"first", "second", "third"} {
		w.Desk(line).ReportSeats(1)
	}
	_, handover = w.Desk("sender").Offered("first", "second", "third")
	return handover
}
