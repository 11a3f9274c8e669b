package report

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// TestConsultationsAreCountedApart: whoever is asked for advice has received nobody.
func TestConsultationsAreCountedApart(t *testing.T) {
	f, err := NewFigures(time.Time{}, time.Time{}, smallest)
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		add(t, f, &eventv1.ConversationOpened{Line: "a"}, &eventv1.ConsultationAsked{Consultation: 1, FromLine: "a", Line: "b"},
			&eventv1.ConsultationAnswered{Consultation: 1, Answer: 2}, &eventv1.ConsultationAsked{Consultation: 2, FromLine: "a", Line: "c"},
			&eventv1.ConsultationDeclined{Consultation: 2})
	}
	counted := map[key]int{}
	for _, figure := range f.Figures() {
		if figure.Count != nil {
			counted[key{figure.Table, figure.Line, figure.Code}] = *figure.Count
		}
	}
	want := map[key]int{
		{"conversations_opened", "a", ""}: 4, {"consultations_asked", "a", ""}: 8,
		{"consultations", "b", "HANDOVER_ADVISED"}: 4, {"consultations", "c", "DECLINED"}: 4,
	}
	if len(counted) != len(want) {
		t.Errorf("counted %v, want %v", counted, want)
	}
	for k, n := range want {
		if counted[k] != n {
			t.Errorf("%v is %d, want %d", k, counted[k], n)
		}
	}
}

func add(t *testing.T, f *Figures, kinds ...proto.Message) {
	t.Helper()
	commit := &eventv1.Commit{Subject: "stafett.conversation.x", RecordTime: timestamppb.Now()}
	for _, kind := range kinds {
		commit.Events = append(commit.Events, event.Of(kind))
	}
	if err := f.Add(&auditv1.StoredCommit{Commit: commit}); err != nil {
		t.Fatal(err)
	}
}
