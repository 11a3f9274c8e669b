package route

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover/view"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// onPlatform asks a running platform, which knows closures, seats and rotas.
func (r *routing) onPlatform(ctx context.Context, need directory.Need) (*answer, error) {
	found := &answer{}
	return found, r.Ask(ctx, func(ctx context.Context, p *client.Platform) error {
		lines, err := cli.AllLines(ctx, p)
		if err != nil {
			return err
		}
		found.all = directory.New(lines)
		at, zone, err := r.when(found.all)
		if err != nil {
			return err
		}
		found.zone = zone
		ranked, err := p.Directory.FindLines(ctx, &routingv1.FindLinesRequest{Need: need.Header, Topics: need.Topics, Time: r.stamp(at)})
		found.decision = ranked.GetDecision()
		if err != nil || !r.slots {
			return err
		}
		slots, err := p.Directory.FindSlots(ctx, &routingv1.FindSlotsRequest{
			Need: need.Header, Topics: need.Topics, StartTime: r.stamp(at), TimeZone: zone.String(),
		})
		found.slots = slots.GetSlots()
		return err
	})
}

// stamp leaves now to the platform's clock.
func (r *routing) stamp(at time.Time) *timestamppb.Timestamp {
	if r.at == "" {
		return nil
	}
	return timestamppb.New(at)
}

const (
	// someSeats are those of a line that says nothing of its capacity.
	someSeats = 1
	// someSlots is how many times are told, as the platform tells them.
	someSlots = 5
)

// offline ranks the lines of a file.
func (r *routing) offline(_ context.Context, need directory.Need) (*answer, error) {
	topics, err := r.known(need.Topics)
	if err != nil {
		return nil, err
	}
	ranking, err := cli.ReadRules(r.ownRules)
	if err != nil {
		return nil, cli.Usage(err)
	}
	lines, err := cli.ReadLines(r.lines, topics)
	if err != nil {
		return nil, cli.Usage(err)
	}
	found := &answer{all: directory.New(lines, directory.Under(topics), directory.By(ranking))}
	at, zone, err := r.when(found.all)
	if err != nil {
		return nil, err
	}
	if r.assumeSeats {
		found.all = seatedAt(found.all, at)
	}
	need.FromLine = cli.LineID(r.Line)
	found.zone, found.decision = zone, view.Decision(found.all.Rank(need, at))
	if r.slots {
		found.slots = found.all.Slots(need, at, zone, someSlots)
	}
	return found, nil
}

// known are the topics that the lines of the file may be for. All that the child is there
// for must be among them.
func (r *routing) known(topics []string) (*taxonomy.Taxonomy, error) {
	known, err := cli.ReadTopics(r.ownTopics)
	if err != nil {
		return nil, cli.Usage(err)
	}
	for _, topic := range topics {
		if !known.Known(topic) {
			return nil, cli.Usagef("--topics: %q is not in the taxonomy; see \"stafett topics list\"", topic)
		}
	}
	return known, nil
}

// seatedAt is a directory in which every line has all of its seats free at an instant.
func seatedAt(all *directory.Directory, at time.Time) *directory.Directory {
	for _, line := range all.Lines() {
		seats := map[handoverv1.Channel]directory.Seats{}
		for _, hours := range line.GetHours() {
			seats[hours.GetChannel()] = directory.Seats{Free: someSeats}
		}
		for _, capacity := range line.GetCapacity() {
			seats[capacity.GetChannel()] = directory.Seats{Free: capacity.GetSeats()}
		}
		all = all.With(directory.ID(line), line, directory.Live{Seats: seats, SeatsUntil: at.Add(time.Minute)})
	}
	return all
}
