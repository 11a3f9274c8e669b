package directory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/directory/rules"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// plainRank is Rank in so many words: everything about every line, then sort, then cut.
func (d *Directory) plainRank(need Need, at time.Time) *handoverv1.RoutingDecision {
	made := d.decide(need, fit.Warm, at)
	defer made.done()
	var pass, fail []*handoverv1.Candidate
	for _, e := range d.entries {
		row := rowOf(e)
		if candidate := made.tell(&row); len(candidate.Failed) == 0 {
			pass = append(pass, candidate)
		} else {
			fail = append(fail, candidate)
		}
	}
	slices.SortFunc(pass, func(a, b *handoverv1.Candidate) int {
		if len(need.Named) > 0 {
			return cmp.Compare(slices.Index(need.Named, a.Line), slices.Index(need.Named, b.Line))
		}
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Line, b.Line))
	})
	first, failed := min(len(pass), longestPlan), min(len(fail), mostFailed)
	return &handoverv1.RoutingDecision{
		Candidates: slices.Concat(pass[:first], fail[:failed]), Others: plainGroups(slices.Concat(pass[first:], fail[failed:])),
		RulesVersion: d.basis.rules().Version(), TaxonomyVersion: d.basis.taxonomy().Version(),
		Time: timestamppb.New(at), Need: need.recorded(),
	}
}

func plainGroups(others []*handoverv1.Candidate) (groups []*handoverv1.LineGroup) {
	known, room := map[string]*handoverv1.LineGroup{}, groupedBytes
	slices.SortFunc(others, func(a, b *handoverv1.Candidate) int { return strings.Compare(a.Line, b.Line) })
	for _, c := range others {
		group := known[fmt.Sprint(c.Failed)]
		if group == nil {
			group = &handoverv1.LineGroup{Failed: c.Failed}
			known[fmt.Sprint(c.Failed)] = group
			groups = append(groups, group)
		}
		group.Count++
		if room -= len(c.Line) + 2; room > 0 {
			group.Lines = append(group.Lines, c.Line)
		}
	}
	return groups
}

// Rank gives the same decision as if it knew everything of every line, byte for byte.
func TestRankIsWhatItPlainlySays(t *testing.T) {
	examples := drawn{rapid.Custom(drawLines), rapid.Custom(drawNeed)}
	rapid.Check(t, func(t *rapid.T) {
		at, lines := drawEvening(t), examples.many(t)
		all := New(lines, By(rules.Default()))
		for i, line := range all.Lines() {
			if i%9 == 0 {
				all = all.With(ID(line), line, drawLive(t, at))
			} else {
				all = all.With(ID(line), line, Live{SeatsUntil: at.Add(time.Hour), Seats: map[handoverv1.Channel]Seats{chat: {Free: int32(i % 7), Queue: int32(i % 3)}, phone: {Free: 1}}})
			}
		}
		need := examples.needs.Draw(t, "need")
		got, want := all.Rank(need, at), all.plainRank(need, at)
		if said := diff.Diff(want, got, protocmp.Transform()); said != "" {
			t.Fatalf("- plain, + fast:\n%s", said)
		}
		one, two := bytesOf(t, got), bytesOf(t, want)
		if one != two {
			t.Fatal("the bytes differ")
		}
	})
}

type drawn struct {
	lines *rapid.Generator[[]*handoverv1.Line]
	needs *rapid.Generator[Need]
}

// many repeats drawn lines under new ids, often enough that not all are recorded in full.
func (d drawn) many(t *rapid.T) (lines []*handoverv1.Line) {
	few := d.lines.Draw(t, "lines")
	for i := range rapid.IntRange(0, 600).Draw(t, "count") {
		line := proto.CloneOf(few[i%len(few)])
		if i >= len(few) {
			line.Name += fmt.Sprintf("-%d", i)
		}
		lines = append(lines, line)
	}
	return lines
}

func bytesOf(t *rapid.T, decision *handoverv1.RoutingDecision) string {
	stored, err := proto.MarshalOptions{Deterministic: true}.Marshal(decision)
	if err != nil {
		t.Fatal(err)
	}
	return string(stored)
}
