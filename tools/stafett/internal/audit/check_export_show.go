package audit

import (
	"fmt"
	"io"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/tools/stafett/internal/audit/export"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

// exportFound is the result of checking an export.
type exportFound struct {
	Folder    string          `json:"folder"`
	Manifest  export.Manifest `json:"manifest"`
	Faults    []string        `json:"faults"`
	Checked   []string        `json:"checked"`
	Unchecked []string        `json:"not_checked"`
}

// foundIn reports what was checked and what was not. If there is a fault, it reports only
// that.
func foundIn(folder string, checked export.Checked, trust export.Trust, fault error) exportFound {
	found := exportFound{Folder: folder, Manifest: checked.Manifest, Faults: []string{}, Checked: []string{}, Unchecked: []string{}}
	if fault != nil {
		found.Faults = strings.Split(fault.Error(), "\n")
		return found
	}
	found.history(checked, trust)
	found.files(checked)
	return found
}

func (f *exportFound) either(yes bool, what, not string) {
	if yes {
		f.Checked = append(f.Checked, what)
	} else {
		f.Unchecked = append(f.Unchecked, not)
	}
}

// history reports whether the commits come from a log.
func (f *exportFound) history(checked export.Checked, trust export.Trust) {
	proved, witnessed := checked.Proved != nil, trust.Policy != nil && trust.Policy.NeedsWitnesses()
	f.either(checked.Chained, "each commit has the hash of its bytes, and of the one before it where both are here",
		"whether the commits follow each other, because there are no JSON lines")
	f.either(proved, "each commit is where it says in the history that the checkpoint tells of"+name(checked),
		"whether the commits are a log's, and unchanged: nothing here proves it")
	f.either(proved && trust.Policy != nil, "that checkpoint is signed with the log's key", "whose history that is: give --log-key or --policy")
	f.either(proved && witnessed, "enough witnesses cosigned it", "whether others were shown another history: give a --policy that names witnesses")
	f.either(checked.Chained && trust.Services != nil, "each commit is signed by its service", "who appended: it needs --services and JSON lines")
	f.either(checked.Complete, "no commit is missing between the two positions", "whether these are all commits of the log that were asked for")
}

// files reports whether the files and the manifest agree.
func (f *exportFound) files(checked export.Checked) {
	m := checked.Manifest
	f.either(true, "the files are those of the manifest, whole, and no others", "")
	f.either(checked.Chained, "each commit is about what the manifest says was asked for",
		"whether the rows are about what was asked for, because there are no JSON lines")
	if len(m.Files) > 1 || !checked.Chained {
		f.either(checked.Compared, "the other files say what the JSON lines say",
			"whether CSV, Parquet and CloudEvents say what the JSON lines say: there are none, or another version of this program made them")
	}
	f.either(false, "", "who made the export, when and what for, which only its manifest says")
	if m.Line != "" && m.WithConversations {
		f.either(false, "", "whether the line was a party to the conversations")
	}
}

// name identifies the history.
func name(checked export.Checked) string {
	if checked.Proved == nil {
		return ""
	}
	return fmt.Sprintf(": %s, %d commits, root %s", checked.Proved.Origin, checked.Proved.Size, checked.Proved.Root)
}

func (f *exportFound) show(out io.Writer) error {
	if err := showManifest(out, f.Folder, f.Manifest); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, output.Plain(claimed(f.Manifest))); err != nil {
		return err
	}
	for _, line := range f.Checked {
		if _, err := fmt.Fprintln(out, "  checked:", output.Plain(line)); err != nil {
			return err
		}
	}
	for _, line := range f.Unchecked {
		if _, err := fmt.Fprintln(out, "  NOT CHECKED:", line); err != nil {
			return err
		}
	}
	return nil
}

// claimed returns what a manifest says about the request, its purpose and its time.
func claimed(m export.Manifest) string {
	reading := &eventv1.Reading{
		Conversation: m.Conversation, Line: m.Line, WithConversations: m.WithConversations, EventTypes: m.EventTypes,
		AfterPosition: m.AfterPosition, UntilPosition: m.UntilPosition, StartTime: asTimestamp(m.StartTime), EndTime: asTimestamp(m.EndTime),
	}
	what := asked(reading, time.UTC)
	return strings.TrimSpace(fmt.Sprintf("asked for: %s; made at %s for %s %s", what, m.MakeTime.Format(time.RFC3339), m.Purpose, m.CaseReference))
}

func asTimestamp(at *time.Time) *timestamppb.Timestamp {
	if at == nil {
		return nil
	}
	return timestamppb.New(*at)
}
