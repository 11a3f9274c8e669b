package export

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// clocks is how far the clock of the machine that made an export may lag behind those of
// the services.
const clocks = 24 * time.Hour

// consistent refuses a manifest that contradicts itself.
func consistent(m Manifest) error {
	for _, contradicts := range []struct {
		itself bool
		about  string
	}{
		{len(m.Files) == 0, "it names no file"},
		{(m.Commits == 0) != (m.FirstPosition == 0) || m.FirstPosition > m.LastPosition || m.LastPosition > m.UntilPosition ||
			m.AfterPosition > m.UntilPosition || m.Commits > 0 && m.FirstPosition <= m.AfterPosition, "it says several things about the positions"},
		{m.Proved && (m.Checkpoint == "" || !m.has(JSONL)), "it has no checkpoint or no JSON lines, and says that they are proved"},
		{m.StartTime != nil && m.EndTime != nil && !m.StartTime.Before(*m.EndTime), "its time ends before it starts"},
		{m.EndTime != nil && m.EndTime.After(m.MakeTime.Add(clocks)), "its time ends after it was made"},
		{m.WithConversations && m.Line == "", "it has the conversations of a line and names none"},
		{m.Conversation != "" && m.Line != "" && !m.WithConversations, "it is of a conversation and of a line alone"},
	} {
		if contradicts.itself {
			return fmt.Errorf("the manifest contradicts itself: %s; do not use the export, and ask who made it", contradicts.about)
		}
	}
	return errors.Join(listed(m), kinds(m))
}

// listed refuses files that have an unknown format, carry another format's name, or are
// listed twice.
func listed(m Manifest) error {
	seen := map[Format]bool{}
	for _, file := range m.Files {
		if name, known := fileNames[file.Format]; !known || file.Name != name {
			return fmt.Errorf("the manifest calls %q a file of the format %q, and there is none such", file.Name, file.Format)
		}
		if seen[file.Format] {
			return fmt.Errorf("the manifest names %s twice", file.Name)
		}
		seen[file.Format] = true
	}
	return nil
}

// kinds refuses unknown kinds of events: they would excuse a gap.
func kinds(m Manifest) error {
	for _, kind := range m.EventTypes {
		if !slices.Contains(event.Kinds(), kind) {
			return fmt.Errorf("the manifest says that events %q were asked for, and no such kind exists", kind)
		}
	}
	return nil
}

// asked refuses a commit that does not match the request stated in the manifest.
func asked(m Manifest, stored *auditv1.StoredCommit) error {
	a, not := stored.Commit, ""
	at := a.RecordTime.AsTime()
	switch {
	case !about(m, a.Subject):
		not = fmt.Sprintf("about %q and %q, and this is about %s", m.Conversation, m.Line, a.Subject)
	case m.StartTime != nil && at.Before(*m.StartTime), m.EndTime != nil && !at.Before(*m.EndTime):
		not = "of another time than " + at.Format(time.RFC3339Nano)
	case at.After(m.MakeTime.Add(clocks)):
		not = fmt.Sprintf("made at %s, before this was recorded at %s", m.MakeTime.Format(time.RFC3339), at.Format(time.RFC3339))
	case len(m.EventTypes) > 0 && !slices.ContainsFunc(a.Events, func(e *eventv1.Event) bool { return slices.Contains(m.EventTypes, event.Name(e)) }):
		not = fmt.Sprintf("with events of %v, and this has none", m.EventTypes)
	default:
		return nil
	}
	return fmt.Errorf("position %d contradicts the manifest, which says that the export is %s", stored.Position, not)
}

// about reports whether a subject matches the request stated in the manifest. A single
// commit does not show whether a line was a party to a conversation.
func about(m Manifest, of string) bool {
	kind, id := subject(of)
	switch {
	case kind == "line":
		return m.Conversation == "" && (m.Line == "" || m.Line == handover.LineName(id))
	case m.Conversation != "":
		return m.Conversation == handover.ConversationName(id)
	}
	return m.Line == "" || m.WithConversations
}
