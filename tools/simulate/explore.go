package main

import (
	"fmt"
	"strings"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/exploration"
)

// explored explores a small world and reports whether all of it is sound.
func (w wish) explored() (bool, error) {
	began := time.Now()
	g, err := exploration.Explore(exploration.Bounds{Handovers: w.explore, States: w.states})
	if err != nil {
		return false, err
	}
	fmt.Printf("%d states, %d transitions, complete: %t, %.1fs\n", g.States(), g.Edges, g.Complete, time.Since(began).Seconds())
	for state := handoverv1.HandoverState(0); int(state) < len(handoverv1.HandoverState_name); state++ {
		fmt.Printf("%9d  %s\n", g.Seen[state], exploration.Name(state))
	}
	for _, b := range g.Breaches[:min(len(g.Breaches), enough)] {
		fmt.Printf("\n%s: %s\n  %s\n", b.Rule, b.Message, strings.Join(b.Way, "\n  "))
	}
	endless := endless(g)
	for _, way := range endless[:min(len(endless), enough)] {
		fmt.Printf("\nnothing but time leads nowhere from here:\n  %s\n", strings.Join(way, "\n  "))
	}
	return len(g.Breaches)+len(endless) == 0, nil
}

// endless is known only for a world that was explored completely.
func endless(g *exploration.Graph) [][]string {
	if !g.Complete {
		return nil
	}
	return g.Endless()
}

func drawn() error {
	transitions, err := exploration.Transitions()
	if err == nil {
		fmt.Print(exploration.Diagram(transitions))
	}
	return err
}
