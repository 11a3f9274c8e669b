package platform_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/apitest"
)

// TestAServiceRebuildsAFileThatIsDamagedWhileItRuns, and the others go on.
func TestAServiceRebuildsAFileThatIsDamagedWhileItRuns(t *testing.T) {
	for name, damage := range map[string]func(path string, size int64) error{
		"truncated": func(path string, _ int64) error { return os.Truncate(path, 8192) },
		"zeroed": func(path string, size int64) error {
			file, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer file.Close()
			_, err = file.WriteAt(make([]byte, size-8192), 8192)
			return err
		},
	} {
		for _, service := range []string{"intake", "triage", "routing"} {
			t.Run(fmt.Sprint(service, " ", name), func(t *testing.T) {
				w := apitest.NewWorld(t)
				conversation := w.Desk("sender").OpenConversation()
				path := filepath.Join(w.Data, service, "model.db")
				info, err := os.Stat(path)
				if err == nil {
					err = damage(path, info.Size())
				}
				if err != nil {
					t.Fatal(err)
				}
				goesOn(w, conversation)
				sender, _ := w.Ringing() // triage, routing and intake have a part in it
				goesOn(w, sender.OpenConversation())
			})
		}
	}
}

// goesOn joins a counsellor, with patience while a service starts again.
func goesOn(w *apitest.World, conversation string) {
	w.T.Helper()
	d := w.Desk("sender")
	for {
		_, err := d.Intake.JoinConversation(w.Ctx, &intakev1.JoinConversationRequest{
			RequestId: uuid.NewString(), Conversation: conversation, Participant: "other", Role: handoverv1.Role_ROLE_COUNSELLOR,
		})
		if err == nil {
			return
		}
		if w.Ctx.Err() != nil {
			w.T.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
