package story

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

func Equal(t *testing.T, got, want proto.Message) {
	t.Helper()
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// Recommend always recommends the same.
func Recommend(r *handoverv1.Recommendation) func(*statev1.Conversation) *handoverv1.Recommendation {
	return func(*statev1.Conversation) *handoverv1.Recommendation { return r }
}
