package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory/linefile"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/replay"
)

// stafett is the complete platform, called over gRPC with mutual TLS.
type stafett struct {
	line    *client.Platform
	auditor *client.Platform
	stop    context.CancelFunc
	stopped chan error
}

func openStafett(ctx context.Context, data string) (*stafett, error) {
	folder := filepath.Join(data, "stafett")
	p, err := platform.Up(ctx, platform.Config{Data: folder, Lines: linefile.Example()})
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(context.Background())
	s := &stafett{stop: stop, stopped: make(chan error, 1)}
	go func() { s.stopped <- p.Run(running) }()
	if s.line, err = client.Connect(p.Addresses(), platform.Credentials(platform.IdentityFolder(folder), "line", "alarmtelefonen")); err != nil {
		return nil, err
	}
	s.auditor, err = client.Connect(p.Addresses(), platform.Credentials(platform.IdentityFolder(folder), "auditor", "auditor"))
	return s, err
}

func (s *stafett) close() {
	s.line.Close()
	s.auditor.Close()
	s.stop()
	<-s.stopped
}

func (s *stafett) open(ctx context.Context) (string, error) {
	recorded, err := s.line.Intake.OpenConversation(ctx, &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child",
	})
	return recorded.GetRecorded().GetName(), err
}

// perConversation is the number of commands sent to a conversation before the next one is
// opened: about as many as a handover takes.
const perConversation = 40

// caller returns a function that sends one command. Kind "open" opens a conversation;
// "assess" sets a conversation's risk, and occasionally opens the next.
func (s *stafett) caller(kind string) call {
	if kind == "open" {
		return func(ctx context.Context) error {
			_, err := s.open(ctx)
			return err
		}
	}
	var conversation string
	made := 0
	return func(ctx context.Context) (err error) {
		if made++; made%perConversation == 1 {
			conversation, err = s.open(ctx)
			return err
		}
		_, err = s.line.Triage.AssessRisk(ctx, &triagev1.AssessRiskRequest{
			RequestId: uuid.NewString(), Conversation: conversation, Level: handoverv1.RiskLevel(1 + made%5),
		})
		return err
	}
}

// read replays the first commits of the history.
func (s *stafett) read(ctx context.Context, count int) error {
	stream, err := s.auditor.Audit.ReplayCommits(ctx, &auditv1.ReplayCommitsRequest{UntilPosition: uint64(count), Purpose: replay.Exercise()})
	if err != nil {
		return err
	}
	for {
		if _, err := stream.Recv(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
