package check_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/check"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// told returns what a report says of one question: "checked", "unchecked" or nothing.
func told(r *check.Report, question string) string {
	has := func(all []string) bool {
		return slices.ContainsFunc(all, func(one string) bool { return strings.HasPrefix(one, question) })
	}
	switch {
	case has(r.Checked) && !has(r.Unchecked):
		return "checked"
	case has(r.Unchecked) && !has(r.Checked):
		return "unchecked"
	}
	return ""
}

// The other history is complete and signed with the same key; only the root reveals it.
func TestACheckpointOverAnotherHistory(t *testing.T) {
	files := publish(history(300))
	files[verify.CheckpointPath] = publish(history(301)[1:])[verify.CheckpointPath]
	for _, noTiles := range []bool{true, false} {
		report, err := check.History(context.Background(), files, check.Options{Policy: trusted, NoTiles: noTiles})
		if err != nil || report.Holds() || !slices.ContainsFunc(report.Findings, func(f check.Finding) bool { return strings.Contains(f.What, "another root") }) {
			t.Errorf("without tiles: %t: %+v, %v", noTiles, report, err)
		}
	}
}

// A missing quorum is a finding, and the report lists who did cosign, with the time.
func TestTooFewCosigned(t *testing.T) {
	at := time.Date(2026, 3, 3, 19, 52, 0, 0, time.UTC)
	one := verifytest.Must(verify.NewCosigner("witness.test/w1", verifytest.Key(3), func() time.Time { return at }))
	other := verifytest.Must(verify.NewCosigner("witness.test/w2", verifytest.Key(4), func() time.Time { return at }))
	files := publish(history(10))
	files[verify.CheckpointPath] = verifytest.Must(note.Sign(verifytest.Must(note.Open(files[verify.CheckpointPath], note.VerifierList(logKey))), one))
	for quorum, holds := range map[string]bool{"one": true, "both": false} {
		policy := verifytest.Must(verify.ParsePolicy(fmt.Appendf(nil, "log %s\nwitness one %s\nwitness other %s\ngroup both all one other\nquorum %s", logKey.VKey(), one.VKey(), other.VKey(), quorum)))
		report, err := check.History(context.Background(), files, check.Options{Policy: policy})
		if err != nil || report.Holds() != holds || len(report.Cosigned) != 1 || !report.Cosigned["one"].Equal(at) {
			t.Errorf("quorum %s: %+v, %v", quorum, report, err)
		}
		if got := told(report, "whether enough witnesses"); got != "checked" {
			t.Errorf("quorum %s: witnesses are %q", quorum, got)
		}
	}
}

// placed returns a signed commit, whatever place it claims.
func placed(lies string, a *eventv1.Commit) verify.Message {
	a.Service, a.Id = "intake", "x"
	m := written(a)
	m.Subject = lies
	return m
}

// Each commit is in the tree and signed by its service, but in the wrong place.
func TestAppendsOutOfPlace(t *testing.T) {
	const here, there = "stafett.conversation.here", "stafett.conversation.there"
	first := placed(here, &eventv1.Commit{Subject: here, Number: 1})
	for name, c := range map[string]struct {
		second verify.Message
		says   string
	}{
		"for another subject":             {placed(there, &eventv1.Commit{Subject: here, Number: 1}), "was written for"},
		"a number left out":               {placed(here, &eventv1.Commit{Subject: here, Number: 3, PreviousHash: hashOf(first)}), "it is commit 3 of"},
		"a first that follows something":  {placed(there, &eventv1.Commit{Subject: there, Number: 1, PreviousHash: hashOf(first)}), "does not follow what lies before it"},
		"a second that follows something": {placed(here, &eventv1.Commit{Subject: here, Number: 2, PreviousHash: bytes.Repeat([]byte{1}, 32)}), "does not follow what lies before it"},
		"what is not a commit":            {verify.Message{Subject: here, Header: first.Header, Payload: []byte{0xff}}, "payload is not a commit"},
	} {
		report := checked(t, publish([]verify.Message{first, c.second}), nil)
		if report.First != 2 || !slices.ContainsFunc(report.Findings, func(f check.Finding) bool { return f.Position == 2 && strings.Contains(f.What, c.says) }) {
			t.Errorf("%s: %+v, want a finding that says %q", name, report.Findings, c.says)
		}
	}
}

func hashOf(m verify.Message) []byte {
	sum := sha256.Sum256(m.Payload)
	return sum[:]
}

// A kept checkpoint of another log says nothing about this one.
func TestAKeptCheckpointOfAnotherLog(t *testing.T) {
	elsewhere := verifytest.Log("stafett.test/elsewhere", 5)
	policy := verifytest.Must(verify.ParsePolicy([]byte("log " + logKey.VKey() + "\nlog " + elsewhere.VKey() + "\nquorum none")))
	files := publish(history(10))
	c := verifytest.Must(verify.OpenCheckpoint(files[verify.CheckpointPath], logKey))
	c.Origin = elsewhere.Name()
	kept := verifytest.Must(note.Sign(&note.Note{Text: c.Text()}, elsewhere))
	report, err := check.History(context.Background(), files, check.Options{Policy: policy, Since: kept})
	if err != nil || report.Holds() || !strings.Contains(report.Findings[0].What, "it is of stafett.test/elsewhere") {
		t.Errorf("%+v, %v", report, err)
	}
}

// A history that is shorter than the kept checkpoint is a finding. The report says that they
// were compared, and does not claim that one continues the other.
func TestAShorterHistoryThanTheOneKept(t *testing.T) {
	kept := publish(history(20))[verify.CheckpointPath]
	report := checked(t, publish(history(10)), kept)
	if report.Holds() || report.First != 11 || told(report, "whether the history continues") != "checked" {
		t.Errorf("%+v", report)
	}
}
