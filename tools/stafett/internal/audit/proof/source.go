package proof

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/check"
	"github.com/stafett/stafett/pkg/verify/files"
	"github.com/stafett/stafett/tools/stafett/internal/audit/evidence"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// source returns the source of the history.
func (v *verification) source(ctx context.Context, what what, folder string, policy *verify.Policy) (source check.Source, done func(), err error) {
	done = func() {}
	switch what {
	case aFolder:
		source, err = copiedHistory(folder)
	case aStream:
		return v.stream(policy)
	default:
		source, err = v.platform(ctx)
	}
	return source, done, err
}

// copiedHistory opens a folder that contains a history or a part of one.
func copiedHistory(path string) (files.Folder, error) {
	folder := files.Folder(path)
	if !folder.Has(verify.CheckpointPath) {
		return "", fmt.Errorf("%s has no file %s, so it holds no history to verify; copy one there with \"stafett audit tiles\"", path, verify.CheckpointPath)
	}
	return folder, nil
}

func (v *verification) stream(policy *verify.Policy) (check.Source, func(), error) {
	if v.checkpoint == "" {
		return nil, nil, cli.Usagef("--nats needs --checkpoint, with the checkpoint that the stream must match")
	}
	signed, err := kept("checkpoint", v.checkpoint, policy)
	if err != nil {
		return nil, nil, err
	}
	var options []nats.Option
	if v.natsCA != "" {
		options = append(options, nats.RootCAs(v.natsCA))
	}
	if v.natsCert != "" {
		options = append(options, nats.ClientCert(v.natsCert, v.natsKey))
	}
	nc, err := nats.Connect(v.nats, options...)
	if err != nil {
		return nil, nil, fmt.Errorf("NATS at %s: %w", v.nats, err)
	}
	return evidence.NewStream(nc, v.natsPrefix, v.log(), signed), nc.Close, nil
}
