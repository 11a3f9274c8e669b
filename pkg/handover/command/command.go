package command

import (
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
)

// Decide returns what a command does, or a *refusal.Error. It does not change the
// state.
func Decide(s *handover.State, c decide.Command, now time.Time, r handover.Rules) (decide.Decision, error) {
	return decide.Begin(s, DefinitionFor(c).Permission, AllowedIn, now, r).Decide(c)
}
