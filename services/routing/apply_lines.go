package routing

import (
	"cmp"
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/directory/linediff"
	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

var changeKinds = map[linediff.ChangeKind]routingv1.LineChangeKind{
	linediff.Added:   routingv1.LineChangeKind_LINE_CHANGE_KIND_ADDED,
	linediff.Changed: routingv1.LineChangeKind_LINE_CHANGE_KIND_CHANGED,
	linediff.Removed: routingv1.LineChangeKind_LINE_CHANGE_KIND_REMOVED,
}

// ApplyLines publishes the changes in a lines file, line by line. A file that only adds and
// changes may be one part of a directory, and name lines that are published.
func (s *Service) ApplyLines(ctx context.Context, r *routingv1.ApplyLinesRequest) (*routingv1.ApplyLinesResponse, error) {
	call, err := rpc.Call(ctx, "", r)
	if err != nil {
		return nil, err
	}
	if err := s.model.CatchUp(ctx, 0); err != nil {
		return nil, err
	}
	all, err := s.directory()
	if err != nil {
		return nil, err
	}
	published := func(id string) bool { return !r.RemoveMissing && all.Line(id) != nil }
	wanted, err := linefile.ParsePart(cmp.Or(r.FileName, "lines.yaml"), r.File, s.deps.Topics, published)
	if err != nil {
		return nil, fileInvalid(err)
	}
	changes := changesTo(all.Lines(), wanted, r.RemoveMissing)
	if r.ValidateOnly {
		return &routingv1.ApplyLinesResponse{Changes: told(changes)}, nil
	}
	made, position, err := s.apply(ctx, call, all, changes, wanted)
	return &routingv1.ApplyLinesResponse{Changes: told(made), Position: position}, err
}

// changesTo returns the changes to make, without removals unless they are asked for.
func changesTo(before, after []*handoverv1.Line, remove bool) (changes []linediff.Change) {
	for _, change := range linediff.Between(before, after) {
		if remove || change.Kind != linediff.Removed {
			changes = append(changes, change)
		}
	}
	return changes
}

func told(changes []linediff.Change) (all []*routingv1.LineChange) {
	for _, change := range changes {
		for _, field := range change.Fields {
			all = append(all, &routingv1.LineChange{
				Line: handover.LineName(change.Line), Kind: changeKinds[change.Kind],
				Field: field.Path, Before: field.Before, After: field.After,
			})
		}
	}
	return all
}

func changedMeanwhile(line string) error {
	return refusal.LineChanged("somebody else changed "+handover.LineName(line)+" at the same time; look at the difference again",
		"line", line)
}

// apply commits the changes, and returns them with the newest position. A line that an earlier
// attempt of the same request has changed stays as it is by now.
func (s *Service) apply(ctx context.Context, call aggregate.Call, all *directory.Directory, changes []linediff.Change, wanted []*handoverv1.Line) (made []linediff.Change, position uint64, err error) {
	byID := map[string]*handoverv1.Line{}
	for _, line := range wanted {
		byID[directory.ID(line)] = line
	}
	for _, change := range changes {
		var happens proto.Message = &eventv1.LineRemoved{}
		if line := byID[change.Line]; line != nil {
			happens = &eventv1.LinePublished{Line: line}
		}
		before := all.Line(change.Line)
		call.Target = change.Line
		outcome := s.lines.Do(ctx, call, func(now *lines.State, _ time.Time) ([]proto.Message, error) {
			if !proto.Equal(now.Line, before) {
				return nil, changedMeanwhile(change.Line)
			}
			return []proto.Message{happens}, nil
		})
		if outcome.Err != nil {
			return made, position, outcome.Err
		}
		position = max(position, outcome.Recorded.Position)
		if outcome.Result == aggregate.Committed {
			made = append(made, change)
		}
	}
	return made, position, nil
}
