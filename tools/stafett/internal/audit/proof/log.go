package proof

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/verify/files"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/stafett/internal/audit/evidence"
	"github.com/stafett/stafett/tools/stafett/internal/audit/reader"
)

// provedLog is a log whose files are read: the history, or the access log.
type provedLog struct {
	reader.Reader
	accesses bool
}

// newProvedLog sets the default purpose of reading a log's files.
func newProvedLog() provedLog { return provedLog{Reader: reader.Reader{Purpose: "integrity"}} }

func (l *provedLog) flags(command *cobra.Command) {
	l.IdentityFlags(command)
	command.Flags().BoolVar(&l.accesses, "accesses", false, "use the access log (who read the history) instead of the history")
}

func (l *provedLog) log() auditv1.Log {
	if l.accesses {
		return auditv1.Log_LOG_ACCESSES
	}
	return auditv1.Log_LOG_HISTORY
}

// platform returns the log's files at a running platform.
func (l *provedLog) platform(ctx context.Context) (files.Server, error) {
	purpose, err := l.Stated()
	if err != nil {
		return files.Server{}, err
	}
	server, err := evidence.Platform(ctx, l.Target, l.As, l.log())
	server.Purpose = strings.TrimSpace(strings.TrimPrefix(purpose.Code.String(), reader.PurposePrefix) + " " + purpose.CaseReference)
	return server, err
}
