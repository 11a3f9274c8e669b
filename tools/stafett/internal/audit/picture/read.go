// Package picture draws the history as SVG, to be read on a screen, in print and in black
// and white: one conversation as a timeline, with lanes for the child and the lines, and
// an evening as a chart.
//
// A conversation is drawn from its states, one after each commit, so a new kind of event
// needs no change here. The picture has no content, because the history has none.
package picture

import (
	"fmt"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/i18n"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/internal/replay"
)

// milestone is an entry of the list below the picture.
type milestone struct {
	at   time.Time
	text string
}

// story is the drawable data of a conversation.
type story struct {
	language   i18n.Language
	name       string
	lanes      []string // "" is the child's
	instants   []time.Time
	custody    []*span
	present    []*span
	offers     []*span
	bridges    []*span
	milestones []milestone

	offer  map[string]*span
	states map[int]handoverv1.HandoverState
}

// read projects the commits of one conversation, from the first on.
func read(commits []*auditv1.StoredCommit, language i18n.Language) (*story, error) {
	s := &story{language: language, lanes: []string{""}, offer: map[string]*span{}, states: map[int]handoverv1.HandoverState{}}
	state := &handover.State{}
	for _, stored := range commits {
		if _, err := replay.Fold(state, []*auditv1.StoredCommit{stored}); err != nil {
			return nil, err
		}
		at := stored.Commit.RecordTime.AsTime()
		s.instants = append(s.instants, at)
		s.look(state.Conversation, at)
	}
	if len(s.instants) == 0 {
		return nil, fmt.Errorf("there is nothing to draw")
	}
	s.finish()
	return s, nil
}

// look records what has changed in a state.
func (s *story) look(c *statev1.Conversation, at time.Time) {
	if s.name == "" {
		s.name = c.Name
		s.told(at, say(s.language, "opened", c.EntryLine))
	}
	s.lookAtHandovers(c, at)
	s.lookAtCustody(c.Custody, at)
	for _, p := range c.Participants {
		if p.Role != handoverv1.Role_ROLE_CHILD {
			s.lane(p.Line)
		}
	}
	for _, lane := range s.lanes {
		s.present = toggle(s.present, lane, anybody(c, lane), at)
	}
	bridged := false
	if h := handover.Of(c).Current(); h.Exists() {
		bridged = h.State >= handoverv1.HandoverState_HANDOVER_STATE_BRIDGED && h.State <= handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED
	}
	s.bridges = toggle(s.bridges, "", bridged, at)
	if c.CloseTime != nil && c.CloseTime.AsTime().Equal(at) {
		s.told(at, say(s.language, "closed")+": "+strings.TrimPrefix(c.CloseReason.String(), "CLOSE_REASON_"))
	}
}

func (s *story) lookAtCustody(custody *statev1.Custody, at time.Time) {
	last := newest(s.custody, "*")
	if last != nil && last.epoch == custody.GetEpoch() && last.lane == custody.GetLine() {
		return
	}
	if last != nil {
		last.to, last.open = at, false
	}
	if custody.GetLine() == "" {
		return
	}
	s.lane(custody.Line)
	s.custody = append(s.custody, &span{lane: custody.Line, from: at, open: true, epoch: custody.Epoch})
	if last != nil {
		s.told(at, say(s.language, "custody", custody.Line, custody.Epoch))
	}
}

// lane adds a lane for a line, unless it has one.
func (s *story) lane(line string) {
	for _, lane := range s.lanes {
		if lane == line {
			return
		}
	}
	s.lanes = append(s.lanes, line)
}

func (s *story) told(at time.Time, text string) {
	s.milestones = append(s.milestones, milestone{at, text})
}

// finish ends whatever still continues at the end of the picture.
func (s *story) finish() {
	end := s.instants[len(s.instants)-1]
	for _, spans := range [][]*span{s.custody, s.present, s.offers, s.bridges} {
		for _, one := range spans {
			if one.open {
				one.to = end
			}
		}
	}
}
