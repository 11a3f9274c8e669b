// Package play plays stories, and shows them to people while they are played.
package play

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fatih/color"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/check"
	"github.com/stafett/stafett/tools/internal/story/play"
	"github.com/stafett/stafett/tools/stafett/internal/output"
	"github.com/stafett/stafett/tools/stafett/internal/timeline"
)

var (
	bold     = color.New(color.Bold)
	plain    = color.New()
	faint    = color.New(color.Faint)
	moved    = color.New(color.FgGreen, color.Bold)
	refusal  = color.New(color.FgYellow)
	failing  = color.New(color.FgRed, color.Bold)
	spoken   = color.New(color.FgCyan)
	bystride = "         " // as wide as a time and a blank
)

// readable is the longest line that is easy to read.
const readable = 100

// stage prints a story step by step.
type stage struct {
	out   io.Writer
	story *story.Story
	// pause after each step, so that people can follow.
	pause   time.Duration
	width   int // of a line
	custody string
}

// newStage makes a stage that stops for a moment after each step.
func newStage(out io.Writer, s *story.Story, pause time.Duration) *stage {
	width := readable
	if shown := output.Width(out); shown > 0 {
		width = min(width, max(shown, 2*len(bystride)))
	}
	return &stage{out: out, story: s, pause: pause, width: width}
}

// Open prints what the story shows.
func (s *stage) Open() {
	s.paragraph("", bold, s.story.Title)
	s.paragraph("", plain, s.story.Shows)
	s.paragraph("", plain, s.story.Clock.In(s.story.Zone).Format("Monday 2 January 2006, 15:04")+", with "+s.people())
	fmt.Fprintln(s.out)
}

func (s *stage) people() string {
	var all []string
	for _, p := range s.story.People {
		all = append(all, fmt.Sprintf("%s (%s, %s)", p.Name, p.Role, p.Line))
	}
	return strings.Join(all, ", ")
}

// Step prints a step and how things stand after it.
func (s *stage) Step(scene play.Scene) {
	s.paragraph(scene.Step.At.In(s.story.Zone).Format("15:04:05")+" ", plain, scene.Step.Sentence())
	if scene.Step.Says != "" {
		s.says(scene.Step)
	}
	for _, part := range scene.Opened {
		if part.Text == "" {
			s.note(faint, "the packet says: not yet")
			continue
		}
		s.note(spoken, "the packet says, as agreed with the child: «%s»", part.Text)
	}
	if scene.Refused != "" {
		s.note(refusal, "refused, %s: %s", scene.Refused, scene.Message)
	}
	s.happened(scene)
	s.responsible(scene)
	time.Sleep(s.pause)
}

func (s *stage) says(step story.Step) {
	s.note(spoken, "«%s»", strings.TrimSpace(step.Says))
	if step.English != "" {
		s.note(faint, "(%s)", strings.TrimSpace(step.English))
	}
}

// byItself are the events that nobody in a story asks for.
var byItself = map[string]bool{
	"HandoverRecommended": true, "RecommendationWithdrawn": true, "ConsentReminded": true, "HandoverHastened": true,
	"OfferSent": true, "OfferAlerted": true, "OfferTimedOut": true, "OfferUnreachable": true, "OfferWithdrawn": true,
	"HandoverPaused": true, "HandoverResumed": true, "HandoverAbandoned": true, "HandoverReturned": true,
	"BudgetSpent": true, "DeferralDue": true, "EmergencyOverdue": true, "OverlapExtended": true, "OutcomeOverdue": true,
	"CustodyAlerted": true, "SupervisorTold": true, "LegUnanswered": true,
}

// happened tells what the platform did by itself, and what it recommended.
func (s *stage) happened(scene play.Scene) {
	for _, e := range scene.Events {
		if byItself[event.Name(e)] {
			s.note(faint, "%s", timeline.Describe(e, scene.Step.At.In(s.story.Zone)))
		}
	}
}

// responsible tells when custody has begun, moved or ended.
func (s *stage) responsible(scene play.Scene) {
	if scene.Custody == nil {
		return
	}
	now := fmt.Sprintf("%s is responsible, epoch %d", scene.Custody.Line, scene.Custody.Epoch)
	if scene.Custody.Line == "" {
		now = "the conversation is closed, and with it custody"
	}
	if now != s.custody {
		s.note(moved, "%s", now)
		s.custody = now
	}
}

func (s *stage) note(paint *color.Color, format string, args ...any) {
	s.paragraph(bystride, paint, fmt.Sprintf(format, args...))
}

// paragraph prints a text in lines that fit, after what stands before the first of them.
func (s *stage) paragraph(before string, paint *color.Color, text string) {
	for _, line := range output.Wrap(strings.Join(strings.Fields(text), " "), s.width-len(before)) {
		fmt.Fprintln(s.out, faint.Sprint(before)+paint.Sprint(line))
		before = strings.Repeat(" ", len(before))
	}
}

// Close prints what the check found.
func (s *stage) Close(report check.Report) {
	fmt.Fprintln(s.out)
	for _, failure := range report.Failures {
		fmt.Fprintln(s.out, failing.Sprint("does not hold: ")+failure.Error())
	}
	for _, violation := range report.Invariants.Violations {
		fmt.Fprintln(s.out, failing.Sprint("violated: ")+violation.String())
	}
	for _, skipped := range report.Invariants.Skipped {
		fmt.Fprintln(s.out, "not checked:", skipped)
	}
	if report.Err() == nil {
		fmt.Fprintf(s.out, "%s %d commits replayed from the log; all %d expectations hold, and so do the invariants %s\n",
			moved.Sprint("holds:"), len(report.Commits), report.Expectations, strings.Join(report.Invariants.Checked, " "))
	}
	fmt.Fprintf(s.out, "%s %s\n\n", faint.Sprint("conversation:"), report.Conversation)
}
