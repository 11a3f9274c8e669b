package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/verify/files"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/evidence"
)

// provedLog is a log whose files somebody reads: the history, or the record of
// reading.
type provedLog struct {
	reader
	accesses bool
}

// newProvedLog reads for the purpose that a log's files are for, unless told
// otherwise.
func newProvedLog() provedLog { return provedLog{reader: reader{purpose: "integrity"}} }

func (l *provedLog) flags(command *cobra.Command) {
	l.identityFlags(command)
	command.Flags().BoolVar(&l.accesses, "accesses", false, "the record of who read the history, instead of the history")
}

func (l *provedLog) log() auditv1.Log {
	if l.accesses {
		return auditv1.Log_LOG_ACCESSES
	}
	return auditv1.Log_LOG_HISTORY
}

// platform is the log's files at a running platform.
func (l *provedLog) platform(ctx context.Context) (files.Server, error) {
	purpose, err := l.stated()
	if err != nil {
		return files.Server{}, err
	}
	server, err := evidence.Platform(ctx, l.target, l.as, l.log())
	server.Purpose = strings.TrimSpace(strings.TrimPrefix(purpose.Code.String(), purposePrefix) + " " + purpose.CaseReference)
	return server, err
}
